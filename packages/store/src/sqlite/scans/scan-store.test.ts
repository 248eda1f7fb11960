// The store of scans, one behaviour after the other; random sequences are in scan-store-properties.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SoftwarePackage } from '@guardcell/core';
import type { RunningContainer } from '../../scan-ports.ts';
import {
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

function container(id: string, more: Partial<RunningContainer> = {}): RunningContainer {
  return {
    id,
    name: `web-${id}`,
    hostname: 'n1',
    namespace: 'shop',
    pod: 'p',
    image: 'shop/web:1',
    manifestDigest: '',
    imageId: '',
    ...more,
  };
}

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

test('threads end when nobody asks, and the next question starts them', async () => {
  await using at = await openScans(30);
  const { store } = at;
  await store.putScan(names({ manifestDigest: M1 }), sampleReport([openssl]), NOON_MS);
  assert.equal((await store.artifacts({}, 10)).items.length, 1);
  for (let waited = 0; store.threads() > 0 && waited < 200; waited += 1)
    await new Promise((done) => setTimeout(done, 20));
  assert.equal(store.threads(), 0);
  assert.equal((await store.artifacts({}, 10)).items.length, 1);
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

test('facts that nothing names any more are swept and readers do not mix them up', async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: M1 }), sampleReport([openssl, zlib]), NOON_MS);
  await match(store, M1, [sampleFinding('CVE-1', openssl), sampleFinding('CVE-2', zlib)]);
  assert.equal((await store.vulnerabilities({}, 'id', 10)).items.length, 2);
  await match(store, M1, [sampleFinding('CVE-2', zlib)]);
  await store.compact();
  await match(store, M1, [sampleFinding('CVE-2', zlib), sampleFinding('CVE-9', openssl, { summary: 'new' })]);
  const { items } = await store.vulnerabilities({}, 'id', 10);
  assert.deepEqual(
    items.map(({ id, summary }) => [id, summary]),
    [
      ['CVE-2', 'what CVE-2 is'],
      ['CVE-9', 'new'],
    ],
  );
});

test('images that neither run nor were seen since are forgotten', async () => {
  await using at = await openScans();
  const { store } = at;
  for (const [name, seenMs] of [
    ['a', 0],
    ['b', 0],
    ['c', 5000],
  ] as const)
    await store.putScan(
      names({ manifestDigest: digest(name), reference: name }),
      sampleReport([openssl]),
      NOON_MS + seenMs,
    );
  await store.setRunning('s1', [container('c1', { manifestDigest: digest('a') })]);
  assert.equal(await store.dropBefore(NOON_MS + 1000), 1);
  assert.deepEqual(
    (await store.artifacts({ sort: 'name' }, 10)).items.map(({ name }) => name),
    ['a', 'c'],
  );
  assert.deepEqual([...(await store.known([digest('b')]))], []);
  await store.setRunning('s1', []);
  assert.equal(await store.dropBefore(NOON_MS + 10_000), 2);
});

test('a comparison tells what packages and vulnerabilities changed', async () => {
  await using at = await openScans();
  const { store } = at;
  const newer = samplePackage('openssl', '3.0.2');
  const curl = samplePackage('curl', '8.0');
  await store.putScan(names({ manifestDigest: digest('a') }), sampleReport([openssl, zlib]), NOON_MS);
  await store.putScan(names({ manifestDigest: digest('b') }), sampleReport([newer, curl]), NOON_MS);
  await match(store, digest('a'), [
    sampleFinding('CVE-1', openssl),
    sampleFinding('CVE-2', openssl),
    sampleFinding('CVE-3', zlib),
  ]);
  await match(store, digest('b'), [
    sampleFinding('CVE-2', newer),
    sampleFinding('CVE-4', curl, { severity: 'critical' }),
  ]);
  const found = await store.compare(digest('a'), digest('b'));
  assert.deepEqual(found?.packages, [
    { name: 'curl', type: 'deb', from: '', to: '8.0' },
    { name: 'openssl', type: 'deb', from: '3.0.1', to: '3.0.2' },
    { name: 'zlib1g', type: 'deb', from: '1.2', to: '' },
  ]);
  assert.deepEqual(
    found?.added.map(({ id }) => id),
    ['CVE-4'],
  );
  assert.deepEqual(
    found?.removed.map(({ id }) => id),
    ['CVE-1', 'CVE-3'],
  );
  assert.deepEqual(
    [found?.counts.added.critical, found?.counts.removed.high, found?.counts.unchanged.high],
    [1, 2, 1],
  );
  assert.equal(await store.compare(digest('a'), digest('x')), undefined);
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

test('the plan names a newer base image where layers show what was built on the old one', async () => {
  await using at = await openScans();
  const { store } = at;
  const image = (layers: readonly string[]) => ({ artifact: { ...sampleReport([]).artifact, layers } });
  const inBase = samplePackage('libc', '1', { locations: [{ path: '/c', layer: 'sha256:base1' }] });
  const own = samplePackage('app', '1', { type: 'npm', locations: [{ path: '/a', layer: 'sha256:own' }] });
  const put = (
    name: string,
    reference: string,
    packages: readonly SoftwarePackage[],
    layers: string[],
    ms = 0,
  ) =>
    store.putScan(
      names({ manifestDigest: digest(name), reference }),
      sampleReport(packages, image(layers)),
      NOON_MS + ms,
    );
  await put('base-old', 'debian:12', [inBase], ['sha256:base1']);
  await match(store, digest('base-old'), [sampleFinding('CVE-1', inBase), sampleFinding('CVE-2', inBase)]);
  await put('app', 'shop/app:1', [inBase, own], ['sha256:base1', 'sha256:own']);
  const findings = [
    sampleFinding('CVE-1', inBase, { fixed: '', status: 'affected' }),
    sampleFinding('CVE-2', inBase),
    sampleFinding('CVE-3', own, { score: 1 }),
  ];
  await match(store, digest('app'), findings);
  const before = await store.fixPlan({ artifact: digest('app') });
  assert.deepEqual(
    before.items.map(({ action }) => action),
    ['apt-get install --only-upgrade libc=2.0', 'npm install app@2.0'],
  );
  const newer = samplePackage('libc', '2', { locations: [{ path: '/c', layer: 'sha256:base2' }] });
  await put('base-new', 'debian:12', [newer], ['sha256:base2'], 1000);
  await match(store, digest('base-new'), [sampleFinding('CVE-2', newer)]);
  const { items } = await store.fixPlan({ artifact: digest('app') });
  assert.deepEqual(
    items
      .filter(({ package: purl }) => purl === '')
      .map(({ action, from, to, vulnerabilities, artifacts }) => [
        action,
        from,
        to,
        vulnerabilities,
        artifacts,
      ]),
    [['FROM debian:12', digest('base-old'), digest('base-new'), ['CVE-1'], 1]],
  );
});

test('names from images never become shell syntax in the plan', async () => {
  await using at = await openScans();
  const { store } = at;
  const hostile = samplePackage('x; rm -rf ~', '1', { type: 'npm' });
  const option = samplePackage('--registry=evil', '1', { type: 'npm' });
  await store.putScan(names({ manifestDigest: M1 }), sampleReport([hostile, option]), NOON_MS);
  await match(store, M1, [sampleFinding('CVE-1', hostile, { score: 50 }), sampleFinding('CVE-2', option)]);
  const { items } = await store.fixPlan({});
  assert.deepEqual(
    items.map(({ action }) => action),
    ['Upgrade x; rm -rf ~ to 2.0', 'Upgrade --registry=evil to 2.0'],
  );
});
