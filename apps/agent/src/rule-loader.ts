// Has rule files read by a short-lived process, within bounds on time and memory, one load after the other. A thread would
// not do: memory that it took stays with the process, and where it runs out of it badly, it takes the process along.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TrialCommand } from '@guardcell/contract';
import type { DesiredPolicy, RulesReport } from '@guardcell/core';

/** Live objects while files are read; what the official and the built-in rules need many times over. */
const HEAP_MAX_MB = 128;
const TIMEOUT_MS = 30_000;
/** What the sensor worker takes over and keeps. */
export const RESULT_MAX_BYTES: number = 12 * 1024 * 1024;
/** Longest that the rules for one event type may keep the sensor worker from its ring, CPU time. */
export const STALL_MAX_MS = 400;

export type LoaderTask =
  | { readonly kind: 'policy'; readonly policy: DesiredPolicy }
  | { readonly kind: 'trial'; readonly policy: DesiredPolicy; readonly command: TrialCommand };

/** What the process sends. */
export type LoaderReply =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly report: RulesReport }
  | { readonly ok: false; readonly why: string };

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

const PROCESS = fileURLToPath(new URL('./rules.process.ts', import.meta.url));

interface Bounds {
  readonly timeoutMs: number;
  readonly heapMb: number;
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function runInProcess(task: LoaderTask, bounds: Bounds, signal: AbortSignal): Promise<LoaderAnswer> {
  return new Promise((done) => {
    const child = fork(PROCESS, {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${bounds.heapMb}`],
      // Out of memory it writes pages of figures.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let answer: LoaderAnswer | undefined;
    const stop = (why: string): void => {
      answer ??= { ok: false, why };
      child.kill('SIGKILL');
    };
    const timer = setTimeout(
      () => stop(`reading them takes longer than ${bounds.timeoutMs} ms`),
      bounds.timeoutMs,
    );
    const abort = (): void => stop('the agent stops');
    signal.addEventListener('abort', abort, { once: true });
    child.once('message', (reply: LoaderReply) => {
      answer ??= reply.ok ? { ...reply, bytes: shared(reply.bytes) } : reply;
    });
    child.once('error', (error) => stop(`the process that reads them: ${error.message}`));
    // Only when the process is gone, so that two never take memory at the same time.
    child.once('close', (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      const isMemory = killedBy === 'SIGABRT' || code === 134;
      const why = isMemory
        ? `reading them takes more than ${bounds.heapMb} MiB of memory`
        : `the process that reads them ended early (${killedBy ?? code})`;
      done(answer ?? { ok: false, why });
    });
    child.send(task, (error) => {
      if (error !== null) stop(`the process that reads them: ${error.message}`);
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
          : runInProcess(task, { timeoutMs, heapMb }, closed.signal),
      );
      last = mine;
      return mine;
    },
    close: () => closed.abort(),
  };
}
