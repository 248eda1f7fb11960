// NuGet versions: semantic versions with up to four numbers and labels that ignore case.
import { compareNumberLists, type VersionOrder, versionOrder } from './order.ts';
import { compareIdentifiers } from './semver.ts';

interface NugetVersion {
  readonly numbers: readonly string[];
  readonly pre: readonly string[];
}

const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const SYNTAX = new RegExp(`^v?(\\d+(?:\\.\\d+){0,3})(?:-(${IDENTIFIERS}))?(?:\\+${IDENTIFIERS})?$`, 'i');

function parse(text: string): NugetVersion | undefined {
  const [, numbers, pre] = SYNTAX.exec(text) ?? [];
  if (numbers === undefined) return undefined;
  return { numbers: numbers.split('.'), pre: pre?.toLowerCase().split('.') ?? [] };
}

function compare(a: NugetVersion, b: NugetVersion): number {
  const numbers = compareNumberLists(a.numbers, b.numbers);
  if (numbers !== 0) return numbers;
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  return compareIdentifiers(a.pre, b.pre);
}

/** Order of NuGet packages; build metadata does not count. */
export const NUGET: VersionOrder = versionOrder(parse, compare);
