// The store of scans, one behaviour after the other; random sequences are in scan-store-properties.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  container,
  digest,
  match,
  NOON_MS,
  names,
  openScans,
  sampleFinding,
  samplePackage,
  sampleReport,
} from './testing/samples.ts';

const openssl = samplePackage('openssl', '3.0.1', { source: { name: 'openssl', version: '3.0.1' } });
const zlib = samplePackage('zlib1g', '1.2', { locations: [{ path: '/z', layer: 'sha256:layer2' }] });
const M1 = digest('m1');
const I1 = digest('i1');

test('a scan and its matches come back as they were given', async () => {
  await using at = await openScans();
  const { store } = at;
  const secret = {
    rule: 'aws',
    title: 'key',
    severity: 'high',
    path: '/k',
    line: 3,
    excerpt: 'A***',
  } as const;
  const report = sampleReport([zlib, openssl], { secrets: [secret] });
  const id = await store.putScan(
    names({ manifestDigest: M1, imageId: I1, reference: 'r/shop:1', registry: 'main' }),
    report,
    NOON_MS,
  );
  assert.equal(id, M1);
  const findings = [
    sampleFinding('CVE-1', openssl, {
      score: 90,
      severity: 'critical',
      aliases: ['GHSA-1'],
      factors: [
        { name: 'kev', value: 'exploited', effect: 25 },
        { name: 'epss', value: '12.5 % within 30 days', effect: 7 },
        { name: 'in-use', value: 'loaded', effect: 6 },
      ],
      inUse: 'loaded',
    }),
    sampleFinding('CVE-2', zlib, { fixed: '', status: 'will-not-fix', severity: 'low', score: 10 }),
  ];
  assert.deepEqual(await match(store, M1, findings), { taken: true, added: [], first: true });
  const back = await store.report(I1);
  assert.deepEqual(back, { ...report, packages: [openssl, zlib], vulnerabilities: findings });
  const artifact = await store.artifact('r/shop:1');
  assert.deepEqual(artifact?.summary.vulnerabilities, { critical: 1, high: 0, medium: 0, low: 1, info: 0 });
  assert.deepEqual(
    [
      artifact?.summary.exploited,
      artifact?.summary.inUse,
      artifact?.summary.fixable,
      artifact?.summary.risk,
      artifact?.summary.secrets,
    ],
    [1, 1, 1, 90, 1],
  );
  assert.deepEqual(
    artifact?.layers.map((layer) => [
      layer.packages,
      layer.vulnerabilities.critical,
      layer.vulnerabilities.low,
    ]),
    [
      [1, 1, 0],
      [1, 0, 1],
    ],
  );
  const groups = await store.vulnerabilities({}, 'risk', 10);
  assert.deepEqual(
    groups.items.map((group) => [group.id, group.epss, group.exploited, group.packages, group.summary]),
    [
      ['CVE-1', 0.125, true, ['openssl'], 'what CVE-1 is'],
      ['CVE-2', -1, false, ['zlib1g'], 'what CVE-2 is'],
    ],
  );
  const inLayer = await store.artifactVulnerabilities(M1, { layer: 'sha256:layer2' }, 10);
  assert.deepEqual(
    inLayer.items.map((item) => [item.id, item.path]),
    [['CVE-2', '/z']],
  );
  const packages = await store.packages(M1, { vulnerable: true, q: 'SSL' }, 10);
  assert.deepEqual(
    packages.items.map((item) => [item.package.name, item.vulnerabilities.critical, item.inUse]),
    [['openssl', 1, 'unknown']],
  );
  assert.deepEqual(
    (await store.occurrences('ghsa-1', {}, 10)).items.map((item) => [item.artifact, item.package]),
    [[M1, openssl.purl]],
  );
  const plan = await store.fixPlan({});
  assert.deepEqual(
    plan.items.map((step) => [step.action, step.package, step.artifacts]),
    [['apt-get install --only-upgrade openssl=2.0', openssl.purl, 1]],
  );
  assert.deepEqual(
    (await store.facets({ severity: ['low'] })).severity.map(({ value, count }) => [value, count]),
    [
      ['critical', 1],
      ['low', 1],
    ],
  );
  assert.deepEqual(await store.unmatched('db1', 10), []);
  assert.deepEqual(await store.unmatched('db2', 10), [M1]);
});

test('what a matching adds is told once, and first sightings survive', async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: M1 }), sampleReport([openssl, zlib]), NOON_MS);
  await match(store, M1, [sampleFinding('CVE-1', openssl)]);
  const second = await match(
    store,
    M1,
    [sampleFinding('CVE-1', openssl), sampleFinding('CVE-3', zlib)],
    NOON_MS + 60_000,
  );
  assert.deepEqual([second.first, second.added.map(({ id }) => id)], [false, ['CVE-3']]);
  const page = await store.artifactVulnerabilities(M1, { sort: 'id' }, 10);
  assert.deepEqual(
    page.items.map(({ id, firstSeenAt }) => [id, firstSeenAt]),
    [
      ['CVE-1', '2026-05-01T12:00:00.000Z'],
      ['CVE-3', '2026-05-01T12:01:00.000Z'],
    ],
  );
});

