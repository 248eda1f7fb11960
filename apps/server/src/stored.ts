// Documents in the state store: their kinds, and reading them back as what was written.
// Only this server writes them, so their types are trusted; what comes from outside is checked at the edge.
import type { JsonValue, StateRecord, StateStore, StateWrite } from '@guardcell/store';

export type StoredKind =
  | 'user'
  | 'session'
  | 'api-key'
  | 'setting'
  | 'response-rule'
  | 'action'
  | 'command'
  | 'cursor'
  | 'audit'
  | 'audit-mark'
  | 'idempotency'
  | 'k8s-audit-log'
  | 'registry'
  | 'registry-run'
  | 'scan-job'
  | 'scan-index'
  | 'scan-ledger'
  | 'scan-outbox'
  | 'in-use-loss'
  | 'risk-acceptance';

export interface Stored<T> {
  readonly value: T;
  readonly revision: number;
}

/** The document as the type that its kind has. */
export function valueOf<T>(record: StateRecord): T {
  return record.value as unknown as T;
}

export async function read<T>(
  state: StateStore,
  kind: StoredKind,
  id: string,
): Promise<Stored<T> | undefined> {
  const record = await state.get(kind, id);
  return record === undefined ? undefined : { value: valueOf<T>(record), revision: record.revision };
}

/** A write that replaces whatever is there; `ifRevision` 0 means it must be new. */
export function put(kind: StoredKind, id: string, value: object, ifRevision?: number): StateWrite {
  return {
    op: 'put',
    kind,
    id,
    value: value as unknown as JsonValue,
    ...(ifRevision !== undefined && { ifRevision }),
  };
}

export function remove(kind: StoredKind, id: string): StateWrite {
  return { op: 'delete', kind, id };
}

/** Every document of a kind, page by page, so that nothing large is held at once. */
export async function* each<T>(
  state: StateStore,
  kind: StoredKind,
  options: { readonly reverse?: boolean; readonly pageSize?: number; readonly after?: string } = {},
): AsyncGenerator<{ readonly id: string; readonly value: T; readonly revision: number }, void, void> {
  const limit = options.pageSize ?? 500;
  let after = options.after;
  for (;;) {
    const page = await state.list(kind, {
      limit,
      reverse: options.reverse ?? false,
      ...(after !== undefined && { after }),
    });
    for (const record of page) {
      yield { id: record.id, value: valueOf<T>(record), revision: record.revision };
    }
    if (page.length < limit) return;
    after = page.at(-1)?.id;
  }
}
