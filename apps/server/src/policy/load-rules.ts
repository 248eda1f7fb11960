// Loads rule files for listing and checking, in a short-lived worker thread with bounds on time, memory and number.
import { Worker } from 'node:worker_threads';
import type { RuleView } from '@guardcell/contract';
import type { RuleFile, RuleLoadProblem } from '@guardcell/core';
import { ApiError } from '../errors.ts';

/** A rule without what changes from hour to hour; `enabled` as its file says. */
export type LibraryRule = Omit<RuleView, 'alerts24h'>;

export interface LoadedRules {
  readonly rules: readonly LibraryRule[];
  readonly problems: readonly RuleLoadProblem[];
}

export interface RuleLoader {
  /** @throws ApiError GC_RATE_LIMITED when too many loads wait, GC_INTERNAL when the files take too long or too much. */
  load(files: readonly RuleFile[]): Promise<LoadedRules>;
}

const TIMEOUT_MS = 30_000;
const MAX_HEAP_MB = 512;
const MAX_WAITING = 8;

function loadInWorker(files: readonly RuleFile[]): Promise<LoadedRules> {
  return new Promise((done, fail) => {
    const worker = new Worker(new URL('./rules.worker.ts', import.meta.url), {
      workerData: { files },
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      name: 'rules',
    });
    function end(why: string, cause?: unknown): void {
      clearTimeout(timer);
      fail(new ApiError('GC_INTERNAL', `the rule files could not be loaded: ${why}`, { cause }));
      void worker.terminate();
    }
    const timer = setTimeout(() => end('it took too long'), TIMEOUT_MS);
    worker.once('message', (loaded: LoadedRules) => {
      clearTimeout(timer);
      done(loaded);
    });
    worker.once('error', (error) => end('the loader failed', error));
    worker.once('exit', () => end('the loader ended early'));
    worker.unref();
  });
}

export function createRuleLoader(): RuleLoader {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    async load(files) {
      if (files.length === 0) return { rules: [], problems: [] };
      if (waiting >= MAX_WAITING) {
        throw new ApiError('GC_RATE_LIMITED', 'too many rule files are being checked', {
          retryAfterSeconds: 2,
        });
      }
      waiting++;
      const mine = last.then(() => loadInWorker(files));
      last = mine.catch(() => undefined);
      try {
        return await mine;
      } finally {
        waiting--;
      }
    },
  };
}
