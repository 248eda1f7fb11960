// Ranges in npm's notation → intervals.
import type { VersionRange } from '@guardcell/core';
import { Range, SemVer } from 'semver';

const MAX_RANGE = 2000;

/** The lowest version above: `1.2.3` → `1.2.4-0`, `1.2.3-rc` → `1.2.3-rc.0`. */
function after(version: SemVer): string {
  if (version.prerelease.length > 0) return `${version.version}.0`;
  return `${version.major}.${version.minor}.${version.patch + 1}-0`;
}

function parse(text: string): Range | undefined {
  if (text.length > MAX_RANGE) return undefined;
  try {
    return new Range(text, { loose: true });
  } catch {
    return undefined;
  }
}

function intervals(range: Range): VersionRange[] {
  return range.set.flatMap((comparators) => {
    let found: VersionRange = { introduced: '0', fixed: '', lastAffected: '' };
    for (const { operator, semver } of comparators) {
      // `*` is a comparator without a version.
      if (!(semver instanceof SemVer) || semver.version === undefined) continue;
      if (operator === '>=') found = { ...found, introduced: semver.version };
      else if (operator === '>') found = { ...found, introduced: after(semver) };
      else if (operator === '<') found = { ...found, fixed: semver.version.replace(/-0$/, '') };
      else if (operator === '<=') found = { ...found, lastAffected: semver.version };
      else found = { introduced: semver.version, fixed: '', lastAffected: semver.version };
    }
    if (found.introduced === '0.0.0' || found.introduced === '0.0.0-0') found = { ...found, introduced: '0' };
    // `<0.0.0-0` is how npm says that no version is meant.
    return found.fixed === '0.0.0' ? [] : [found];
  });
}

/**
 * Intervals of a vulnerable range; where only the last affected version is named and the patched range begins just
 * above, that beginning is the fix. Undefined when the range cannot be read.
 */
export function semverIntervals(vulnerable: string, patched: string): readonly VersionRange[] | undefined {
  const range = parse(vulnerable);
  if (range === undefined) return undefined;
  const found = intervals(range);
  const safe = parse(patched);
  const starts =
    safe === undefined
      ? []
      : intervals(safe)
          .map((entry) => entry.introduced)
          .filter((v) => v !== '0');
  return found.map((entry) => {
    if (entry.fixed !== '') return entry;
    const last = entry.lastAffected === '' ? undefined : new SemVer(entry.lastAffected);
    const above = starts
      .map((version) => new SemVer(version))
      .filter(
        (version) => version.compare(last ?? (entry.introduced === '0' ? '0.0.0' : entry.introduced)) > 0,
      )
      .sort((a, b) => a.compare(b))[0];
    if (above === undefined || (last !== undefined && above.major !== last.major)) return entry;
    return { ...entry, fixed: above.version.replace(/-0$/, ''), lastAffected: '' };
  });
}
