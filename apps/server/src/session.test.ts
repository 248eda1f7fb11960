import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from './testing/test-server.ts';

let fixture: TestServer;
before(async () => {
  fixture = await startTestServer();
});
after(() => fixture[Symbol.asyncDispose]());

interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
}

async function signIn(password = fixture.server.adminPassword): Promise<SignedIn> {
  const body = { username: 'admin', password };
  const answer = await fixture.call('/api/v1/session', { method: 'POST', body, token: '' });
  assert.equal(answer.status, 200, answer.text);
  const cookie = answer.headers.getSetCookie()[0] ?? '';
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  return { cookie: cookie.split(';')[0] ?? '', csrf: answer.json.csrfToken as string };
}

test('the first start makes an administrator whose password is not in the store', async () => {
  const password = fixture.server.adminPassword ?? '';
  assert.ok(password.length >= 20);
  const stored = JSON.stringify(await fixture.server.platform.state.list('user'));
  assert.ok(!stored.includes(password));
  assert.match(stored, /scrypt/);
});

test('a wrong password and an unknown user get the same answer', async () => {
  const attempt = (username: string): ReturnType<TestServer['call']> =>
    fixture.call('/api/v1/session', { method: 'POST', body: { username, password: 'wrong' }, token: '' });
  const [wrong, unknown] = [await attempt('admin'), await attempt('nobody')];
  assert.equal(wrong.status, 401);
  assert.deepEqual({ ...wrong.json, requestId: '' }, { ...unknown.json, requestId: '' });
});

test('a write by cookie needs the CSRF token, a read does not', async () => {
  const { cookie, csrf } = await signIn();
  const body = { retentionDays: 7, notifyAllow: [], protectedContainers: [] };
  const put = (headers: Record<string, string>): ReturnType<TestServer['call']> =>
    fixture.call('/api/v1/settings', { method: 'PUT', body, token: '', headers: { cookie, ...headers } });
  assert.equal((await fixture.call('/api/v1/settings', { token: '', headers: { cookie } })).status, 200);
  assert.equal((await put({})).json.code, 'GC_CSRF');
  assert.equal((await put({ 'x-csrf-token': 'x' })).json.code, 'GC_CSRF');
  assert.equal((await put({ 'x-csrf-token': csrf })).status, 200);
  assert.equal((await fixture.call('/api/v1/settings')).json.retentionDays, 7);
});

test('signing in from a form on another site is refused', async () => {
  const body = { username: 'admin', password: fixture.server.adminPassword };
  const headers = { origin: 'https://evil.example' };
  const answer = await fixture.call('/api/v1/session', { method: 'POST', body, token: '', headers });
  assert.equal(answer.json.code, 'GC_CSRF');
});

test('signing out ends the session', async () => {
  const { cookie, csrf } = await signIn();
  const headers = { cookie, 'x-csrf-token': csrf };
  assert.equal((await fixture.call('/api/v1/session', { token: '', headers })).json.user.name, 'admin');
  assert.equal((await fixture.call('/api/v1/session', { method: 'DELETE', token: '', headers })).status, 204);
  assert.equal((await fixture.call('/api/v1/session', { token: '', headers })).status, 401);
});

test('a new password ends the other sessions and replaces the old one', async () => {
  const [mine, other] = [await signIn(), await signIn()];
  const next = 'a much better password';
  const body = { current: fixture.server.adminPassword, next };
  const headers = { cookie: mine.cookie, 'x-csrf-token': mine.csrf };
  const path = '/api/v1/session/password';
  assert.equal((await fixture.call(path, { method: 'POST', body, token: '', headers })).status, 204);
  assert.equal((await fixture.call('/api/v1/session', { token: '', headers })).status, 200);
  const stale = await fixture.call('/api/v1/session', { token: '', headers: { cookie: other.cookie } });
  assert.equal(stale.status, 401);
  await signIn(next);
  const local = await fixture.call(path, { method: 'POST', body });
  assert.equal(local.status, 403, 'the local token has no password');
});

test('guessing is slowed down', async () => {
  const body = { username: 'victim', password: 'guess' };
  const statuses: number[] = [];
  for (let i = 0; i < 8; i++) {
    statuses.push((await fixture.call('/api/v1/session', { method: 'POST', body, token: '' })).status);
  }
  assert.equal(statuses.at(-1), 429);
});

test('a revoked API key opens nothing', async () => {
  const made = await fixture.call('/api/v1/api-keys', {
    method: 'POST',
    body: { name: 'ci', role: 'viewer', expiresInDays: 30 },
  });
  assert.equal(made.status, 201);
  const token = made.json.token as string;
  assert.equal((await fixture.call('/api/v1/status', { token })).status, 200);
  assert.equal(
    (await fixture.call(`/api/v1/api-keys/${made.json.key.id}`, { method: 'DELETE' })).status,
    204,
  );
  assert.equal((await fixture.call('/api/v1/status', { token })).status, 401);
  assert.equal(
    (await fixture.call(`/api/v1/api-keys/${made.json.key.id}`, { method: 'DELETE' })).status,
    404,
  );
});
