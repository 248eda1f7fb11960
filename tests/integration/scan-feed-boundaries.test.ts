// Every bound of every advisory on Go modules, crates and applications: an SBOM with the versions at it and just below it
// has exactly the findings that OSV's own evaluation with npm's semver gives.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import semver from 'semver';
import {
  boundOf,
  expectedAdvisories,
  type OsvRecord,
  type Subject,
  versionRanges,
} from '../support/advisory-oracle.ts';
import { compareSbom } from '../support/compare-sbom.ts';
import { buildTestDatabase, feedsProblem, rawRecords } from '../support/raw-feeds.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-feed-boundaries-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** The version at a bound, and one that nothing lies between. */
function around(bound: string, prefix: string): readonly string[] {
  const parsed = semver.parse(bound);
  if (parsed === null) return [];
  const below = parsed.prerelease.length === 0 ? [`${prefix}${parsed.version}-0`] : [];
  return [`${prefix}${bound}`, ...below];
}

function subjectsOf(feed: string, ecosystem: Subject['ecosystem'], prefix: string): readonly Subject[] {
  const found = new Map<string, Subject>();
  for (const { affected = [] } of rawRecords<OsvRecord>(feed)) {
    for (const one of affected) {
      if (one.package?.ecosystem !== ecosystem) continue;
      const { name } = one.package;
      const events = versionRanges(one).flatMap((range) => range.events);
      for (const version of events.flatMap((event) => around(boundOf(event), prefix)))
        found.set(`${name} ${version}`, { ecosystem, name, version });
    }
  }
  return [...found.values()];
}

for (const [feed, ecosystem, type, prefix] of [
  ['osv-go', 'Go', 'golang', 'v'],
  ['osv-crates', 'crates.io', 'cargo', ''],
] as const) {
  test(`${ecosystem}: every bound of every advisory decides as OSV says`, async (t) => {
    const problem = feedsProblem();
    if (problem !== '') return t.skip(problem);
    const subjects = subjectsOf(feed, ecosystem, prefix);
    assert.ok(subjects.length > 1000);
    const db = await buildTestDatabase(join(FOLDER, feed), [feed]);
    const expected = await expectedAdvisories('', subjects, [feed]);
    await compareSbom(join(FOLDER, `${feed}.cdx.json`), type, subjects, db, expected);
  });
}
