// How far what runs can be reached: counted by artifact, told when findings say something else, read from older files.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { UNKNOWN_EXPOSURE, type WorkloadExposure } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { openSqliteScanStore, type SqliteScanStore } from './sqlite-scan-store.ts';
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

const openssl = samplePackage('openssl');
const WEB = digest('web');
const WEB_IMAGE = digest('web config');
const PUBLISHED: WorkloadExposure = {
  level: 'published',
  ports: ['80/tcp'],
  endpoints: ['0.0.0.0:8080'],
  privileged: false,
};
const INTERNAL: WorkloadExposure = { ...UNKNOWN_EXPOSURE, level: 'internal' };

async function scanned(store: SqliteScanStore, id: string, imageId = ''): Promise<void> {
  await store.putScan(names({ manifestDigest: id, imageId }), sampleReport([openssl]), NOON_MS);
  await match(store, id, [sampleFinding('CVE-1', openssl)]);
}

async function matchAgain(store: SqliteScanStore, id: string): Promise<void> {
  const input = await store.matchInput(id);
  assert.ok(input !== undefined);
  const outcome = await store.putMatches(input, [sampleFinding('CVE-1', openssl)], 'r1', NOON_MS);
  assert.equal(outcome.taken, true);
}

test('an artifact whose containers are reached otherwise than its findings say is told, until it was matched', async () => {
  await using at = await openScans();
  const { store } = at;
  await scanned(store, WEB, WEB_IMAGE);
  await scanned(store, digest('other'));
  assert.deepEqual(await store.exposureChanges(), []);
  // One container is known by either digest of the image.
  const [a, b] = [
    container('c1', { imageId: WEB_IMAGE, exposure: INTERNAL }),
    container('c2', { manifestDigest: WEB, exposure: PUBLISHED }),
  ];
  await store.setRunning('s1', [a, b]);
  assert.deepEqual((await store.matchInput(WEB))?.exposure, PUBLISHED);
  assert.deepEqual(await store.exposureChanges(), [{ id: WEB, isLess: false }]);
  await matchAgain(store, WEB);
  assert.deepEqual(await store.exposureChanges(), []);
  // Another port of the host says nothing new.
  await store.setRunning('s1', [a, { ...b, exposure: { ...PUBLISHED, endpoints: ['0.0.0.0:9'] } }]);
  assert.deepEqual(await store.exposureChanges(), []);
  await store.setRunning('s1', [a]);
  assert.deepEqual(await store.exposureChanges(), [{ id: WEB, isLess: true }]);
  await store.setRunning('s1', []);
  await matchAgain(store, WEB);
  assert.deepEqual(await store.exposureChanges(), []);
});

test('what can be reached is found by the filter, with its reason at the container', async () => {
  await using at = await openScans();
  const { store } = at;
  await scanned(store, WEB);
  await scanned(store, digest('other'));
  await store.setRunning('s1', [
    container('c1', { manifestDigest: WEB, exposure: PUBLISHED }),
    container('c2', { manifestDigest: WEB, exposure: INTERNAL }),
  ]);
  const facets = await store.facets({});
  assert.deepEqual(facets.exposed.map(({ value, count }) => `${value} ${count}`).sort(), [
    'false 1',
    'true 1',
  ]);
  const { items } = await store.vulnerableArtifacts({ exposed: true }, 10);
  assert.deepEqual(
    items.map(({ id }) => id),
    [WEB],
  );
  const workloads = await store.vulnerableWorkloads({ exposed: true }, 10);
  assert.deepEqual(
    workloads.items.map(({ container: id, exposure }) => [id, exposure]),
    [['c1', PUBLISHED]],
  );
  const shown = (await store.artifact(WEB))?.containers.map(({ exposure }) => exposure.level);
  assert.deepEqual(shown, ['published', 'internal']);
});

test('a file of a version that knew nothing of exposure is taken over', async () => {
  await using at = await openScans();
  await scanned(at.store, WEB);
  await at.store.setRunning('s1', [container('c1', { manifestDigest: WEB })]);
  await at.store.close();
  const database = new DatabaseSync(at.file);
  database.exec('ALTER TABLE running DROP COLUMN exposure; ALTER TABLE artifact DROP COLUMN exposure');
  database.close();
  const store = await openSqliteScanStore({ file: at.file, logger: silentLogger, clock: at.clock });
  try {
    assert.equal((await store.artifact(WEB))?.containers[0]?.exposure.level, 'unknown');
    await store.setRunning('s1', [container('c1', { manifestDigest: WEB, exposure: PUBLISHED })]);
    await matchAgain(store, WEB);
    assert.deepEqual((await store.matchInput(WEB))?.exposure, PUBLISHED);
  } finally {
    await store.close();
  }
});