test('matches of an older scan are refused', async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: M1 }), sampleReport([openssl]), NOON_MS);
  const old = await store.matchInput(M1);
  await store.putScan(names({ manifestDigest: M1 }), sampleReport([zlib]), NOON_MS);
  assert.ok(old !== undefined);
  assert.equal((await store.putMatches(old, [], 'db1', NOON_MS)).taken, false);
  assert.equal((await store.matchInput(M1))?.report.packages[0]?.name, 'zlib1g');
});

test('what could not be judged is told with what could not be read, until it is judged', async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: M1 }), sampleReport([openssl]), NOON_MS);
  const before = (await store.artifact(M1))?.errors ?? [];
  const gap = { code: 'GC_OS_NO_ADVISORIES', message: 'none', at: 'x', hint: '' };
  const input = await store.matchInput(M1);
  assert.ok(input !== undefined);
  await store.putMatches(input, [], 'db1', NOON_MS, [gap]);
  const unjudged = await store.artifact(M1);
  assert.deepEqual(unjudged?.errors, [...before, gap]);
  const known = before.filter((error) => error.level !== 'note').length;
  assert.equal(unjudged.summary.errors, known + 1);
  assert.deepEqual((await store.report(M1))?.errors, [...before, gap]);
  await store.putMatches(input, [], 'db2', NOON_MS);
  assert.equal((await store.artifact(M1))?.summary.errors, known);
});

test('an image scanned by its digest and by its id is one artifact as soon as something names both', async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: M1, reference: 'r/shop:1' }), sampleReport([openssl]), NOON_MS);
  await match(store, M1, [sampleFinding('CVE-1', openssl)], NOON_MS - 60_000);
  await store.putScan(
    names({ imageId: I1, reference: 'shop:1' }),
    sampleReport([openssl, zlib]),
    NOON_MS + 1000,
  );
  assert.equal((await store.artifacts({}, 10)).items.length, 2);
  await store.setRunning('s1', [
    container('c1', { manifestDigest: M1, imageId: I1 }),
    container('c2', { imageId: I1 }),
  ]);
  const { items } = await store.artifacts({}, 10);
  assert.deepEqual(
    items.map(({ id, packages, running, references }) => [id, packages, running, references]),
    [[M1, 2, 2, ['shop:1', 'r/shop:1']]],
  );
  assert.deepEqual(await store.unmatched('db1', 10), [M1]);
  assert.equal((await store.vulnerabilities({}, 'risk', 10)).items[0]?.running, 2);
  await match(store, I1, [sampleFinding('CVE-1', openssl)]);
  assert.equal(
    (await store.artifactVulnerabilities(I1, {}, 10)).items[0]?.firstSeenAt,
    '2026-05-01T11:59:00.000Z',
  );
  assert.deepEqual([...(await store.known([M1, I1, digest('x')]))].sort(), [I1, M1].sort());
});

test('images of several platforms under one index digest stay apart', async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: M1, imageId: I1 }), sampleReport([openssl]), NOON_MS);
  const other = await store.putScan(
    names({ manifestDigest: M1, imageId: digest('i2') }),
    sampleReport([zlib]),
    NOON_MS,
  );
  assert.equal(other, digest('i2'));
  assert.equal((await store.artifact(I1))?.summary.id, M1);
  assert.equal((await store.artifact(digest('i2')))?.packageTypes[0]?.count, 1);
});

test('an acceptance silences what its scope covers until it is over, whoever asks', async () => {
  await using at = await openScans();
  const { store, clock } = at;
  await store.putScan(
    names({ manifestDigest: M1, reference: 'registry.example.com/shop/web:1' }),
    sampleReport([openssl, zlib]),
    NOON_MS,
  );
  await match(store, M1, [
    sampleFinding('CVE-1', openssl, { aliases: ['GHSA-1'] }),
    sampleFinding('CVE-2', zlib),
  ]);
  const scope = {
    vulnerability: 'GHSA-1',
    package: 'openssl',
    artifact: '',
    image: 'registry.example.com/shop/*',
  };
  assert.deepEqual(await store.preview(scope), { findings: 1, artifacts: 1, running: 0 });
  await store.setAcceptances([
    { id: 'a1', scope, kind: 'accept-risk', reason: 'behind a wall', until: '2026-05-01T13:00:00Z' },
  ]);
  assert.deepEqual(
    (await store.vulnerabilities({}, 'id', 10)).items.map(({ id }) => id),
    ['CVE-2'],
  );
  const silenced = await store.artifactVulnerabilities(M1, { accepted: true }, 10);
  assert.deepEqual(
    silenced.items.map(({ id, acceptance, suppressed }) => [id, acceptance, suppressed?.reason]),
    [['CVE-1', 'a1', 'behind a wall']],
  );
  assert.equal((await store.artifact(M1))?.summary.accepted, 1);
  clock.advance(3_600_000);
  assert.deepEqual(
    (await store.vulnerabilities({}, 'id', 10)).items.map(({ id }) => id),
    ['CVE-1', 'CVE-2'],
  );
  assert.equal((await store.artifact(M1))?.summary.accepted, 0);
});

