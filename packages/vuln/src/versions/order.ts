// What a version order is, and the small comparisons that all of them are made of.

export type Comparison = -1 | 0 | 1;

/** The order of one scheme's versions. */
export interface VersionOrder {
  /** Undefined when either text is no version of the scheme. */
  compare(a: string, b: string): Comparison | undefined;
  isVersion(text: string): boolean;
}

/** Longer texts are no versions; it bounds the work that hostile metadata can cause. */
const MAX_LENGTH = 512;

/** Makes an order of a parser and a comparison of what it yields; white space around a text does not count. */
export function versionOrder<K>(
  parse: (text: string) => K | undefined,
  compare: (a: K, b: K) => number,
): VersionOrder {
  const read = (text: string): K | undefined => {
    const trimmed = text.trim();
    return trimmed === '' || trimmed.length > MAX_LENGTH ? undefined : parse(trimmed);
  };
  return {
    compare(a, b) {
      const left = read(a);
      const right = read(b);
      return left === undefined || right === undefined ? undefined : sign(compare(left, right));
    },
    isVersion: (text) => read(text) !== undefined,
  };
}

function sign(value: number): Comparison {
  return value < 0 ? -1 : value > 0 ? 1 : 0;
}

/** By UTF-16 code unit, which is by code point for the ASCII that versions are made of. */
export function compareText(a: string, b: string): Comparison {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isDigits(text: string): boolean {
  return /^\d+$/.test(text);
}

/** Texts of digits as numbers of any size; an empty text counts as zero. */
export function compareNumbers(a: string, b: string): Comparison {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length === right.length ? compareText(left, right) : sign(left.length - right.length);
}

/** Element by element; where one list ends, its elements are undefined. */
export function compareLists<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (x: T | undefined, y: T | undefined) => number,
): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const result = compare(a[at], b[at]);
    if (result !== 0) return result;
  }
  return 0;
}

/** Lists of numbers where a missing one is zero. */
export function compareNumberLists(a: readonly string[], b: readonly string[]): number {
  return compareLists(a, b, (x, y) => compareNumbers(x ?? '', y ?? ''));
}
