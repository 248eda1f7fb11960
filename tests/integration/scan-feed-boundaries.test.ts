// Every bound of every advisory on Go modules, crates and applications: an SBOM with the versions at it and just below it
// has exactly the findings that OSV's own evaluation with npm's semver gives.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import semver from 'semver';
import { boundOf, expectedAdvisories, type OsvRecord, type Subject } from '../support/advisory-oracle.ts';
import { buildTestDatabase, feedsProblem, rawRecords } from '../support/raw-feeds.ts';
import { scanReport } from '../support/scan-cli.ts';

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
      const events = (one.ranges ?? []).filter(({ type }) => type !== 'GIT').flatMap((range) => range.events);
      for (const version of events.flatMap((event) => around(boundOf(event), prefix)))
        found.set(`${name} ${version}`, { ecosystem, name, version });
    }
  }
  return [...found.values()];
}

const encoded = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

/** An SBOM as other tools write it: package URLs follow the specification, names are as published. */
function sbomOf(type: string, subjects: readonly Subject[]): string {
  const components = subjects.map(({ name, version }) => ({
    type: 'library',
    name,
    version,
    purl: `pkg:${type}/${encoded(name)}@${encodeURIComponent(version)}`,
  }));
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
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
    const file = join(FOLDER, `${feed}.cdx.json`);
    writeFileSync(file, sbomOf(type, subjects));
    const report = await scanReport(['sbom', file, '--only', 'packages,vulnerabilities', '--db', db]);
    const expected = await expectedAdvisories('', subjects, [feed]);
    const key = (name: string, version: string): string => `${name} ${version}`;
    const found = Map.groupBy(report.vulnerabilities, (one) => key(one.packageName, one.installed));
    const missing = expected.filter(({ name, version, ids }) => {
      const those = found.get(key(name, version)) ?? [];
      return !those.some(({ id, aliases }) => [id, ...aliases].some((each) => ids.includes(each)));
    });
    assert.deepEqual(
      missing.slice(0, 20).map(({ name, version, ids }) => `${name} ${version} ${ids[0]}`),
      [],
    );
    const asked = Map.groupBy(expected, (one) => key(one.name, one.version));
    const surplus = report.vulnerabilities.filter(({ packageName, installed, id, aliases }) => {
      const those = asked.get(key(packageName, installed)) ?? [];
      return !those.some(({ ids }) => [id, ...aliases].some((each) => ids.includes(each)));
    });
    assert.deepEqual(
      surplus.slice(0, 20).map((one) => `${one.packageName} ${one.installed} ${one.id} ${one.explain.range}`),
      [],
    );
    assert.ok(expected.length > 1000);
  });
}
