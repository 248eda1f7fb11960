// RubyGems versions: segments of digits or letters; letters make a pre-release; trailing zeros do not count.
import {
  compareLists,
  compareNumbers,
  compareText,
  isDigits,
  type VersionOrder,
  versionOrder,
} from './order.ts';

const SYNTAX = /^\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Segments without zeros at the end of the release and at the end of the pre-release; undefined for other texts. */
function gemSegments(text: string): readonly string[] | undefined {
  if (!SYNTAX.test(text)) return undefined;
  const all = text.replaceAll('-', '.pre.').match(/\d+|[A-Za-z]+/g) ?? [];
  const word = all.findIndex((segment) => !isDigits(segment));
  const split = word < 0 ? all.length : word;
  return [...withoutZeros(all.slice(0, split)), ...withoutZeros(all.slice(split))];
}

function withoutZeros(segments: readonly string[]): readonly string[] {
  const last = segments.findLastIndex((segment) => !/^0+$/.test(segment));
  return segments.slice(0, last + 1);
}

function compareSegments(a = '0', b = '0'): number {
  const numeric = isDigits(a);
  if (numeric !== isDigits(b)) return numeric ? 1 : -1;
  return numeric ? compareNumbers(a, b) : compareText(a, b);
}

/** Order of Ruby gems. */
export const GEM: VersionOrder = versionOrder(gemSegments, (a, b) => compareLists(a, b, compareSegments));
