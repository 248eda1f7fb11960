// Semantic Versioning 2.0.0, and the dialects that differ from it in syntax only: npm, Cargo, Hex.
// Feeds write `v1.2` and `1` too: what is missing is zero.
import {
  compareLists,
  compareNumberLists,
  compareNumbers,
  compareText,
  isDigits,
  type VersionOrder,
  versionOrder,
} from './order.ts';

export interface SemanticVersion {
  /** Major, minor, patch; always three. */
  readonly numbers: readonly [string, string, string];
  readonly pre: readonly string[];
  readonly build: readonly string[];
}

const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const SYNTAX = new RegExp(
  `^[v=]?\\s*(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-(${IDENTIFIERS}))?(?:\\+(${IDENTIFIERS}))?$`,
);
/** npm's loose form leaves the hyphen out: `1.2.3beta.1`. */
const LOOSE = new RegExp(`^[v=\\s]*(\\d+)\\.(\\d+)\\.(\\d+)([A-Za-z][0-9A-Za-z-]*(?:\\.[0-9A-Za-z-]+)*)$`);

/** Reads a semantic version; undefined for other texts. */
export function parseSemver(text: string): SemanticVersion | undefined {
  const match = SYNTAX.exec(text);
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', pre, build] = match;
  return { numbers: [major, minor, patch], pre: pre?.split('.') ?? [], build: build?.split('.') ?? [] };
}

function parseNpm(text: string): SemanticVersion | undefined {
  const strict = parseSemver(text);
  if (strict !== undefined) return strict;
  const [, major = '0', minor = '0', patch = '0', pre] = LOOSE.exec(text) ?? [];
  return pre === undefined ? undefined : { numbers: [major, minor, patch], pre: pre.split('.'), build: [] };
}

/** Numbers before words, numbers by value, words as text; fewer identifiers come first. */
export function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  return compareLists(a, b, (x, y) => {
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const numeric = isDigits(x);
    if (numeric !== isDigits(y)) return numeric ? -1 : 1;
    return numeric ? compareNumbers(x, y) : compareText(x, y);
  });
}

/** Precedence of section 11; build metadata does not count. */
export function compareSemver(a: SemanticVersion, b: SemanticVersion): number {
  const numbers = compareNumberLists(a.numbers, b.numbers);
  if (numbers !== 0) return numbers;
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  return compareIdentifiers(a.pre, b.pre);
}

export const SEMVER: VersionOrder = versionOrder(parseSemver, compareSemver);
export const NPM: VersionOrder = versionOrder(parseNpm, compareSemver);
export const CARGO: VersionOrder = SEMVER;
export const HEX: VersionOrder = SEMVER;
