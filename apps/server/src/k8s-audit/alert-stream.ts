// One input of audit events as a stream of alerts: gives each its place, so that ingest stores it once and in order.
import { type Alert, alertId, type CoverageGap } from '@guardcell/core';
import type { AuditAlert } from '@guardcell/rules';
import type { Ingest } from '../ingest/ingest.ts';

export interface AlertStream {
  readonly sensor: string;
  /** Place of the next alert. */
  nextSeq(): number;
  /** Resolves with whether the alerts are durable; false: nothing was taken, try again. */
  store(alerts: readonly AuditAlert[]): Promise<boolean>;
  /** A time of which events were lost; -1 when nobody knows how many. */
  gap(fromMs: number, toMs: number, reason: string, lost: number): Promise<void>;
}

/** Alerts `firstSeq`, `firstSeq`+1, … of the sensor in this epoch. */
export function createAlertStream(
  ingest: Ingest,
  sensor: string,
  epoch: number,
  firstSeq: number,
): AlertStream {
  let seq = firstSeq;
  async function submit(alerts: readonly Alert[], gaps: readonly CoverageGap[]): Promise<boolean> {
    const reply = await ingest.submit(sensor, epoch, { firstSeq: seq, alerts, gaps: [...gaps] });
    return reply.status === 200;
  }
  return {
    sensor,
    nextSeq: () => seq,
    async store(alerts) {
      const placed = alerts.map((alert, at) => ({ ...alert, id: alertId({ sensor, epoch, seq: seq + at }) }));
      const ok = await submit(placed, []);
      if (ok) seq += placed.length;
      return ok;
    },
    async gap(fromMs, toMs, reason, lost) {
      const from = new Date(fromMs).toISOString();
      await submit([], [{ sensor, from, to: new Date(toMs).toISOString(), reason, lost }]);
    },
  };
}