test('evidence that comes before the scan counts, and grades only grow', async () => {
  await using at = await openScans();
  const { store } = at;
  const evidence = (grade: 'loaded' | 'opened' | 'executed', from: string, to: string, id = 'c1') => [
    {
      sensor: 's1',
      container: id,
      manifestDigest: '',
      imageId: I1,
      from,
      to,
      lost: 0,
      packages: [{ purl: openssl.purl, grade, lastAt: to, example: '/x' }],
    },
  ];
  assert.deepEqual(
    await store.putInUse(evidence('loaded', '2026-05-01T10:00:00.000Z', '2026-05-01T10:01:00.000Z')),
    [],
  );
  await store.putScan(names({ manifestDigest: M1, imageId: I1 }), sampleReport([openssl, zlib]), NOON_MS);
  const input = await store.matchInput(M1);
  assert.deepEqual([input?.inUse?.get(openssl.purl), input?.inUse?.has(zlib.purl)], ['loaded', false]);
  assert.deepEqual(
    await store.putInUse(evidence('opened', '2026-05-01T10:01:00.000Z', '2026-05-01T10:02:00.000Z')),
    [],
  );
  assert.deepEqual(
    await store.putInUse(evidence('executed', '2026-05-01T10:02:00.000Z', '2026-05-01T10:03:00.000Z', 'c2')),
    [M1],
  );
  assert.deepEqual((await store.matchInput(M1))?.window, {
    from: '2026-05-01T10:00:00.000Z',
    to: '2026-05-01T10:03:00.000Z',
    containers: 2,
  });
  assert.deepEqual(
    (await store.packages(M1, {}, 10)).items.map((item) => item.inUse),
    ['executed', 'untouched'],
  );
  assert.deepEqual((await store.artifact(M1))?.inUseWindow.containers, 2);
});

test('a further digest of a known image is an alias for readers too', async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: M1, imageId: I1 }), sampleReport([openssl]), NOON_MS);
  assert.equal((await store.artifact(I1))?.summary.id, M1);
  const other = digest('m2');
  assert.equal(
    await store.touch(names({ manifestDigest: other, imageId: I1, reference: 'x:2' }), NOON_MS),
    true,
  );
  assert.deepEqual((await store.artifact(other))?.summary.references, ['x:2']);
  assert.equal(await store.touch(names({ manifestDigest: digest('m3') }), NOON_MS), false);
});

test('a cursor goes on where the page ended while the list changes, and no other list takes it', async () => {
  await using at = await openScans();
  const { store } = at;
  const packages = Array.from({ length: 6 }, (_, index) => samplePackage(`package-${index}`));
  await store.putScan(names({ manifestDigest: M1 }), sampleReport(packages), NOON_MS);
  const all = packages.map((pkg, index) => sampleFinding(`CVE-${index}`, pkg, { score: 60 - index * 10 }));
  await match(store, M1, all);
  const first = await store.vulnerabilities({}, 'risk', 2);
  assert.deepEqual(
    first.items.map(({ id }) => id),
    ['CVE-0', 'CVE-1'],
  );
  const cursor = first.nextCursor ?? '';
  // What was shown last is gone, and another one came before it.
  await match(store, M1, [sampleFinding('CVE-9', packages[0] ?? openssl, { score: 99 }), ...all.slice(2)]);
  const second = await store.vulnerabilities({}, 'risk', 2, cursor);
  assert.deepEqual(
    second.items.map(({ id }) => id),
    ['CVE-2', 'CVE-3'],
  );
  const bad = { code: 'GC_BAD_CURSOR' };
  await assert.rejects(store.vulnerabilities({}, 'newest', 2, cursor), bad);
  await assert.rejects(store.vulnerablePackages({}, 2, cursor), bad);
  await assert.rejects(store.artifacts({}, 2, cursor), bad);
  for (const text of ['', 'x', '!', 'W10', 'e30', 'x'.repeat(10_000), `${cursor}AAAA`])
    await assert.rejects(store.vulnerabilities({}, 'risk', 2, text), bad, text);
  await assert.rejects(store.packages(M1, {}, 2, cursor), bad);
});

test('names of any length and any characters are paged through', async () => {
  await using at = await openScans();
  const { store } = at;
  const packages = [
    'x'.repeat(5000),
    '\u0001'.repeat(300),
    `${'x'.repeat(5000)}y`,
    '\u{1f9e8}'.repeat(900),
    '\ud800',
    '\0',
    '',
  ].map((name) => samplePackage(name));
  await store.putScan(names({ manifestDigest: M1 }), sampleReport(packages), NOON_MS);
  await match(
    store,
    M1,
    packages.map((pkg) => sampleFinding('CVE-1', pkg)),
  );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.vulnerablePackages({}, 1, cursor);
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
    assert.ok((cursor ?? '').length <= 4000);
  } while (cursor !== undefined);
  assert.deepEqual(
    seen.map((name) => name.toWellFormed()).toSorted(),
    packages.map(({ name }) => name.toWellFormed()).toSorted(),
  );
});
