// A process beside the server for work that takes long or much: started when there is work, at low priority, with a
// bound on its memory, and ended when it has had nothing to do for a while. When it dies only its own work fails.
import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CodedError, type Logger } from '@guardcell/kit';
import type { FromHelper, ToHelper } from './protocol.ts';
import type { HelperWork, WorkName } from './work-types.ts';

export interface HelperOptions {
  /** For logs. */
  readonly name: string;
  /** Bound of its heap, MiB. */
  readonly heapMb: number;
  /** How long it waits for more work. */
  readonly idleMs: number;
  readonly logger: Logger;
}

export interface CallOptions<Name extends WorkName> {
  /** Answers what the work asks or hands over. */
  readonly onAsk?: (
    value: HelperWork[Name]['ask'],
  ) => Promise<HelperWork[Name]['answer']> | HelperWork[Name]['answer'];
  readonly signal?: AbortSignal;
}

export interface Helper {
  /**
   * Does the work and gives its result. Calls run side by side.
   * @throws CodedError what the work threw; GC_SCAN_HELPER when the process died or is being stopped; the reason of
   * `signal` when it aborts.
   */
  call<Name extends WorkName>(
    name: Name,
    input: HelperWork[Name]['input'],
    options?: CallOptions<Name>,
  ): Promise<HelperWork[Name]['output']>;
  /** Pid, 0 while there is none. */
  pid(): number;
  stop(): Promise<void>;
}

interface Open {
  readonly onAsk: (value: never) => unknown;
  readonly done: (value: never) => void;
  readonly fail: (error: unknown) => void;
}

/** As a patient background job: everything interactive goes first. */
const PRIORITY = 10;
/** After an abort the work has so long to end by itself. */
const ABORT_MS = 10_000;
/** What the helper needs of the environment; secrets of the server's environment stay with the server. */
const PASSED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TZ',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GUARDCELL_LOG_LEVEL',
  'GUARDCELL_LOG_FORMAT',
] as const;

function environment(): NodeJS.ProcessEnv {
  const kept = PASSED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), MALLOC_ARENA_MAX: '2' };
}

function ended(why: string): CodedError {
  return new CodedError('GC_SCAN_HELPER', `the process that does the work ended: ${why}`, {
    hint: 'The log of the server says more; the work is tried again when it is due or asked for.',
  });
}

export function createHelper(options: HelperOptions): Helper {
  const { name, heapMb, idleMs, logger } = options;
  const entry = fileURLToPath(new URL('./helper-main.ts', import.meta.url));
  const open = new Map<number, Open>();
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  let isStopped = false;

  function send(to: ChildProcess, message: ToHelper): void {
    // A pipe that breaks is told by the end of the process.
    if (to.connected) to.send(message, () => undefined);
  }

  function start(): ChildProcess {
    const made = fork(entry, [], {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${heapMb}`, '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: environment(),
    });
    try {
      if (made.pid !== undefined) setPriority(made.pid, PRIORITY);
    } catch {
      // It may have ended already; then its end is told below.
    }
    made.on('message', (message) => void receive(made, message as FromHelper));
    const { promise, resolve } = Promise.withResolvers<void>();
    gone = promise;
    made.once('error', (error) =>
      logger.warn('a helper process failed', { helper: name, error: error.message }),
    );
    made.once('exit', (code, signal) => {
      resolve();
      if (child !== made) return;
      child = undefined;
      const failed = [...open.values()];
      open.clear();
      if (failed.length > 0 && !isStopped) {
        logger.warn('a helper process ended before its work', { helper: name, code, signal });
      }
      for (const each of failed)
        each.fail(ended(isStopped ? 'the server is stopping' : (signal ?? `code ${code}`)));
    });
    // The server may end whatever its helpers do.
    made.unref();
    made.channel?.unref();
    return made;
  }

  function end(): void {
    const ending = child;
    child = undefined;
    if (ending === undefined) return;
    if (ending.connected) ending.disconnect();
    ending.kill('SIGTERM');
  }

  function settle(id: number): Open | undefined {
    const found = open.get(id);
    open.delete(id);
    if (open.size === 0) {
      clearTimeout(idle);
      idle = setTimeout(end, idleMs).unref();
    }
    return found;
  }

  async function receive(from: ChildProcess, message: FromHelper): Promise<void> {
    const { id } = message;
    if (message.kind === 'done') settle(id)?.done(message.value as never);
    else if (message.kind === 'failed') {
      const { code, message: text, hint, at } = message.error;
      settle(id)?.fail(new CodedError(code, text, { hint, at }));
    } else {
      try {
        const value = await open.get(id)?.onAsk(message.value as never);
        send(from, { kind: 'answer', id, ask: message.ask, value });
      } catch (thrown) {
        // Whoever takes the results cannot: going on would be of no use.
        send(from, { kind: 'abort', id });
        settle(id)?.fail(thrown);
      }
    }
  }

  return {
    call(work, input, { onAsk, signal } = {}) {
      if (isStopped) return Promise.reject(ended('the server is stopping'));
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
      return new Promise((done, fail) => {
        clearTimeout(idle);
        child ??= start();
        const to = child;
        lastId += 1;
        const id = lastId;
        const onAbort = (): void => {
          send(to, { kind: 'abort', id });
          setTimeout(() => {
            if (!open.has(id) || child !== to) return;
            logger.warn('a helper process does not end its work; it is ended', { helper: name, work });
            to.kill('SIGKILL');
          }, ABORT_MS).unref();
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        const finished = (): void => signal?.removeEventListener('abort', onAbort);
        open.set(id, {
          onAsk: (value: never) => onAsk?.(value),
          done: (value: never) => {
            finished();
            done(value);
          },
          fail: (error) => {
            finished();
            fail(signal?.aborted === true ? (signal.reason as Error) : (error as Error));
          },
        });
        send(to, { kind: 'call', id, name: work, input });
      });
    },
    pid: () => child?.pid ?? 0,
    async stop() {
      isStopped = true;
      clearTimeout(idle);
      for (const [id, each] of open) {
        open.delete(id);
        each.fail(ended('the server is stopping'));
      }
      const last = gone;
      end();
      await last;
    },
  };
}
