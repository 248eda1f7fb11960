// Conan 2 versions: dotted items, a pre-release after `-`, a build after `+`; items that mix digits and letters are
// compared run by run, because comparing them as text (as Conan does) is no order: 10 < 1a < 2 < 10.
import {
  compareLists,
  compareNumbers,
  compareText,
  isDigits,
  type VersionOrder,
  versionOrder,
} from './order.ts';

type Runs = readonly string[];

interface ConanVersion {
  readonly items: readonly Runs[];
  readonly pre?: readonly Runs[];
  readonly build?: readonly Runs[];
}

function parse(text: string): ConanVersion | undefined {
  const match = /^v?([0-9a-z_][0-9a-z_.]*)(?:-([0-9a-z_.-]+))?(?:\+([0-9a-z_.-]+))?$/i.exec(text);
  const [, main, pre, build] = match ?? [];
  if (main === undefined || !/\d/.test(main)) return undefined;
  return {
    items: items(main),
    ...(pre !== undefined && { pre: items(pre) }),
    ...(build !== undefined && { build: items(build) }),
  };
}

/** Trailing zeros do not count. */
function items(text: string): readonly Runs[] {
  const all = text
    .toLowerCase()
    .split(/[.-]/)
    .map((item) => item.match(/\d+|\D+/g) ?? ['0']);
  const last = all.findLastIndex((runs) => !/^0+$/.test(runs.join('')));
  return all.slice(0, last + 1);
}

function compareRuns(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const numeric = isDigits(a);
  if (numeric !== isDigits(b)) return numeric ? -1 : 1;
  return numeric ? compareNumbers(a, b) : compareText(a, b);
}

function compareItems(a: readonly Runs[], b: readonly Runs[]): number {
  return compareLists(a, b, (x, y) => {
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    return compareLists(x, y, compareRuns);
  });
}

function compare(a: ConanVersion, b: ConanVersion): number {
  const numbers = compareItems(a.items, b.items);
  if (numbers !== 0) return numbers;
  if (a.pre === undefined || b.pre === undefined) {
    const difference = Number(b.pre !== undefined) - Number(a.pre !== undefined);
    if (difference !== 0) return difference;
  }
  return compareItems(a.pre ?? [], b.pre ?? []) || compareItems(a.build ?? [], b.build ?? []);
}

/** Order of Conan packages. */
export const CONAN: VersionOrder = versionOrder(parse, compare);
