// The items of a list that is fetched page by page, in one array that stays the same while nothing new comes.
import { useMemo } from 'react';

export function useItems<Item>({
  data,
}: {
  readonly data?: { readonly pages: readonly { readonly items: readonly Item[] }[] } | undefined;
}): readonly Item[] {
  return useMemo(() => (data?.pages ?? []).flatMap((page) => page.items), [data]);
}
