// Writes that meet each other or are repeated, and writes that name what they must not.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Answer, sampleUpdate, startTestServer, type TestServer } from './testing/test-server.ts';

const SETTINGS = { retentionDays: 7, notifyAllow: [], protectedContainers: [] };
const RULE = {
  name: 'tell',
  description: '',
  enabled: true,
  trigger: { rules: [], tags: [], minSeverity: 'low' },
  guard: '',
  actions: [{ do: 'notify', with: { url: 'https://hooks.example/services/TOKEN' } }],
  cooldownSeconds: 60,
  maxTargets: 10,
  mode: 'enforce',
};

type Headers = Record<string, string>;

const putSettings = (fixture: TestServer, body: object, headers: Headers = {}): Promise<Answer> =>
  fixture.call('/api/v1/settings', { method: 'PUT', body, headers });

const putRule = (fixture: TestServer, over: object, headers: Headers = {}): Promise<Answer> =>
  fixture.call('/api/v1/responses/tell', { method: 'PUT', body: { ...RULE, ...over }, headers });

test('who read old settings does not overwrite new ones', async () => {
  await using fixture = await startTestServer();
  const tag = (await fixture.call('/api/v1/settings')).headers.get('etag') ?? '';
  assert.match(tag, /^"\d+"$/);
  const written = await putSettings(fixture, SETTINGS, { 'if-match': tag });
  assert.equal(written.status, 200);
  assert.notEqual(written.headers.get('etag'), tag);
  const late = await putSettings(fixture, { ...SETTINGS, retentionDays: 8 }, { 'if-match': tag });
  assert.deepEqual([late.status, late.json.code], [412, 'GC_STALE']);
  assert.equal((await fixture.call('/api/v1/settings')).json.retentionDays, 7);
  const both = await Promise.all(
    [9, 10].map((retentionDays) =>
      putSettings(fixture, { ...SETTINGS, retentionDays }, { 'if-match': written.headers.get('etag') ?? '' }),
    ),
  );
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 412]);
  assert.equal((await putSettings(fixture, SETTINGS)).status, 200, 'without the header the last one wins');
});

test('the same holds for response rules', async () => {
  await using fixture = await startTestServer();
  assert.equal((await putRule(fixture, {}, { 'if-match': '*' })).status, 412, 'there is none yet');
  const tag = (await putRule(fixture, {})).headers.get('etag') ?? '';
  assert.equal((await fixture.call('/api/v1/responses/tell')).headers.get('etag'), tag);
  assert.equal((await putRule(fixture, { description: 'a' }, { 'if-match': tag })).status, 200);
  assert.equal((await putRule(fixture, { description: 'b' }, { 'if-match': tag })).status, 412);
  assert.equal((await fixture.call('/api/v1/responses/tell')).json.description, 'a');
});

test('a repeated request with the same key does nothing again and gets the same record', async () => {
  await using fixture = await startTestServer({ deps: { actionWaitMs: 10 } });
  await fixture.agent('POST', '/agent/v1/report', sampleUpdate());
  const run = (action: string, key: string, token?: string): Promise<Answer> =>
    fixture.call('/api/v1/actions', {
      method: 'POST',
      body: { do: action, container: 'web' },
      headers: { 'idempotency-key': key },
      ...(token !== undefined && { token }),
    });
  const first = await run('pause', 'k1');
  assert.equal((await run('pause', 'k1')).json.id, first.json.id);
  assert.equal((await run('stop', 'k1')).json.code, 'GC_IDEMPOTENCY_MISMATCH');
  const together = await Promise.all([run('pause', 'k2'), run('pause', 'k2'), run('pause', 'k2')]);
  assert.equal(new Set(together.map(({ json }) => json.id)).size, 1);
  assert.equal((await run('pause', 'x'.repeat(201))).status, 400);
  const body = { name: 'ci', role: 'responder', expiresInDays: 1 };
  const token = (await fixture.call('/api/v1/api-keys', { method: 'POST', body })).json.token as string;
  assert.notEqual((await run('pause', 'k1', token)).json.id, first.json.id, 'keys of others are theirs');
  assert.equal((await fixture.call('/api/v1/actions')).json.items.length, 3);
});

test('a rule made through the API signs with keys from the folder for secrets only', async () => {
  await using fixture = await startTestServer();
  const secrets = join(fixture.dir, 'secrets');
  await writeFile(join(secrets, 'hook.key'), 'k'.repeat(32));
  const withSecret = (secretFile: string): Promise<Answer> =>
    putRule(fixture, { actions: [{ do: 'notify', with: { url: 'https://hooks.example/', secretFile } }] });
  for (const path of [
    '/etc/shadow',
    join(fixture.dir, 'credential.json'),
    `${secrets}/../credential.json`,
    `${secrets}/a/../../agent-token`,
    `${secrets}/.hidden`,
    `${secrets}//hook.key`,
    secrets,
    'secrets/hook.key',
  ]) {
    const { status, json } = await withSecret(path);
    assert.deepEqual([status, json.code], [422, 'GC_INVALID_RESPONSE_RULE'], path);
  }
  assert.equal((await withSecret(join(secrets, 'hook.key'))).status, 200);
});

test('tokens in the addresses of receivers are shown to administrators only', async () => {
  await using fixture = await startTestServer();
  await putRule(fixture, {});
  const body = { name: 'ci', role: 'responder', expiresInDays: 1 };
  const token = (await fixture.call('/api/v1/api-keys', { method: 'POST', body })).json.token as string;
  for (const path of ['/api/v1/responses', '/api/v1/responses/tell']) {
    assert.match((await fixture.call(path)).text, /TOKEN/);
    const { text } = await fixture.call(path, { token });
    assert.match(text, /hooks\.example/);
    assert.doesNotMatch(text, /TOKEN/);
  }
});

test('behind a proxy the metrics need a key', async () => {
  await using fixture = await startTestServer({ options: { publicUrl: 'https://guardcell.example' } });
  const { url, token } = JSON.parse(await readFile(join(fixture.dir, 'credential.json'), 'utf8')) as {
    url: string;
    token: string;
  };
  assert.equal((await fetch(`${url}/metrics`)).status, 401);
  assert.equal(
    (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status,
    200,
  );
});
