// The main thread's side: typed calls into a worker thread that is started when needed and again after it died.
import { Worker } from 'node:worker_threads';
import { CodedError, type Logger } from '@guardcell/kit';
import { storeError } from '../store-error.ts';
import type { Operations, WorkerReply, WorkerRequest } from './protocol.ts';

export interface WorkerClientOptions {
  /** Entry file of the worker. */
  readonly entry: URL;
  /** Given to the worker as `workerData`. */
  readonly data: unknown;
  readonly name: string;
  readonly logger: Logger;
  /** The thread ends after so many milliseconds without a call and starts again at the next one; default: never. */
  readonly idleMs?: number;
}

export interface WorkerClient<Ops extends Operations> {
  /**
   * Calls an operation; calls are answered in order.
   * @throws CodedError: what the operation threw; GC_STORE_IO when the thread died; GC_STORE_CLOSED after `close`.
   */
  call<Name extends keyof Ops & string>(
    operation: Name,
    input: Parameters<Ops[Name]>[0],
  ): Promise<ReturnType<Ops[Name]>>;
  /** Calls that have no answer yet. */
  waiting(): number;
  /** Thread id, 0 while there is no thread. */
  threadId(): number;
  /** Ends the thread as it is; for tests of what happens then. */
  crash(): Promise<void>;
  /** Ends the thread; outstanding calls are rejected. */
  close(): Promise<void>;
}

interface Outstanding {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export function createWorkerClient<Ops extends Operations>(options: WorkerClientOptions): WorkerClient<Ops> {
  const outstanding = new Map<number, Outstanding>();
  let worker: Worker | undefined;
  let nextId = 1;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;
  let ending: Promise<unknown> | undefined;

  function rejectAll(error: Error): void {
    const rejected = [...outstanding.values()];
    outstanding.clear();
    for (const { reject } of rejected) reject(error);
  }

  // The worker closes what it has open and is ended; calls that come meanwhile have a thread of their own.
  function rest(): void {
    const resting = worker;
    worker = undefined;
    if (resting === undefined) return;
    ending = new Promise((resolve) => resting.once('exit', resolve));
    resting.on('message', () => void resting.terminate());
    resting.postMessage({ id: 0, operation: 'close', input: undefined } satisfies WorkerRequest);
  }

  function settle(reply: WorkerReply): void {
    if (options.idleMs !== undefined && outstanding.size <= 1) {
      clearTimeout(idle);
      idle = setTimeout(() => outstanding.size === 0 && rest(), options.idleMs).unref();
    }
    const waiting = outstanding.get(reply.id);
    outstanding.delete(reply.id);
    if (waiting === undefined) return;
    if (reply.ok) waiting.resolve(reply.value as never);
    else waiting.reject(new CodedError(reply.error.code, reply.error.message, reply.error));
  }

  function start(): Worker {
    // Flags of the process (such as `--input-type`) need not suit the entry file.
    const started = new Worker(options.entry, { workerData: options.data, name: options.name, execArgv: [] });
    let cause: unknown;
    started.on('message', (reply: WorkerReply) => worker === started && settle(reply));
    started.on('error', (thrown) => {
      cause = thrown;
    });
    started.on('exit', (exitCode) => {
      if (worker !== started) return;
      worker = undefined;
      if (!closed) options.logger.error('a store worker stopped', { worker: options.name, exitCode, cause });
      rejectAll(
        storeError(
          'GC_STORE_IO',
          'the thread of the store stopped; it is started again',
          options.name,
          cause,
        ),
      );
    });
    return started;
  }

  return {
    call(operation, input) {
      if (closed) return Promise.reject(storeError('GC_STORE_CLOSED', 'the store is closed'));
      return new Promise((resolve, reject) => {
        worker ??= start();
        const id = nextId++;
        outstanding.set(id, { resolve, reject });
        worker.postMessage({ id, operation, input } satisfies WorkerRequest);
      });
    },
    waiting: () => outstanding.size,
    threadId: () => worker?.threadId ?? 0,
    async crash() {
      await worker?.terminate();
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      await Promise.all([worker?.terminate(), ending]);
      rejectAll(storeError('GC_STORE_CLOSED', 'the store is closed'));
    },
  };
}
