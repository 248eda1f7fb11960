// What the store of scans forgets, sweeps and gives back, and its threads.
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
  at.clock.advance(8000);
  await store.setRunning('s1', []);
  assert.equal(await store.dropBefore(NOON_MS + 7000), 1, 'what ran until now was seen until now');
  assert.equal(await store.dropBefore(NOON_MS + 10_000), 1);
});

test('what a sensor ran that never came back counts as ended an hour after a restart', async () => {
  await using at = await openScans();
  await at.store.putScan(names({ manifestDigest: M1 }), sampleReport([openssl]), NOON_MS);
  await at.store.setRunning('s1', [container('c1', { manifestDigest: M1 })]);
  await at.store.setRunning('s2', [container('c2', { manifestDigest: M1 })]);
  const store = await at.reopen();
  await store.setRunning('s2', [container('c2', { manifestDigest: M1 })]);
  await store.dropBefore(0);
  assert.equal((await store.artifact(M1))?.summary.running, 2);
  at.clock.advance(2 * 3_600_000);
  await store.dropBefore(0);
  assert.deepEqual(
    (await store.artifact(M1))?.containers.map(({ id }) => id),
    ['c2'],
  );
});

test('the file gives space back when much was dropped', async () => {
  await using at = await openScans();
  const { store } = at;
  const random = () => Math.random().toString(36);
  for (let image = 0; image < 20; image += 1) {
    const packages = Array.from({ length: 300 }, () => samplePackage(random() + random()));
    await store.putScan(
      names({ manifestDigest: digest(`${image}`) }),
      sampleReport(packages),
      NOON_MS + image,
    );
  }
  const { sizeBytes } = await store.counts();
  assert.equal(await store.dropBefore(NOON_MS + 18), 18);
  const after = await store.counts();
  assert.deepEqual([after.artifacts, after.sizeBytes < sizeBytes / 2], [2, true]);
  assert.equal((await store.report(digest('19')))?.packages.length, 300);
});
