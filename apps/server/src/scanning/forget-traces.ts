// Forgets what is kept about artifacts beside the store of scans, when the artifacts are gone.
import type { ScanStore, StateStore } from '@guardcell/store';
import { each, remove, type StoredKind } from '../stored.ts';

const PAGE = 500;
/** Drafts of VEX look back a week. */
const LOSSES_KEPT_MS = 30 * 86_400_000;

interface Trace {
  readonly kind: StoredKind;
  readonly id: string;
  readonly digest: string;
}

async function dropUnknown(state: StateStore, store: ScanStore, traces: readonly Trace[]): Promise<void> {
  const known = await store.known(traces.map(({ digest }) => digest));
  const gone = traces.filter(({ digest }) => !known.has(digest));
  if (gone.length > 0) await state.commit(gone.map(({ kind, id }) => remove(kind, id)));
}

/** What was told of images that are no more, where indexes led to, and losses of long ago. */
export async function forgetTraces(state: StateStore, store: ScanStore, nowMs: number): Promise<void> {
  let page: Trace[] = [];
  async function add(trace: Trace): Promise<void> {
    page.push(trace);
    if (page.length < PAGE) return;
    await dropUnknown(state, store, page);
    page = [];
  }
  for await (const { id } of each(state, 'scan-ledger')) {
    // Hosts are few, and come back under their name; a container never does.
    if (!id.startsWith('host:')) await add({ kind: 'scan-ledger', id, digest: id });
  }
  for await (const { id, value } of each<{ digest: string }>(state, 'scan-index')) {
    await add({ kind: 'scan-index', id, digest: value.digest });
  }
  if (page.length > 0) await dropUnknown(state, store, page);
  const old: string[] = [];
  for await (const { id, value } of each<{ at: string }>(state, 'in-use-loss')) {
    if (nowMs - Date.parse(value.at) > LOSSES_KEPT_MS) old.push(id);
  }
  if (old.length > 0) await state.commit(old.map((id) => remove('in-use-loss', id)));
}
