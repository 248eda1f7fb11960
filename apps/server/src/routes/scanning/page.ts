// Pages of the store of scans, as the API answers them.
import type { ScanPage } from '@guardcell/store';
import { ApiError } from '../../errors.ts';

export interface Paging {
  readonly limit: number;
  readonly cursor?: string;
}

export function pageOf<Item>(page: ScanPage<Item>): { items: readonly Item[]; nextCursor: string | null } {
  return { items: page.items, nextCursor: page.nextCursor ?? null };
}

/** The query without its paging: what is left is the filter. */
export function filterOf<Query extends Paging>(query: Query): Omit<Query, 'limit' | 'cursor'> {
  const { limit: _limit, cursor: _cursor, ...filter } = query;
  return filter;
}

/** @throws ApiError GC_INVALID_REQUEST for parameters that fit no name of ours. */
export function pathId(params: Readonly<Record<string, string>>, name = 'id'): string {
  const id = params[name] ?? '';
  if (id !== '' && id.length <= 500 && !/[\0-\x1f]/.test(id)) return id;
  throw new ApiError('GC_INVALID_REQUEST', 'the address names nothing');
}
