// Who decides about risks: never whoever asked alone, by whatever door they come in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '@guardcell/kit';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

type Headers = Readonly<Record<string, string>>;

async function signedIn(server: TestServer, name: string): Promise<Headers> {
  const made = await server.call('/api/v1/users', { method: 'POST', body: { name, role: 'admin' } });
  const body = { username: name, password: made.json.password as string };
  const answer = await server.call('/api/v1/session', { method: 'POST', token: '', body });
  assert.equal(answer.status, 200, answer.text);
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { cookie, 'x-csrf-token': answer.json.csrfToken as string };
}

const ask = (untilMs: number): unknown => ({
  scope: { vulnerability: 'CVE-2030-10001', package: '', artifact: '', image: '' },
  kind: 'accept-risk',
  reason: 'the fix comes next week',
  until: new Date(untilMs).toISOString(),
});

const AT = '/api/v1/risk-acceptances';

test('nobody approves what they have asked for by way of a key that they made', async () => {
  await using server = await startTestServer();
  const ada = await signedIn(server, 'ada');
  const bob = await signedIn(server, 'bob');
  const post = (path: string, body: unknown, who: Headers | string) =>
    server.call(path, {
      method: 'POST',
      body,
      ...(typeof who === 'string' ? { token: who } : { token: '', headers: who }),
    });
  const keyOf = async (who: Headers | string, role = 'admin'): Promise<string> =>
    (await post('/api/v1/api-keys', { name: 'door', role, expiresInDays: 1 }, who)).json.token as string;
  const key = await keyOf(ada);
  const second = await keyOf(key);
  const body = ask(Date.now() + 3_600_000);
  const approve = async (id: string, who: Headers | string): Promise<string> => {
    const { json } = await post(`${AT}/${id}/approve`, { note: '' }, who);
    return (json.code ?? json.state) as string;
  };
  const inPerson = (await post(AT, body, ada)).json.id as string;
  assert.equal(await approve(inPerson, ada), 'GC_OWN_REQUEST');
  assert.equal(await approve(inPerson, key), 'GC_OWN_REQUEST');
  assert.equal(await approve(inPerson, second), 'GC_OWN_REQUEST', 'a key that was made with a key');
  assert.equal(await approve(inPerson, await keyOf(bob)), 'approved');
  const byKey = (await post(AT, body, await keyOf(ada, 'responder'))).json.id as string;
  assert.equal(await approve(byKey, ada), 'GC_OWN_REQUEST');
  assert.equal(await approve(byKey, bob), 'approved');
});

test('requests that nobody decided on end by their time, and make room for others', async () => {
  const clock = manualClock(Date.now());
  await using server = await startTestServer({ deps: { clock } });
  const { json } = await server.call(AT, { method: 'POST', body: ask(clock.nowMs() + 1000) });
  assert.equal(json.state, 'requested');
  clock.advance(2000);
  await server.server.platform.scanning.acceptances.expire();
  assert.equal((await server.call(`${AT}/${json.id}`)).json.state, 'expired');
});
