// Reports reach the server in order, whatever happens on the way.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { silentLogger } from '@guardcell/kit';
import { openOutbox } from './outbox.ts';

const SUBJECT = { kind: 'host', containerId: '', name: 'n', manifestDigest: '', imageId: '' } as const;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gc-outbox-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function until(what: () => boolean): Promise<void> {
  for (let waited = 0; !what() && waited < 5000; waited += 10) await sleep(10);
  assert.ok(what());
}

test('a report that the server does not take waits, and is sent when it does', async (t) => {
  const folder = folderOf(t);
  const sent: string[] = [];
  let calls = 0;
  const outbox = openOutbox(
    folder,
    (file) => {
      calls++;
      if (calls === 1) return Promise.reject(new Error('away'));
      sent.push((JSON.parse(gunzipSync(readFileSync(file)).toString()) as { requestId: string }).requestId);
      return Promise.resolve(204);
    },
    Date.now,
    silentLogger,
  );
  t.after(() => outbox.stop());
  outbox.put({ sensorId: 's', requestId: 'r/1', subject: SUBJECT });
  outbox.put({ sensorId: 's', requestId: 'r/2', subject: SUBJECT });
  assert.equal(outbox.holds('r/1'), true);
  assert.equal(outbox.holds('r/3'), false);
  await until(() => sent.length === 2);
  assert.deepEqual(sent, ['r/1', 'r/2']);
  assert.deepEqual(readdirSync(folder), []);
});

test('reports of the agent before are sent, halves of them are not', async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, '000-0-a.json.gz'), 'x');
  writeFileSync(join(folder, '000-1-b.json.gz.new'), 'x');
  const sent: string[] = [];
  const outbox = openOutbox(
    folder,
    (file) => Promise.resolve(sent.push(file) > 0 ? 200 : 500),
    Date.now,
    silentLogger,
  );
  t.after(() => outbox.stop());
  await until(() => sent.length === 1);
  await until(() => readdirSync(folder).length === 0);
});

test('a report that the server refuses for what it is is dropped, one that it cannot take now is not', async (t) => {
  const folder = folderOf(t);
  const answers = [503, 400, 204];
  const outbox = openOutbox(folder, () => Promise.resolve(answers.shift() ?? 500), Date.now, silentLogger);
  t.after(() => outbox.stop());
  outbox.put({ sensorId: 's', requestId: '1', subject: SUBJECT });
  outbox.put({ sensorId: 's', requestId: '2', subject: SUBJECT });
  await until(() => answers.length === 0);
  await until(() => readdirSync(folder).length === 0);
});

test('a server that is away for long costs no more than two hundred reports', async (t) => {
  const folder = folderOf(t);
  const outbox = openOutbox(folder, () => Promise.reject(new Error('away')), Date.now, silentLogger);
  for (let n = 0; n < 230; n++) outbox.put({ sensorId: 's', requestId: `r${n}`, subject: SUBJECT });
  await outbox.stop();
  const again = openOutbox(folder, () => Promise.reject(new Error('away')), Date.now, silentLogger);
  t.after(() => again.stop());
  await until(() => readdirSync(folder).length === 200);
  assert.equal(again.holds('r229'), true);
  assert.equal(again.holds('r0'), false);
});
