// Whether a version lies in what an advisory calls affected, and which version is the first that does not.
import type { AffectedPackage, VersionRange, VersionScheme } from '@guardcell/core';
import { compareVersions } from '../versions/registry.ts';
import { isOtherStream, looksLikeOtherStream, withoutModuleBuild } from './module-stream.ts';

export interface RangeHit {
  /** `>= 1.2.0, < 1.2.7`, or `= 1.2.3` when the version is listed. */
  readonly range: string;
  /** `1.2.3 < 1.2.7 (deb)`. */
  readonly comparison: string;
}

export type RangeVerdict = RangeHit | 'outside' | 'unreadable';

/**
 * Where a version stands towards one feed's entry; `unreadable` when no bound could be compared.
 * @param stream module stream of the installed package: empty outside of modules, undefined when not known.
 */
export function judgeVersion(entry: AffectedPackage, version: string, stream?: string): RangeVerdict {
  if (entry.scheme === 'rpm' && isOtherStream(entry, stream) === true) return 'outside';
  if (entry.versions.includes(version))
    return { range: `= ${version}`, comparison: `${version} is listed (${entry.scheme})` };
  let unreadable = entry.ranges.length > 0;
  for (const range of entry.ranges) {
    const inside = isInside(entry, range, version, stream);
    if (inside === true)
      return { range: rangeText(range), comparison: comparisonText(entry, range, version) };
    if (inside === false) unreadable = false;
  }
  if (unreadable) return 'unreadable';
  // Lists beside ranges repeat them; comparing each of hundreds of versions would say nothing new.
  if (entry.ranges.length > 0) return 'outside';
  const listed = entry.versions.some((one) => compareVersions(entry.scheme, one, version) === 0);
  return listed ? { range: `= ${version}`, comparison: `${version} is listed (${entry.scheme})` } : 'outside';
}

/** Undefined when a bound that decides cannot be compared. */
function isInside(
  entry: AffectedPackage,
  range: VersionRange,
  version: string,
  stream: string | undefined,
): boolean | undefined {
  const { scheme } = entry;
  const { introduced, fixed, lastAffected } = range;
  if (introduced !== '' && introduced !== '0') {
    const lower = compareVersions(scheme, version, introduced);
    if (lower === undefined) return undefined;
    if (lower < 0) return false;
  }
  if (fixed !== '') {
    const upper = compareToFix(scheme, version, fixed);
    if (upper === undefined) return undefined;
    return upper < 0 && (scheme !== 'rpm' || concerns(entry, version, fixed, stream));
  }
  if (lastAffected === '') return true;
  const upper = compareVersions(scheme, version, lastAffected);
  return upper === undefined ? undefined : upper <= 0;
}

function compareToFix(scheme: VersionScheme, version: string, fixed: string): number | undefined {
  if (scheme !== 'rpm') return compareVersions(scheme, version, fixed);
  return compareVersions(scheme, withoutModuleBuild(version), withoutModuleBuild(fixed));
}

/** Whether a fix of an rpm is one for what is installed, beside the order of versions. */
function concerns(
  entry: AffectedPackage,
  version: string,
  fixed: string,
  stream: string | undefined,
): boolean {
  return isOtherStream(entry, stream) === false || !looksLikeOtherStream(version, fixed);
}

/** `all versions` when neither end is bounded. */
function rangeText({ introduced, fixed, lastAffected }: VersionRange): string {
  const parts = [
    introduced === '' || introduced === '0' ? '' : `>= ${introduced}`,
    fixed === '' ? '' : `< ${fixed}`,
    fixed === '' && lastAffected !== '' ? `<= ${lastAffected}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'all versions' : parts.join(', ');
}

function comparisonText(
  { scheme, modules = [] }: AffectedPackage,
  { introduced, fixed, lastAffected }: VersionRange,
  version: string,
): string {
  const how = modules.length === 0 ? scheme : `${scheme}, module ${modules.join(' or ')}`;
  if (fixed !== '') return `${version} < ${fixed} (${how})`;
  if (lastAffected !== '') return `${version} <= ${lastAffected} (${how})`;
  return introduced === '' || introduced === '0'
    ? `${version}: no fixed version (${how})`
    : `${version} >= ${introduced} (${how})`;
}

/** The lowest fixed version above the installed one that none of the entries calls affected; empty without one. */
export function firstFixed(entries: readonly AffectedPackage[], version: string, stream?: string): string {
  const scheme = entries[0]?.scheme;
  if (scheme === undefined) return '';
  return entries
    .flatMap((entry) => entry.ranges.map(({ fixed }) => ({ entry, fixed })))
    .filter(({ fixed }) => fixed !== '' && compareToFix(scheme, version, fixed) === -1)
    .filter(({ entry, fixed }) => scheme !== 'rpm' || concerns(entry, version, fixed, stream))
    .map(({ fixed }) => fixed)
    .filter((fixed) => entries.every((entry) => typeof judgeVersion(entry, fixed, stream) === 'string'))
    .reduce((best, fixed) => (best === '' || compareVersions(scheme, fixed, best) === -1 ? fixed : best), '');
}
