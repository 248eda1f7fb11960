// Fix plans and comparisons.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SoftwarePackage } from '@guardcell/core';
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

test("Go's standard library comes with the tools that build, modules with their own versions", async () => {
  await using at = await openScans();
  const { store } = at;
  const stdlib = samplePackage('stdlib', '1.19.4', { type: 'golang' });
  const net = samplePackage('golang.org/x/net', 'v0.16.0', { type: 'golang' });
  await store.putScan(names({ manifestDigest: M1 }), sampleReport([stdlib, net]), NOON_MS);
  await match(store, M1, [
    sampleFinding('CVE-1', stdlib, { score: 50, fixed: '1.25.13' }),
    sampleFinding('CVE-2', net, { fixed: 'v0.56.0' }),
  ]);
  const { items } = await store.fixPlan({});
  assert.deepEqual(
    items.map(({ action }) => action),
    ['go get toolchain@go1.25.13', 'go get golang.org/x/net@v0.56.0'],
  );
});
