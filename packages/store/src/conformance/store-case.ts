// How the suites get a store, and reading all of it page by page.
import { EVERYTHING } from '@guardcell/core';
import type { EventStore } from '../ports.ts';

/** A store that is empty, and how to get rid of it. */
export interface OpenedStore<Store> extends AsyncDisposable {
  readonly store: Store;
}

export type OpenEmpty<Store> = () => Promise<OpenedStore<Store>>;

export type StoreCase = (name: string, run: (store: EventStore) => Promise<void>) => void;

export async function allPages(store: EventStore, query = EVERYTHING, limit = 7): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(query, limit, cursor);
    ids.push(...page.items.map((alert) => alert.id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}
