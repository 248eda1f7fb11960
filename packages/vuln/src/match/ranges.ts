// Whether a version lies in what an advisory calls affected, and which version is the first that does not.
import type { AffectedPackage, VersionRange } from '@guardcell/core';
import { compareVersions } from '../versions/registry.ts';

export interface RangeHit {
  /** `>= 1.2.0, < 1.2.7`, or `= 1.2.3` when the version is listed. */
  readonly range: string;
  /** `1.2.3 < 1.2.7 (deb)`. */
  readonly comparison: string;
}

export type RangeVerdict = RangeHit | 'outside' | 'unreadable';

/** Where a version stands towards one feed's entry; `unreadable` when no bound could be compared. */
export function judgeVersion(entry: AffectedPackage, version: string): RangeVerdict {
  if (entry.versions.includes(version))
    return { range: `= ${version}`, comparison: `${version} is listed (${entry.scheme})` };
  let unreadable = entry.ranges.length > 0;
  for (const range of entry.ranges) {
    const inside = isInside(entry, range, version);
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
function isInside({ scheme }: AffectedPackage, range: VersionRange, version: string): boolean | undefined {
  const { introduced, fixed, lastAffected } = range;
  if (introduced !== '' && introduced !== '0') {
    const lower = compareVersions(scheme, version, introduced);
    if (lower === undefined) return undefined;
    if (lower < 0) return false;
  }
  if (fixed !== '') {
    const upper = compareVersions(scheme, version, fixed);
    return upper === undefined ? undefined : upper < 0 && !otherStream(scheme, version, fixed);
  }
  if (lastAffected === '') return true;
  const upper = compareVersions(scheme, version, lastAffected);
  return upper === undefined ? undefined : upper <= 0;
}

/**
 * Module streams of RPM distributions live beside each other: a fix in stream 20 says nothing of an installed 18, and
 * nothing of the same software outside of modules. The stream is not in the version, its major number stands for it.
 */
function otherStream(scheme: string, version: string, fixed: string): boolean {
  if (scheme !== 'rpm') return false;
  const modular = (text: string): boolean => /\.module[+_]/.test(text);
  if (modular(version) !== modular(fixed)) return true;
  const major = (text: string): string | undefined => /^(?:\d+:)?(\d+)/.exec(text)?.[1];
  return modular(version) && major(version) !== major(fixed);
}

/** `all versions` when neither end is bounded. */
export function rangeText({ introduced, fixed, lastAffected }: VersionRange): string {
  const parts = [
    introduced === '' || introduced === '0' ? '' : `>= ${introduced}`,
    fixed === '' ? '' : `< ${fixed}`,
    fixed === '' && lastAffected !== '' ? `<= ${lastAffected}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'all versions' : parts.join(', ');
}

function comparisonText({ scheme }: AffectedPackage, range: VersionRange, version: string): string {
  if (range.fixed !== '') return `${version} < ${range.fixed} (${scheme})`;
  if (range.lastAffected !== '') return `${version} <= ${range.lastAffected} (${scheme})`;
  return range.introduced === '' || range.introduced === '0'
    ? `${version}: no fixed version (${scheme})`
    : `${version} >= ${range.introduced} (${scheme})`;
}

/** The lowest fixed version above the installed one that none of the entries calls affected; empty without one. */
export function firstFixed(entries: readonly AffectedPackage[], version: string): string {
  const scheme = entries[0]?.scheme;
  if (scheme === undefined) return '';
  return entries
    .flatMap((entry) => entry.ranges.map((range) => range.fixed))
    .filter((fixed) => fixed !== '' && compareVersions(scheme, fixed, version) === 1)
    .filter((fixed) => !otherStream(scheme, version, fixed))
    .filter((fixed) => entries.every((entry) => typeof judgeVersion(entry, fixed) === 'string'))
    .reduce((best, fixed) => (best === '' || compareVersions(scheme, fixed, best) === -1 ? fixed : best), '');
}
