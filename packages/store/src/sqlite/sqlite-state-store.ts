// StateStore over one SQLite file, every commit flushed to disk; SQLite runs in a worker thread only.
import type { Logger } from '@guardcell/kit';
import type { StateStore } from '../ports.ts';
import { DEFAULT_LIST_LIMIT } from '../state-order.ts';
import type { Operations } from '../worker/protocol.ts';
import { createWorkerClient } from '../worker/worker-client.ts';
import type { StateTable } from './state-table.ts';

export interface SqliteStateStoreOptions {
  /** Path of the file; its folder is created when missing. Only one store may have it open. */
  readonly file: string;
  readonly logger: Logger;
}

/**
 * Damaged state is never set aside by itself, because an empty user table would look like a first start.
 * @throws CodedError GC_STORE_FULL, GC_STORE_IO, GC_STORE_CORRUPT
 */
export async function openSqliteStateStore({ file, logger }: SqliteStateStoreOptions): Promise<StateStore> {
  const worker = createWorkerClient<StateTable & Operations>({
    entry: new URL('./state.worker.ts', import.meta.url),
    data: { file },
    name: 'state',
    logger,
  });
  try {
    await worker.call('get', { kind: '', id: '' });
  } catch (thrown) {
    await worker.close();
    throw thrown;
  }
  return {
    get: (kind, id) => worker.call('get', { kind, id }),
    list: (kind, { after, limit = DEFAULT_LIST_LIMIT, reverse = false } = {}) =>
      worker.call('list', { kind, after, limit, reverse }),
    commit: (writes) => worker.call('commit', writes),
    async close() {
      if (worker.threadId() > 0) await worker.call('close', undefined as never).catch(() => undefined);
      await worker.close();
    },
  };
}
