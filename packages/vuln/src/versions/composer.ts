// Composer versions: numbers, then a stability (dev, alpha, beta, RC, stable, patch) with a number of its own.
import { compareNumberLists, type VersionOrder, versionOrder } from './order.ts';

interface ComposerVersion {
  readonly numbers: readonly string[];
  /** Index into STABILITIES. */
  readonly stability: number;
  readonly stabilityNumbers: readonly string[];
  /** `1.0-beta2-dev` is what will become beta 2. */
  readonly dev: boolean;
}

const STABILITIES = ['dev', 'alpha', 'beta', 'rc', 'stable', 'patch'] as const;
const NAMES: Readonly<Record<string, (typeof STABILITIES)[number]>> = {
  a: 'alpha',
  alpha: 'alpha',
  b: 'beta',
  beta: 'beta',
  rc: 'rc',
  stable: 'stable',
  p: 'patch',
  pl: 'patch',
  patch: 'patch',
};
/** What Composer puts for `x` in branch names: `1.x-dev` is newer than every 1.n. */
const ANY = '9999999';
const SYNTAX =
  /^v?(\d+(?:[.-]?\d+)*(?:\.[x*])*)(?:[._-]?(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?\d+)*))?([.-]?dev)?(?:\+\S*)?$/i;

function parse(text: string): ComposerVersion | undefined {
  const [, numbers, stage, stageNumbers = '', dev] = SYNTAX.exec(text.replace(/@\w+$/, '')) ?? [];
  if (numbers === undefined) return undefined;
  const wild = /[x*]/i.test(numbers);
  const written = numbers.split(/[.-]/).map((part) => (/^[x*]$/i.test(part) ? ANY : part));
  const parts = wild ? [...written, ANY, ANY, ANY].slice(0, Math.max(4, written.length)) : written;
  const named = NAMES[stage?.toLowerCase() ?? 'stable'] ?? 'stable';
  return {
    numbers: parts,
    stability: STABILITIES.indexOf(stage === undefined && dev !== undefined ? 'dev' : named),
    stabilityNumbers: stageNumbers.match(/\d+/g) ?? [],
    dev: dev !== undefined,
  };
}

function compare(a: ComposerVersion, b: ComposerVersion): number {
  return (
    compareNumberLists(a.numbers, b.numbers) ||
    a.stability - b.stability ||
    compareNumberLists(a.stabilityNumbers, b.stabilityNumbers) ||
    Number(b.dev) - Number(a.dev)
  );
}

/** Order of Packagist's packages; branches (`dev-main`) have none. */
export const COMPOSER: VersionOrder = versionOrder(parse, compare);
