// Matching against real advisories; skipped where the shared feeds are not.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import type { OsRelease, SoftwarePackage } from '@guardcell/core';
import { cvssScore } from '../risk/cvss.ts';
import { affectedOfOsv, facts, memorySource, type OsvRecord } from '../testing/memory-source.ts';
import { isVersion } from '../versions/registry.ts';
import { matchPackages } from './match-packages.ts';
import { judgeVersion } from './ranges.ts';

const FEEDS = join(import.meta.dirname, '../../../../../shared/feeds');
const skip = existsSync(FEEDS) ? false : 'the shared feeds are not here';

function records<T>(name: string): T[] {
  const text = zstdDecompressSync(readFileSync(join(FEEDS, `${name}.ndjson.zst`))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

function osvSource(name: string) {
  const all = records<OsvRecord>(name);
  return memorySource(
    all.filter(({ withdrawn }) => withdrawn === undefined).flatMap((record) => affectedOfOsv(record, name)),
    all.map(({ id, aliases = [], withdrawn }) => facts({ id, aliases, withdrawn: withdrawn !== undefined })),
  );
}

function pkg(type: SoftwarePackage['type'], name: string, version: string): SoftwarePackage {
  return { type, name, version, purl: `pkg:${type}/${name}@${version}`, locations: [], licenses: [] };
}

test('Go: x/net 0.16 has the rapid reset vulnerability, 0.17 has not', { skip }, () => {
  const source = osvSource('osv-go');
  const ids = (version: string) =>
    matchPackages([pkg('golang', 'golang.org/x/net', version)], undefined, source).findings;
  const reset = ids('v0.16.0').find(({ id, aliases }) => [id, ...aliases].includes('GO-2023-2102'));
  assert.equal(reset?.fixed, 'v0.17.0');
  assert.match(reset.id, /^CVE-/);
  assert.equal(reset.explain.ecosystem, 'Go');
  assert.ok(!ids('v0.17.0').some(({ aliases }) => aliases.includes('GO-2023-2102')));
});

test('Go: the standard library is judged by the version of the toolchain', { skip }, () => {
  const source = osvSource('osv-go');
  const count = (version: string) =>
    matchPackages([pkg('golang', 'stdlib', version)], undefined, source).findings.length;
  assert.ok(count('go1.20.1') > count('go1.22.5'));
  assert.ok(count('go1.22.5') > 0);
});

test('PyPI: Django 3.2.0 has findings under CVE ids, each with a fix above it', { skip }, () => {
  const { findings } = matchPackages([pkg('pypi', 'Django', '3.2.0')], undefined, osvSource('osv-pypi'));
  assert.ok(findings.length > 20);
  const cves = findings.filter(({ id }) => id.startsWith('CVE-'));
  assert.ok(cves.length > 20);
  assert.equal(new Set(findings.map(({ id }) => id)).size, findings.length);
});

test('AlmaLinux: an old openssl is vulnerable, the epoch counts', { skip }, () => {
  const os: OsRelease = {
    id: 'almalinux',
    idLike: ['rhel'],
    versionId: '9.1',
    codename: '',
    prettyName: 'AlmaLinux 9.1',
  };
  const source = osvSource('osv-almalinux');
  const { findings } = matchPackages([pkg('rpm', 'openssl-libs', '1:3.0.1-41.el9')], os, source);
  assert.ok(findings.length > 0);
  for (const { fixed, explain } of findings) {
    assert.match(fixed, /^1:/);
    assert.equal(explain.ecosystem, 'AlmaLinux:9');
  }
  assert.equal(matchPackages([pkg('rpm', 'openssl-libs', '1:99.0-1.el9')], os, source).findings.length, 0);
});

test('versions and bounds of real advisories can be compared', { skip }, () => {
  for (const [name, atMost] of [
    ['osv-go', 0],
    ['osv-crates', 0],
    ['osv-pypi', 0.002],
    ['osv-almalinux', 0],
    ['osv-bitnami', 0.001],
  ] as const) {
    const entries = records<OsvRecord>(name).flatMap((record) => affectedOfOsv(record, name));
    const bounds = entries.flatMap(({ scheme, ranges }) =>
      ranges
        .flatMap(({ introduced, fixed, lastAffected }) => [introduced, fixed, lastAffected])
        .filter((bound) => bound !== '' && bound !== '0')
        .map((bound) => ({ scheme, bound })),
    );
    const bad = bounds.filter(({ scheme, bound }) => !isVersion(scheme, bound)).map(({ bound }) => bound);
    assert.ok(bounds.length > 500, name);
    assert.ok(
      bad.length <= bounds.length * atMost,
      `${name}: ${bad.length} of ${bounds.length}: ${bad.slice(0, 5).join(' ')}`,
    );
  }
});

test('PyPI: ranges and listed versions of real advisories agree', { skip }, () => {
  let listed = 0;
  let outside = 0;
  for (const entry of records<OsvRecord>('osv-pypi').flatMap((record) => affectedOfOsv(record, 'osv-pypi'))) {
    if (entry.ranges.length === 0) continue;
    for (const version of entry.versions.slice(0, 20)) {
      if (!isVersion(entry.scheme, version)) continue;
      listed += 1;
      if (typeof judgeVersion({ ...entry, versions: [] }, version) === 'string') outside += 1;
    }
  }
  assert.ok(listed > 10_000);
  assert.ok(outside < listed * 0.01, `${outside} of ${listed}`);
});

test('real CVSS vectors have the scores that were published with them', { skip }, () => {
  const rows = records<{ cvss?: string; score?: number }>('vulnrichment-slim').filter(
    (row) => row.cvss && row.score && !row.cvss.includes('/E:'),
  );
  const wrong = rows.filter(({ cvss = '', score }) => cvssScore(cvss) !== score);
  assert.ok(rows.length > 30_000);
  assert.ok(
    wrong.length < rows.length * 0.01,
    `${wrong.length} of ${rows.length}: ${JSON.stringify(wrong.slice(0, 4))}`,
  );
});
