// Model of a state store: a map per kind. Other engines are compared with it.

import type { StateRecord, StateStore, StateWrite } from '../ports.ts';
import { compareIds, DEFAULT_LIST_LIMIT } from '../state-order.ts';
import { storeError } from '../store-error.ts';

/** A store that lives as long as the process; for tests. */
export function openMemoryStateStore(): StateStore {
  const records = new Map<string, StateRecord>();
  let revision = 0;
  let open = true;

  function needOpen(): void {
    if (!open) throw storeError('GC_STORE_CLOSED', 'the store is closed');
  }

  const key = (kind: string, id: string): string => JSON.stringify([kind, id]);

  function holds(write: StateWrite, revisions: ReadonlyMap<string, number>): boolean {
    const at = key(write.kind, write.id);
    const now = revisions.get(at) ?? records.get(at)?.revision ?? 0;
    return write.ifRevision === undefined || write.ifRevision === now;
  }

  return {
    async get(kind, id) {
      needOpen();
      return structuredClone(records.get(key(kind, id)));
    },
    async list(kind, { after, limit = DEFAULT_LIST_LIMIT, reverse = false } = {}) {
      needOpen();
      const direction = reverse ? -1 : 1;
      return [...records.values()]
        .filter((record) => record.kind === kind)
        .filter((record) => after === undefined || compareIds(record.id, after) * direction > 0)
        .sort((a, b) => compareIds(a.id, b.id) * direction)
        .slice(0, limit)
        .map((record) => structuredClone(record));
    },
    async commit(writes) {
      needOpen();
      const changed = new Map<string, number>();
      for (const [index, write] of writes.entries()) {
        if (!holds(write, changed)) return { ok: false, conflict: index };
        changed.set(key(write.kind, write.id), write.op === 'put' ? revision + index + 1 : 0);
      }
      for (const write of writes) {
        revision += 1;
        const { kind, id } = write;
        if (write.op === 'delete') records.delete(key(kind, id));
        else records.set(key(kind, id), { kind, id, revision, value: structuredClone(write.value) });
      }
      return { ok: true, revision };
    },
    async close() {
      open = false;
    },
  };
}
