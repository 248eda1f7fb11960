// Pages of the fake platform's lists.
import { ApiError } from '../../../../apps/server/src/errors.ts';

export function paged<Item>(
  all: readonly Item[],
  query: Readonly<Record<string, unknown>>,
): { items: Item[]; nextCursor: string | null } {
  const { limit, cursor } = query as { limit: number; cursor?: string };
  const from = cursor === undefined ? 0 : Number(/^at-(\d+)$/.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw new ApiError('GC_INVALID_CURSOR', 'the cursor is not one of this list');
  const to = from + limit;
  return { items: all.slice(from, to), nextCursor: to < all.length ? `at-${to}` : null };
}
