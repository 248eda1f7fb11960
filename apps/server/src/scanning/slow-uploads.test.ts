// Uploads of agents that come slowly: they count from their first byte on, and stop counting when they are cut off.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleReport, sampleUpload } from '../testing/sample-scans.ts';
import { startTestServer } from '../testing/test-server.ts';

test('no more uploads are held than are checked at once, however slowly they come', async () => {
  await using server = await startTestServer();
  const token = (await readFile(join(server.dir, 'agent-token'), 'utf8')).trim();
  function begin(): ClientRequest {
    const call = request({
      socketPath: join(server.dir, 'agent.sock'),
      method: 'POST',
      path: '/agent/v1/scans',
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': 5_000_000,
      },
    });
    call.on('error', () => undefined);
    call.write('{');
    return call;
  }
  const upload = async (): Promise<number> =>
    (await server.agent('POST', '/agent/v1/scans', sampleUpload(sampleReport()))).status;
  async function eventually(status: number): Promise<void> {
    for (let attempt = 0; attempt < 100 && (await upload()) !== status; attempt++) await sleep(20);
    assert.equal(await upload(), status);
  }
  assert.equal(await upload(), 204);
  const slow = [begin(), begin()];
  await eventually(503);
  assert.equal((await server.agent('POST', '/agent/v1/in-use', {})).status, 503);
  // Who is refused takes no place.
  for (const call of slow) call.destroy();
  await eventually(204);
  for (let count = 0; count < 5; count++) assert.equal(await upload(), 204);
});
