// Loads rule files for listing, checking and trying, in a short-lived worker thread with bounds on time, memory and number.
import { Worker } from 'node:worker_threads';
import type { Alert, RuleFile, RuleLoadProblem } from '@guardcell/core';
import { ApiError } from '../errors.ts';
import type { LibraryRule } from './library-rule.ts';
import type { AlertTrial } from './try-on-alerts.ts';

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface LoadedRules {
  readonly rules: readonly LibraryRule[];
  readonly problems: readonly RuleLoadProblem[];
  readonly macros: readonly NamedText[];
  readonly lists: readonly NamedText[];
}

export const NO_RULES: LoadedRules = { rules: [], problems: [], macros: [], lists: [] };

export type WorkerTask =
  | { readonly kind: 'load'; readonly files: readonly RuleFile[] }
  | {
      readonly kind: 'try';
      readonly files: readonly RuleFile[];
      /** Only the rules of this file are tried. */
      readonly name: string;
      readonly alerts: readonly Alert[];
    };

export interface RuleLoader {
  /** @throws ApiError GC_RATE_LIMITED when too many loads wait, GC_INTERNAL when the files take too long or too much. */
  load(files: readonly RuleFile[]): Promise<LoadedRules>;
  /** Evaluates the rules of the file `name` on the events of alerts. @throws as `load`. */
  tryRules(files: readonly RuleFile[], name: string, alerts: readonly Alert[]): Promise<AlertTrial>;
}

const TIMEOUT_MS = 30_000;
const MAX_HEAP_MB = 512;
const MAX_WAITING = 8;

function runInWorker<Answer>(task: WorkerTask): Promise<Answer> {
  return new Promise((done, fail) => {
    const worker = new Worker(new URL('./rules.worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      name: 'rules',
    });
    function end(why: string, cause?: unknown): void {
      clearTimeout(timer);
      fail(new ApiError('GC_INTERNAL', `the rule files could not be loaded: ${why}`, { cause }));
      void worker.terminate();
    }
    const timer = setTimeout(() => end('it took too long'), TIMEOUT_MS);
    worker.once('message', (answer: Answer) => {
      clearTimeout(timer);
      done(answer);
    });
    worker.once('error', (error) => end('the loader failed', error));
    worker.once('exit', () => end('the loader ended early'));
    worker.unref();
  });
}

export function createRuleLoader(): RuleLoader {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function queued<Answer>(task: WorkerTask): Promise<Answer> {
    if (waiting >= MAX_WAITING) {
      throw new ApiError('GC_RATE_LIMITED', 'too many rule files are being checked', {
        retryAfterSeconds: 2,
      });
    }
    waiting++;
    const mine = last.then(() => runInWorker<Answer>(task));
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      waiting--;
    }
  }

  return {
    load: (files) =>
      files.length === 0 ? Promise.resolve(NO_RULES) : queued<LoadedRules>({ kind: 'load', files }),
    tryRules: (files, name, alerts) => queued<AlertTrial>({ kind: 'try', files, name, alerts }),
  };
}
