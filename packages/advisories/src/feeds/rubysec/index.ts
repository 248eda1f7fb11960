// ruby-advisory-db: one gem and the requirements that patched and unaffected versions meet; all others are affected.
import type { VersionRange } from '@guardcell/core';
import type { Parsed } from '../../feed.ts';
import { NOTHING_PARSED, skip } from '../../feed.ts';
import { objectOf, word, words } from '../../loose.ts';
import { compareGemVersions } from './gem-order.ts';

interface Safe {
  /** Inclusive; empty for the beginning. */
  readonly from: string;
  /** Exclusive; empty for no end. */
  readonly to: string;
}

/** A version just above: nothing is published between `1.2.3` and `1.2.3.0.1`. */
function after(version: string): string {
  return `${version}.0.1`;
}

/** `~> 1.2.3` ends before `1.3` and all that leads to it: RubyGems does not count `1.3.0.pre` as a 1.2. */
function pessimisticEnd(version: string): string {
  const parts = version.split('.').filter((part) => /^\d+$/.test(part));
  const kept = parts.length > 1 ? parts.slice(0, -1) : parts;
  const last = kept.length - 1;
  return `${kept.map((part, at) => (at === last ? String(Number(part) + 1) : part)).join('.')}.a`;
}

/** `~> 1.2.3, >= 1.2.4` → one interval; undefined when a part cannot be read. */
function interval(requirement: string): Safe | undefined {
  let from = '';
  let to = '';
  const raise = (version: string): void => {
    if (from === '' || compareGemVersions(version, from) > 0) from = version;
  };
  const lower = (version: string): void => {
    if (to === '' || compareGemVersions(version, to) < 0) to = version;
  };
  for (const part of requirement.split(',')) {
    const match = /^\s*(>=|<=|~>|<|>|=|)\s*([0-9][0-9A-Za-z.-]*)\s*$/.exec(part);
    if (match === null) return undefined;
    const [, operator, version = ''] = match;
    if (operator === '>=' || operator === '~>' || operator === '=' || operator === '') raise(version);
    if (operator === '>') raise(after(version));
    if (operator === '<') lower(version);
    if (operator === '<=' || operator === '=' || operator === '') lower(after(version));
    if (operator === '~>') lower(pessimisticEnd(version));
  }
  return { from, to };
}

/** What no safe interval covers. */
function affectedBetween(safe: readonly Safe[]): readonly VersionRange[] {
  const sorted = [...safe].sort((a, b) =>
    a.from === '' ? -1 : b.from === '' ? 1 : compareGemVersions(a.from, b.from),
  );
  const ranges: VersionRange[] = [];
  let open = '0';
  let first = true;
  for (const { from, to } of sorted) {
    if (from !== '' && (first || compareGemVersions(from, open) > 0)) {
      ranges.push({ introduced: open, fixed: from, lastAffected: '' });
    }
    first = false;
    if (to === '') return ranges;
    if (compareGemVersions(to, open) > 0) open = to;
  }
  return [...ranges, { introduced: open, fixed: '', lastAffected: '' }];
}

/** One advisory file. Engines and libraries that are no gems are left out. */
export function parseRubysec(value: unknown): Parsed {
  const record = objectOf(value);
  const gem = word(record['gem']);
  if (gem === '') return NOTHING_PARSED;
  const cve = word(record['cve']);
  const ghsa = word(record['ghsa']);
  const osvdb = word(record['osvdb']);
  const ids = [cve && `CVE-${cve}`, ghsa && `GHSA-${ghsa}`, osvdb && `OSVDB-${osvdb}`].filter(
    (id) => id !== '',
  );
  const [id] = ids;
  if (id === undefined) return skip('no identifier');
  const requirements = [...words(record['patched_versions']), ...words(record['unaffected_versions'])];
  const safe = requirements.flatMap((requirement) => interval(requirement) ?? []);
  if (safe.length < requirements.length) return skip('a requirement that cannot be read');
  const ranges = affectedBetween(safe);
  return {
    affected: [
      {
        vulnerabilities: [id],
        advisory: ids[1] ?? id,
        ecosystem: 'RubyGems',
        name: gem,
        scheme: 'gem',
        ranges,
        versions: [],
        status: ranges.some((range) => range.fixed !== '') ? 'fixed' : 'affected',
        statusNote: '',
      },
    ],
    facts: [{ id, aliases: ids.slice(1), published: word(record['date']), summary: word(record['title']) }],
  };
}
