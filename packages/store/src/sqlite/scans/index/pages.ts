// Pages of sorted lists: the cursor holds the sort key of the last item, so that a page starts where the last ended even
// when the list changed meanwhile.
import { hash } from 'node:crypto';
import type { ScanPage } from '../../../scan-ports.ts';
import { storeError } from '../../../store-error.ts';

/** Compared member by member; the last ones make it unique. */
export type SortKey = readonly (number | string)[];

const MOST_CURSOR = 4000;
/** Of one text in a key; longer ones go on with their hash. */
const MOST_TEXT = 120;

function compareKeys(a: SortKey, b: SortKey): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const [x, y] = [a[at] as number | string, b[at] as number | string];
    if (x < y) return -1;
    if (x > y) return 1;
  }
  return a.length - b.length;
}

/** `list` says of which list, in which order, so that it is not taken for another's. */
export function cursorOf(list: string, key: SortKey): string {
  return Buffer.from(JSON.stringify([1, list, ...key])).toString('base64url');
}

/**
 * `like` is a key of the list: a cursor has the same types.
 * @throws CodedError GC_BAD_CURSOR
 */
export function parseCursor(list: string, text: string, like: SortKey | undefined): SortKey {
  const wrong = storeError('GC_BAD_CURSOR', 'this is not a cursor of the list');
  if (text.length > MOST_CURSOR || !/^[\w-]+$/.test(text)) throw wrong;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw wrong;
  }
  if (!Array.isArray(parsed) || parsed[0] !== 1 || parsed[1] !== list) throw wrong;
  const key = parsed.slice(2) as unknown[];
  const fits = key.every((part, at) =>
    like === undefined
      ? typeof part === 'string' || typeof part === 'number'
      : typeof part === typeof like[at],
  );
  if (!fits || key.length === 0 || (like !== undefined && key.length !== like.length)) throw wrong;
  return key as SortKey;
}

export interface Sorted<Item> {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => SortKey;
}

/** Names come from images: one of any length must not make a cursor that nobody takes back. */
function bounded(key: SortKey): SortKey {
  const isLong = (part: number | string): part is string =>
    typeof part === 'string' && part.length > MOST_TEXT;
  if (!key.some(isLong)) return key;
  return key.map((part) => (isLong(part) ? `${part.slice(0, MOST_TEXT)} ${hash('sha1', part)}` : part));
}

/** `items` in the order of their keys; sorts keys, not items, since making a key costs more than comparing two. */
export function sortBy<Item>(items: readonly Item[], key: (item: Item) => SortKey): Sorted<Item> {
  const keyOf = (item: Item): SortKey => bounded(key(item));
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key));
  return { items: keyed.map(({ item }) => item), keyOf };
}

/** The items after the cursor. @throws CodedError GC_BAD_CURSOR */
export function pageOf<Item>(
  list: string,
  { items, keyOf }: Sorted<Item>,
  limit: number,
  cursor: string | undefined,
): ScanPage<Item> {
  const [first] = items;
  const start =
    cursor === undefined
      ? 0
      : placeAfter(items, keyOf, parseCursor(list, cursor, first === undefined ? undefined : keyOf(first)));
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const more = last !== undefined && start + limit < items.length;
  return { items: page, nextCursor: more ? cursorOf(list, keyOf(last)) : undefined };
}

function placeAfter<Item>(items: readonly Item[], keyOf: (item: Item) => SortKey, key: SortKey): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(keyOf(items[middle] as Item), key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
