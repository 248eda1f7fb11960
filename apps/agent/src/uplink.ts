// Takes alerts from the spool to the server: in order, one batch under way, removed only after the server says durable.
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH_MAX_BYTES, type Batch } from '@guardcell/contract';
import { errorFacts, type Logger } from '@guardcell/kit';
import type { Spool } from '@guardcell/spool';
import { batchText, type ServerLink } from './server-link.ts';

const BATCH_ALERTS = 500;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5000;

export interface Uplink {
  /** Something was spooled. */
  wake(): void;
  /** Resolves when the loop has ended; what was not sent stays in the spool. */
  stop(): Promise<void>;
}

/** Runs until stopped; a server that is away or full only delays. */
export function startUplink(spool: Spool, link: ServerLink, logger: Logger): Uplink {
  const stopped = new AbortController();
  let wakeUp: () => void = () => undefined;
  let retryMs = RETRY_MIN_MS;

  async function sendNext(): Promise<boolean> {
    const entries = spool.read(spool.stats().ackedSeq + 1, BATCH_ALERTS, BATCH_MAX_BYTES / 2);
    const gaps: Batch['gaps'] = spool.pendingGaps().map((gap) => ({ ...gap, sensor: spool.sensor }));
    const first = entries[0];
    const last = entries.at(-1);
    if (first === undefined && gaps.length === 0) return false;
    const firstSeq = first?.seq ?? spool.stats().lastSeq + 1;
    const text = batchText(
      firstSeq,
      entries.map((entry) => entry.payload),
      gaps,
    );
    const reply = await link.sendBatch(spool.sensor, spool.epoch, text);
    if (last !== undefined && reply.ack < last.seq) {
      await sleep(Math.min(Math.max(reply.retryAfterMs, RETRY_MIN_MS), RETRY_MAX_MS), undefined, {
        signal: stopped.signal,
      });
      return true;
    }
    if (last !== undefined) spool.ack(last.seq);
    spool.ackGaps(gaps.length);
    retryMs = RETRY_MIN_MS;
    return true;
  }

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      const woken = new Promise<void>((done) => {
        wakeUp = done;
      });
      try {
        if (await sendNext()) continue;
        await woken;
      } catch (thrown) {
        if (stopped.signal.aborted) return;
        logger.warn('alerts wait in the spool: the server does not take them', {
          ...errorFacts(thrown),
          retryMs,
        });
        await sleep(retryMs, undefined, { signal: stopped.signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
    }
  }

  const ended = loop();
  return {
    wake: () => wakeUp(),
    async stop() {
      stopped.abort();
      wakeUp();
      await ended;
    },
  };
}
