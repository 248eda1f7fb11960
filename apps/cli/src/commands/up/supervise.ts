// Keeps one child process alive: starts it, hears what it says, starts it again when it dies, stops it in time.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Logger } from '@guardcell/kit';

const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 5000;
/** A child that lived this long has started well: the next restart is quick again. */
const HEALTHY_MS = 10_000;
const KILL_AFTER_MS = 4000;

export interface ChildSpec {
  readonly name: string;
  /** Entry file, run on this Node. */
  readonly entry: string;
  /** Flags of Node for this process. */
  readonly nodeArgs: readonly string[];
  env(): Readonly<Record<string, string>>;
  /** Every IPC message of every incarnation. */
  onMessage(message: unknown): void;
}

export interface Supervised {
  readonly pid: () => number | undefined;
  stop(): Promise<void>;
}

export function supervise(spec: ChildSpec, logger: Logger): Supervised {
  let child: ChildProcess | undefined;
  let stopping = false;
  let backoffMs = BACKOFF_MIN_MS;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    const startedMs = Date.now();
    const current = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', ...spec.nodeArgs, spec.entry],
      {
        // stdout belongs to the supervisor's one `ready` line; IPC so that children notice its death.
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: { ...process.env, ...spec.env() },
      },
    );
    child = current;
    current.on('message', (message) => spec.onMessage(message));
    current.on('error', (error) =>
      logger.error('a process cannot be started', { process: spec.name, error: error.message }),
    );
    current.on('exit', (code, signal) => {
      child = undefined;
      if (stopping) return;
      if (Date.now() - startedMs > HEALTHY_MS) backoffMs = BACKOFF_MIN_MS;
      logger.warn('a process ended and is started again', {
        process: spec.name,
        code,
        signal,
        inMs: backoffMs,
      });
      timer = setTimeout(start, backoffMs);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
    });
  }

  start();
  return {
    pid: () => child?.pid,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const current = child;
      if (current === undefined) return;
      const ended = new Promise<void>((done) => current.once('exit', () => done()));
      current.kill('SIGTERM');
      const killer = setTimeout(() => current.kill('SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(killer);
    },
  };
}
