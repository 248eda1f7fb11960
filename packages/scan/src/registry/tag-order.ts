// Which tags are the newest, by their names: versions by their numbers, then everything else by name.

const VERSION = /^v?(\d{1,15}(?:\.\d{1,15}){0,5})(?:[-+_.](.*))?$/i;

interface ReadTag {
  readonly tag: string;
  readonly numbers: readonly number[];
  /** What follows the numbers: `rc.1`, `alpine`. */
  readonly rest: string;
}

function read(tag: string): ReadTag {
  const [, numbers = '', rest = ''] = VERSION.exec(tag) ?? [];
  return { tag, numbers: numbers === '' ? [] : numbers.split('.').map(Number), rest };
}

/** Pieces of digits compare as numbers: `rc.10` comes after `rc.9`. */
function naturally(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : a > b ? 1 : 0);
}

function compare(a: ReadTag, b: ReadTag): number {
  const isVersion = Number(a.numbers.length > 0) - Number(b.numbers.length > 0);
  if (isVersion !== 0) return isVersion;
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let i = 0; i < length; i++) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  // As in semantic versions: what has a suffix comes before what has none.
  const isPlain = Number(a.rest === '') - Number(b.rest === '');
  return isPlain || naturally(a.rest, b.rest) || naturally(a.tag, b.tag);
}

/** The `count` newest tags, newest first. Tags that are no versions (`latest`, `main`) come after all that are. */
export function newestTags(tags: readonly string[], count: number): readonly string[] {
  return tags
    .map(read)
    .sort((a, b) => compare(b, a))
    .slice(0, count)
    .map(({ tag }) => tag);
}
