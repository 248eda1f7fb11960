// What is stored of each sensor's stream: how far it is contiguous, and how it goes on after a hole.
import type { EventStore } from '@guardcell/store';

export interface StreamLedger {
  /** Every alert up to and including this seq is durable or declared lost. */
  ack(sensor: string, epoch: number): Promise<number>;
  /**
   * Alerts `firstSeq`…`lastSeq` are durable. Returns how many seqs just before them will never come: a sensor sends
   * in order with one batch under way, so what it skips it has lost (and says so with a gap record).
   */
  stored(sensor: string, epoch: number, firstSeq: number, lastSeq: number): number;
}

const MAX_STREAMS = 1000;

export function createStreamLedger(events: Pick<EventStore, 'highestContiguousSeq'>): StreamLedger {
  const acks = new Map<string, number>();
  const key = (sensor: string, epoch: number): string => `${epoch} ${sensor}`;

  return {
    async ack(sensor, epoch) {
      const known = acks.get(key(sensor, epoch));
      if (known !== undefined) return known;
      const stored = await events.highestContiguousSeq(sensor, epoch);
      if (acks.size >= MAX_STREAMS) acks.delete(acks.keys().next().value ?? '');
      acks.set(key(sensor, epoch), stored);
      return stored;
    },
    stored(sensor, epoch, firstSeq, lastSeq) {
      const before = acks.get(key(sensor, epoch)) ?? 0;
      acks.set(key(sensor, epoch), Math.max(before, lastSeq));
      return Math.max(0, firstSeq - before - 1);
    },
  };
}
