// Takes batches of audit events one after the other through the worker, and their alerts into the store.
import { Worker } from 'node:worker_threads';
import type { DesiredPolicy } from '@guardcell/core';
import { errorFacts, type Logger } from '@guardcell/kit';
import type { AuditAlert } from '@guardcell/rules';
import type { BatchCounts, BatchForm, FromAuditWorker, ToAuditWorker } from './worker-messages.ts';

/** `stored`: every alert is durable. `full`, `busy`: send it again later. `refused`: it broke the evaluation. */
export type BatchResult =
  | { readonly state: 'stored'; readonly counts: BatchCounts }
  | { readonly state: 'full' | 'busy' | 'refused' | 'stopping' };

export interface AuditBatch {
  readonly form: BatchForm;
  readonly bytes: Uint8Array;
  /** Makes alerts durable; called in order. False: not now. */
  readonly store: (alerts: readonly AuditAlert[]) => Promise<boolean>;
}

export interface AuditCounters {
  batches: number;
  events: number;
  alerts: number;
  duplicates: number;
  ignored: number;
  unreadable: number;
  /** Batches that were sent away because too much was waiting, or the store could not take alerts. */
  deferred: number;
  /** Batches whose evaluation failed; they are given up. */
  failed: number;
}

export interface AuditEvaluator {
  /** Never throws. */
  submit(batch: AuditBatch): Promise<BatchResult>;
  setPolicy(policy: DesiredPolicy): void;
  readonly counters: Readonly<AuditCounters>;
  /** Bytes that wait or are evaluated. */
  waitingBytes(): number;
  stop(): Promise<void>;
}

const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_WAITING_BATCHES = 256;
const BATCH_TIMEOUT_MS = 60_000;
const HEAP_MB = 768;

interface Job {
  readonly batch: AuditBatch;
  readonly done: (result: BatchResult) => void;
}

interface Current {
  readonly id: number;
  readonly job: Job;
  stored: boolean;
  timer: NodeJS.Timeout | undefined;
}

export function createAuditEvaluator(logger: Logger): AuditEvaluator {
  const counters: AuditCounters = {
    batches: 0,
    events: 0,
    alerts: 0,
    duplicates: 0,
    ignored: 0,
    unreadable: 0,
    deferred: 0,
    failed: 0,
  };
  const waiting: Job[] = [];
  let bytes = 0;
  let worker: Worker | undefined;
  let policy: DesiredPolicy | undefined;
  let current: Current | undefined;
  let lastId = 0;
  let stopped = false;

  function send(message: ToAuditWorker): void {
    worker?.postMessage(message);
  }

  function finish(result: BatchResult): void {
    if (current === undefined) return;
    const { job, timer } = current;
    clearTimeout(timer);
    current = undefined;
    bytes -= job.batch.bytes.length;
    if (result.state === 'busy') counters.deferred += 1;
    if (result.state === 'refused') counters.failed += 1;
    job.done(result);
    next();
  }

  async function store(id: number, alerts: readonly AuditAlert[]): Promise<void> {
    const at = current;
    if (at === undefined || at.id !== id) return;
    let ok = false;
    try {
      ok = await at.job.batch.store(alerts);
    } catch (thrown) {
      logger.error('alerts from audit events cannot be stored', { ...errorFacts(thrown) });
    }
    if (!ok) at.stored = false;
    send({ kind: 'stored', id, ok });
  }

  function receive(message: FromAuditWorker): void {
    switch (message.kind) {
      case 'rules':
        logger.info('audit rules are in force', { enabled: message.enabled, errors: message.errors });
        return;
      case 'alerts':
        void store(message.id, message.alerts);
        return;
      case 'done': {
        if (current?.id !== message.id) return;
        const { counts } = message;
        counters.batches += 1;
        counters.events += counts.events;
        counters.alerts += counts.alerts;
        counters.duplicates += counts.duplicates;
        counters.ignored += counts.ignored;
        counters.unreadable += counts.unreadable;
        finish(current.stored ? { state: 'stored', counts } : { state: 'busy' });
        return;
      }
    }
  }

  /** What it remembered is lost with it: an event that is sent again then makes its alert again. */
  function lost(why: string, thrown?: unknown): void {
    if (worker === undefined) return;
    logger.error('the evaluation of audit events failed; its batch is given up', {
      why,
      ...(thrown !== undefined && errorFacts(thrown)),
    });
    const dead = worker;
    worker = undefined;
    dead.removeAllListeners();
    dead.on('error', () => undefined);
    void dead.terminate();
    finish({ state: 'refused' });
  }

  /** Only whoever has a cluster pays for the thread. */
  function ensureWorker(): void {
    if (worker !== undefined) return;
    const made = new Worker(new URL('./audit.worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      name: 'k8s-audit',
    });
    worker = made;
    made.on('message', (message: FromAuditWorker) => {
      if (worker === made) receive(message);
    });
    made.once('error', (thrown) => {
      if (worker === made) lost('error', thrown);
    });
    made.once('exit', () => {
      if (worker === made) lost('exit');
    });
    made.unref();
    if (policy !== undefined) sendPolicy(policy);
  }

  function sendPolicy({ ruleFiles, disabledRules }: DesiredPolicy): void {
    send({ kind: 'policy', files: ruleFiles, disabled: disabledRules });
  }

  function next(): void {
    const job = current === undefined && !stopped ? waiting.shift() : undefined;
    if (job === undefined) return;
    ensureWorker();
    lastId += 1;
    const timer = setTimeout(() => lost('timeout'), BATCH_TIMEOUT_MS).unref();
    current = { id: lastId, job, stored: true, timer };
    send({ kind: 'batch', id: lastId, form: job.batch.form, bytes: job.batch.bytes });
  }

  return {
    counters,
    waitingBytes: () => bytes,
    setPolicy(given) {
      if (given.revision === policy?.revision) return;
      policy = given;
      if (worker !== undefined) sendPolicy(given);
    },
    submit(batch) {
      if (stopped) return Promise.resolve({ state: 'stopping' });
      const size = batch.bytes.length;
      if (bytes > 0 && (bytes + size > MAX_WAITING_BYTES || waiting.length >= MAX_WAITING_BATCHES)) {
        counters.deferred += 1;
        return Promise.resolve({ state: 'full' });
      }
      bytes += size;
      return new Promise((done) => {
        waiting.push({ batch, done });
        next();
      });
    },
    async stop() {
      stopped = true;
      for (const { done } of waiting.splice(0)) done({ state: 'stopping' });
      const dying = worker;
      worker = undefined;
      finish({ state: 'stopping' });
      await dying?.terminate();
    },
  };
}
