// What sensors missed is remembered with whatever it may concern: "never touched" may not be said of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTAINER_ID, SENSOR } from '../testing/sample-alerts.ts';
import { IMAGE_ID, MANIFEST, sampleReport, sampleUpload } from '../testing/sample-scans.ts';
import { startTestServer } from '../testing/test-server.ts';

test('losses count for containers without an image, too', async () => {
  await using server = await startTestServer();
  const at = new Date().toISOString();
  const container = { containerId: CONTAINER_ID, manifestDigest: '', imageId: '', from: at, to: at };
  const upload = { sensorId: SENSOR, containers: [{ ...container, lost: 3, packages: [] }] };
  assert.equal((await server.agent('POST', '/agent/v1/in-use', upload)).status, 204);
  const losses = await server.server.platform.state.list('in-use-loss');
  assert.deepEqual(
    losses.map(({ id }) => id),
    [`container:${CONTAINER_ID}`],
  );
});

test('losses reach the artifact under whichever digest the runtime knows its image', async () => {
  await using server = await startTestServer();
  const scanned = sampleUpload(sampleReport());
  assert.equal((await server.agent('POST', '/agent/v1/scans', scanned)).status, 204);
  const at = new Date().toISOString();
  const container = { containerId: CONTAINER_ID, manifestDigest: '', imageId: IMAGE_ID, from: at, to: at };
  const upload = { sensorId: SENSOR, containers: [{ ...container, lost: 3, packages: [] }] };
  assert.equal((await server.agent('POST', '/agent/v1/in-use', upload)).status, 204);
  const losses = await server.server.platform.state.list('in-use-loss');
  assert.ok(losses.some(({ id }) => id === MANIFEST));
});
