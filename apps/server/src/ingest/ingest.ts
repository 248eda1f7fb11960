// Takes batches of alerts from agents into the store: acknowledged only when durable, published in the order of storing.
import { AlertSchema, type Batch, type BatchAck } from '@guardcell/contract';
import { type Alert, alertId, type CoverageGap } from '@guardcell/core';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { AppendItem, EventStore, StoredAlert } from '@guardcell/store';
import { Compile } from 'typebox/compile';
import type { StreamLedger } from './stream-ledger.ts';

/** A batch whose envelope is checked; its alerts are not. */
export interface RawBatch {
  readonly firstSeq: number;
  readonly alerts: readonly unknown[];
  readonly gaps: Batch['gaps'];
}

export interface IngestCounters {
  batches: number;
  accepted: number;
  duplicate: number;
  invalid: number;
  holes: number;
  refused: number;
}

export interface IngestReply extends BatchAck {
  /** 503 while the store cannot take more: send it again after `retryAfterMs`. */
  readonly status: 200 | 503;
  readonly code: string;
}

export interface Ingest {
  /** One batch of one stream. Never throws for a store that is full or broken: that is an answer. */
  submit(sensor: string, epoch: number, batch: RawBatch): Promise<IngestReply>;
  readonly counters: Readonly<IngestCounters>;
  /** Resolves when everything under way is answered. */
  idle(): Promise<void>;
}

export interface IngestDeps {
  readonly events: EventStore;
  readonly ledger: StreamLedger;
  /** New alerts, durable, in order. */
  readonly onStored: (stored: readonly StoredAlert[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RETRY_FULL_MS = 2000;
const RETRY_ERROR_MS = 1000;
/** Waiting batches are stored together, up to this many alerts, so that a burst costs few disk syncs. */
const GROUP_ALERTS = 4000;

/** First moment of the year 10000. */
const END_OF_TIME_MS = 253_402_300_800_000;

const checkAlert = Compile(AlertSchema);

interface Waiting {
  readonly items: readonly AppendItem[];
  readonly gaps: readonly CoverageGap[];
  readonly done: (failure: unknown) => void;
}

export function createIngest(deps: IngestDeps): Ingest {
  const { events, ledger, onStored, clock, logger } = deps;
  const counters: IngestCounters = {
    batches: 0,
    accepted: 0,
    duplicate: 0,
    invalid: 0,
    holes: 0,
    refused: 0,
  };
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  async function storeGroup(group: readonly Waiting[]): Promise<void> {
    const items = group.flatMap((each) => each.items);
    if (items.length > 0) {
      const { accepted, duplicate, positions } = await events.append(items);
      counters.accepted += accepted;
      counters.duplicate += duplicate;
      const stored: StoredAlert[] = [];
      for (const [at, item] of items.entries()) {
        const position = positions[at] ?? 0;
        if (position > 0) stored.push({ position, alert: item.alert });
      }
      stored.sort((a, b) => a.position - b.position);
      if (stored.length > 0) onStored(stored);
    }
    const gaps = group.flatMap((each) => each.gaps);
    if (gaps.length > 0) await events.appendGaps(gaps);
  }

  function nextGroup(): Waiting[] {
    let size = 0;
    let end = 0;
    for (const each of waiting) {
      size += each.items.length;
      if (end > 0 && size > GROUP_ALERTS) break;
      end++;
    }
    const group = waiting.slice(0, end);
    waiting = waiting.slice(end);
    return group;
  }

  // One append at a time: what is published is then always in the order of positions.
  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = nextGroup();
      const failure = await storeGroup(group).then(
        () => undefined,
        (thrown: unknown) => thrown ?? new Error('the store failed'),
      );
      for (const each of group) each.done(failure);
    }
    running = undefined;
  }

  function store(items: readonly AppendItem[], gaps: readonly CoverageGap[]): Promise<unknown> {
    return new Promise((done) => {
      waiting.push({ items, gaps, done });
      running ??= run();
    });
  }

  /** Alerts that are not what they should be can never be stored; they are counted and shown as a gap. */
  function sorted(sensor: string, epoch: number, batch: RawBatch): { items: AppendItem[]; invalid: number } {
    const items: AppendItem[] = [];
    let invalid = 0;
    for (const [at, alert] of batch.alerts.entries()) {
      const seq = batch.firstSeq + at;
      const wellFormed = checkAlert.Check(alert) && alert.id === alertId({ sensor, epoch, seq });
      const timeMs = wellFormed ? Date.parse(alert.time) : Number.NaN;
      if (timeMs >= 0 && timeMs < END_OF_TIME_MS) {
        items.push({ sensor, epoch, seq, alert: alert as Alert });
      } else {
        invalid++;
      }
    }
    return { items, invalid };
  }

  function invalidGap(sensor: string, lost: number): CoverageGap {
    const at = new Date(clock.nowMs()).toISOString();
    return { sensor, from: at, to: at, reason: 'invalid-alert', lost };
  }

  function refusal(failure: unknown, ack: number): IngestReply {
    counters.refused++;
    const { code, message } = errorFacts(failure);
    logger.warn('alerts cannot be stored now; agents keep them', { code, error: message });
    const retryAfterMs = code === 'GC_STORE_FULL' ? RETRY_FULL_MS : RETRY_ERROR_MS;
    return { status: 503, code, ack, retryAfterMs };
  }

  return {
    counters,
    async submit(sensor, epoch, batch) {
      counters.batches++;
      let before = 0;
      try {
        before = await ledger.ack(sensor, epoch);
      } catch (thrown) {
        return refusal(thrown, 0);
      }
      const { items, invalid } = sorted(sensor, epoch, batch);
      const fresh = items.filter((item) => item.seq > before);
      counters.duplicate += items.length - fresh.length;
      const gaps = invalid === 0 ? batch.gaps : [...batch.gaps, invalidGap(sensor, invalid)];
      const failure = fresh.length === 0 && gaps.length === 0 ? undefined : await store(fresh, gaps);
      if (failure !== undefined) return refusal(failure, before);
      if (invalid > 0) {
        counters.invalid += invalid;
        logger.warn('an agent sent alerts that are not valid', { sensor, epoch, invalid });
      }
      if (batch.alerts.length > 0) {
        const lastSeq = batch.firstSeq + batch.alerts.length - 1;
        const hole = ledger.stored(sensor, epoch, batch.firstSeq, lastSeq);
        counters.holes += hole;
        if (hole > 0) logger.warn('a sensor skipped part of its stream', { sensor, epoch, missing: hole });
      }
      return { status: 200, code: '', ack: await ledger.ack(sensor, epoch), retryAfterMs: 0 };
    },
    async idle() {
      for (let work = running; work !== undefined; work = running) await work;
    },
  };
}
