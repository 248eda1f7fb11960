// Has rule files read by a short-lived thread, within bounds on time and memory, one load after the other.
import { Worker } from 'node:worker_threads';
import type { TrialCommand } from '@guardcell/contract';
import type { DesiredPolicy, RulesReport } from '@guardcell/core';
import { errorFacts } from '@guardcell/kit';

/** Live objects while files are read; what the official and the built-in rules need many times over. */
const HEAP_MAX_MB = 96;
const YOUNG_GENERATION_MB = 8;
const TIMEOUT_MS = 30_000;
/** What the sensor worker takes over and keeps. */
export const RESULT_MAX_BYTES: number = 12 * 1024 * 1024;
/** Longest that the rules for one event type may keep the sensor worker from its ring, CPU time. */
export const STALL_MAX_MS = 400;

export type LoaderTask =
  | { readonly kind: 'policy'; readonly policy: DesiredPolicy }
  | { readonly kind: 'trial'; readonly policy: DesiredPolicy; readonly command: TrialCommand };

export type LoaderAnswer =
  /** `bytes`: serialized `PreparedRules`. */
  | { readonly ok: true; readonly bytes: SharedArrayBuffer; readonly report: RulesReport }
  | { readonly ok: false; readonly why: string };

export interface RuleLoader {
  /** Never rejects: what goes wrong is an answer. */
  load(task: LoaderTask): Promise<LoaderAnswer>;
  /** Ends what is under way; its answer says so. */
  close(): void;
}

interface Bounds {
  readonly timeoutMs: number;
  readonly heapMb: number;
}

function runInWorker(task: LoaderTask, bounds: Bounds, signal: AbortSignal): Promise<LoaderAnswer> {
  return new Promise((done) => {
    const worker = new Worker(new URL('./rules.worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits: {
        maxOldGenerationSizeMb: bounds.heapMb,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
      name: 'rules',
    });
    let answer: LoaderAnswer = { ok: false, why: 'the thread that reads them ended early' };
    const stop = (why: string): void => {
      answer = { ok: false, why };
      void worker.terminate();
    };
    const timer = setTimeout(
      () => stop(`reading them takes longer than ${bounds.timeoutMs} ms`),
      bounds.timeoutMs,
    );
    const abort = (): void => stop('the agent stops');
    signal.addEventListener('abort', abort, { once: true });
    worker.once('message', (message: LoaderAnswer) => {
      answer = message;
    });
    worker.once('error', (error: unknown) => {
      const { code, message } = errorFacts(error);
      const isMemory = code === 'ERR_WORKER_OUT_OF_MEMORY';
      answer = {
        ok: false,
        why: isMemory ? `reading them takes more than ${bounds.heapMb} MiB of memory` : message,
      };
    });
    // Only when the thread is gone, so that two never take memory at the same time.
    worker.once('exit', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      done(answer);
    });
  });
}

export function createRuleLoader(bounds: Partial<Bounds> = {}): RuleLoader {
  const { timeoutMs = TIMEOUT_MS, heapMb = HEAP_MAX_MB } = bounds;
  const closed = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  return {
    load(task) {
      const mine = last.then(() =>
        closed.signal.aborted
          ? ({ ok: false, why: 'the agent stops' } as const)
          : runInWorker(task, { timeoutMs, heapMb }, closed.signal),
      );
      last = mine;
      return mine;
    },
    close: () => closed.abort(),
  };
}
