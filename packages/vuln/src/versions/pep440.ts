// Python versions (PEP 440, now the "Version specifiers" of the packaging specifications).
import {
  compareLists,
  compareNumberLists,
  compareNumbers,
  compareText,
  isDigits,
  type VersionOrder,
  versionOrder,
} from './order.ts';

interface PythonVersion {
  readonly epoch: string;
  readonly release: readonly string[];
  /** `a`, `b` or `rc`. */
  readonly pre?: readonly [string, string];
  readonly post?: string;
  readonly dev?: string;
  readonly local: readonly string[];
}

const SYNTAX = new RegExp(
  '^v?(?:(?<epoch>\\d+)!)?(?<release>\\d+(?:\\.\\d+)*)' +
    '(?:[-_.]?(?<stage>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pre>\\d+)?)?' +
    '(?:-(?<dash>\\d+)|[-_.]?(?<after>post|rev|r)[-_.]?(?<post>\\d+)?)?' +
    '(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>\\d+)?)?' +
    '(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
);
const STAGES: Readonly<Record<string, string>> = {
  alpha: 'a',
  beta: 'b',
  c: 'rc',
  pre: 'rc',
  preview: 'rc',
};

/** Reads and normalises a Python version; undefined for what PEP 440 does not allow. */
function parsePep440(text: string): PythonVersion | undefined {
  const groups = SYNTAX.exec(text.toLowerCase())?.groups;
  if (groups === undefined) return undefined;
  const stage = groups['stage'];
  const post = groups['dash'] ?? (groups['after'] === undefined ? undefined : (groups['post'] ?? '0'));
  return {
    epoch: groups['epoch'] ?? '0',
    release: (groups['release'] ?? '').split('.'),
    ...(stage !== undefined && { pre: [STAGES[stage] ?? stage, groups['pre'] ?? '0'] as const }),
    ...(post !== undefined && { post }),
    ...(groups['dev'] !== undefined && { dev: groups['devNumber'] ?? '0' }),
    local: groups['local']?.split(/[-_.]/) ?? [],
  };
}

/** Everything but the local part. */
function comparePublic(a: PythonVersion, b: PythonVersion): number {
  return (
    compareNumbers(a.epoch, b.epoch) ||
    compareNumberLists(a.release, b.release) ||
    comparePre(a, b) ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1)
  );
}

/** A development release of the release itself comes before its pre-releases, the release after them. */
function comparePre(a: PythonVersion, b: PythonVersion): number {
  const stage = (version: PythonVersion): string => {
    if (version.pre !== undefined) return version.pre[0];
    return version.post === undefined && version.dev !== undefined ? '' : 'z';
  };
  return compareText(stage(a), stage(b)) || compareNumbers(a.pre?.[1] ?? '', b.pre?.[1] ?? '');
}

/** `missing` is where an absent part stands towards a present one. */
function compareOptional(a: string | undefined, b: string | undefined, missing: -1 | 1): number {
  if (a === undefined && b === undefined) return 0;
  if (a === undefined) return missing;
  return b === undefined ? -missing : compareNumbers(a, b);
}

function compareLocal(a: readonly string[], b: readonly string[]): number {
  return compareLists(a, b, (x, y) => {
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const numeric = isDigits(x);
    if (numeric !== isDigits(y)) return numeric ? 1 : -1;
    return numeric ? compareNumbers(x, y) : compareText(x, y);
  });
}

/** Order of Python packages. */
export const PEP440: VersionOrder = versionOrder(
  parsePep440,
  (a, b) => comparePublic(a, b) || compareLocal(a.local, b.local),
);
