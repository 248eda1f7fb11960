// Versions of programs that follow no scheme: runs of digits and letters. Words of pre-releases come before the end,
// other letters after it (`1.1.1` < `1.1.1k`), zeros at the end of the numbers do not count.
import {
  compareLists,
  compareNumbers,
  compareText,
  isDigits,
  type VersionOrder,
  versionOrder,
} from './order.ts';

const BEFORE: readonly string[] = [
  'dev',
  'snapshot',
  'nightly',
  'alpha',
  'a',
  'beta',
  'b',
  'milestone',
  'm',
  'preview',
  'pre',
  'ea',
  'rc',
  'cr',
];

function parse(text: string): readonly string[] | undefined {
  if (!/^v?\d[\w.+~:!-]*$/i.test(text)) return undefined;
  const runs =
    text
      .toLowerCase()
      .replace(/^v/, '')
      .match(/\d+|[a-z]+/g) ?? [];
  return runs.filter((run, at) => at === 0 || !isTrailingZero(runs, run, at));
}

function isTrailingZero(runs: readonly string[], run: string, at: number): boolean {
  if (!/^0+$/.test(run)) return false;
  const next = runs.slice(at + 1).find((later) => !/^0+$/.test(later));
  return next === undefined || !isDigits(next);
}

function kind(run: string | undefined): number {
  if (run === undefined) return 1;
  if (isDigits(run)) return 3;
  return BEFORE.includes(run) ? 0 : 2;
}

function compareRuns(a: string | undefined, b: string | undefined): number {
  const difference = kind(a) - kind(b);
  if (difference !== 0 || a === undefined || b === undefined) return difference;
  if (kind(a) === 3) return compareNumbers(a, b);
  return BEFORE.indexOf(a) - BEFORE.indexOf(b) || compareText(a, b);
}

/** Natural order of version texts, for ecosystems without rules of their own. */
export const GENERIC: VersionOrder = versionOrder(parse, (a, b) => compareLists(a, b, compareRuns));
