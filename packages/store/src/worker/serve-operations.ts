// The worker's side: answers requests one after the other.
import { parentPort } from 'node:worker_threads';
import { errorFacts } from '@guardcell/kit';
import type { Operations, WorkerReply, WorkerRequest } from './protocol.ts';

/** Serves until the thread ends; an operation that throws is answered with the facts of its error. */
export function serveOperations(operations: Operations): void {
  const port = parentPort;
  if (port === null) throw new Error('this file is the entry of a worker thread');
  port.on('message', ({ id, operation, input }: WorkerRequest) => {
    let reply: WorkerReply;
    try {
      const run = operations[operation];
      if (run === undefined) throw new Error(`no operation ${operation}`);
      reply = { id, ok: true, value: run(input as never) };
    } catch (thrown) {
      reply = { id, ok: false, error: errorFacts(thrown) };
    }
    port.postMessage(reply);
  });
}
