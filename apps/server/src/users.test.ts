// Accounts, and what the audit trail says of what was done with them, through the whole server.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock } from '@guardcell/kit';
import { openMemoryEventStore, openMemoryStateStore } from '@guardcell/store';
import { type Answer, startTestServer, type TestServer } from './testing/test-server.ts';

const signIn = (fixture: TestServer, username: string, password: string): Promise<Answer> =>
  fixture.call('/api/v1/session', { method: 'POST', body: { username, password }, token: '' });

function cookieOf(answer: Answer): Record<string, string> {
  return { cookie: (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '' };
}

const create = (fixture: TestServer, name: string, role: string): Promise<Answer> =>
  fixture.call('/api/v1/users', { method: 'POST', body: { name, role } });

const isSignedIn = async (fixture: TestServer, headers: Record<string, string>): Promise<boolean> =>
  (await fixture.call('/api/v1/session', { token: '', headers })).status === 200;

test('a user is created with a password that is shown once and works', async () => {
  await using fixture = await startTestServer();
  const made = await create(fixture, 'ada', 'viewer');
  assert.equal(made.status, 201);
  assert.ok(made.json.password.length >= 20);
  assert.equal((await signIn(fixture, 'ada', made.json.password)).json.user.role, 'viewer');
  assert.ok(!(await fixture.call('/api/v1/users')).text.includes(made.json.password));
  assert.equal((await create(fixture, 'ada', 'admin')).json.code, 'GC_EXISTS');
  for (const name of ['', 'A', '../x', 'a b', '__proto__', 'x\u001b[2J']) {
    assert.equal((await create(fixture, name, 'viewer')).status, 400, name);
  }
  const given = { name: 'bob', role: 'viewer', password: 'correct horse battery' };
  const chosen = await fixture.call('/api/v1/users', { method: 'POST', body: given });
  assert.equal(chosen.json.password, '', 'a password that the caller chose is not sent back');
  assert.equal((await signIn(fixture, 'bob', given.password)).status, 200);
});

test('a new password ends every session of the user, the deletion of the user does too', async () => {
  await using fixture = await startTestServer();
  const { password } = (await create(fixture, 'ada', 'viewer')).json;
  const first = cookieOf(await signIn(fixture, 'ada', password));
  assert.equal(await isSignedIn(fixture, first), true);
  const reset = await fixture.call('/api/v1/users/ada/password', { method: 'POST', body: {} });
  assert.equal(reset.status, 200);
  assert.equal(await isSignedIn(fixture, first), false);
  assert.equal((await signIn(fixture, 'ada', password)).status, 401);
  const second = cookieOf(await signIn(fixture, 'ada', reset.json.password));
  assert.equal((await fixture.call('/api/v1/users/ada', { method: 'DELETE' })).status, 204);
  assert.equal(await isSignedIn(fixture, second), false);
  await create(fixture, 'ada', 'admin');
  assert.equal(await isSignedIn(fixture, second), false, 'another user of that name is somebody else');
});

test('a session that was opened while the password changed is worth nothing', async () => {
  await using fixture = await startTestServer();
  const { users, sessions } = fixture.server.platform;
  const { password } = await users.create('ada', 'viewer');
  const early = await users.signIn('ada', password);
  await users.resetPassword('ada');
  await sessions.closeAll('ada');
  // Only now the sign-in with the old password gets round to opening its session.
  const { token } = await sessions.open(early);
  assert.equal(await sessions.find(token), undefined);
});

test('a change of role holds at once for open sessions', async () => {
  await using fixture = await startTestServer();
  const { password } = (await create(fixture, 'ada', 'admin')).json;
  const headers = cookieOf(await signIn(fixture, 'ada', password));
  const listUsers = async (): Promise<number> =>
    (await fixture.call('/api/v1/users', { token: '', headers })).status;
  assert.equal(await listUsers(), 200);
  const body = { role: 'viewer' };
  assert.equal((await fixture.call('/api/v1/users/ada', { method: 'PUT', body })).status, 200);
  assert.equal(await listUsers(), 403);
});

test('somebody stays administrator, also when two are taken away at the same time', async () => {
  await using fixture = await startTestServer();
  const gone = (name: string): Promise<Answer> => fixture.call(`/api/v1/users/${name}`, { method: 'DELETE' });
  assert.equal((await gone('admin')).json.code, 'GC_LAST_ADMIN');
  const body = { role: 'viewer' };
  const demoted = await fixture.call('/api/v1/users/admin', { method: 'PUT', body });
  assert.equal(demoted.json.code, 'GC_LAST_ADMIN');
  await create(fixture, 'ada', 'admin');
  const statuses = (await Promise.all([gone('admin'), gone('ada')])).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [204, 409]);
});

test('the first password is not lost when the server dies before it was shown, and gone after the first sign-in', async () => {
  const [state, events] = [openMemoryStateStore(), openMemoryEventStore()];
  const close = (): Promise<void> => Promise.resolve();
  const stores = { state: { ...state, close }, events: { ...events, close } };
  await using first = await startTestServer({ stores });
  const password = first.server.adminPassword ?? '';
  await first.server.close();
  await using second = await startTestServer({ stores, dir: first.dir });
  assert.equal(second.server.adminPassword, password);
  assert.equal((await signIn(second, 'admin', password)).status, 200);
  await assert.rejects(readFile(join(first.dir, 'first-password')));
  await second.server.close();
  await using third = await startTestServer({ stores, dir: first.dir });
  assert.equal(third.server.adminPassword, undefined);
});

test('every write and every sign-in is on the audit trail, with who, from where and how it ended, without secrets', async () => {
  await using fixture = await startTestServer();
  const { password } = (await create(fixture, 'ada', 'viewer')).json;
  const secret = 'my secret typed as a name';
  await signIn(fixture, secret, 'x');
  await signIn(fixture, 'ada', 'wrong');
  const answer = await signIn(fixture, 'ada', password);
  const headers = { ...cookieOf(answer), 'x-csrf-token': answer.json.csrfToken as string };
  await fixture.call('/api/v1/users/ada', { method: 'DELETE', token: '', headers });
  await fixture.call('/api/v1/users/ada', { method: 'DELETE', token: '' });
  const made = await fixture.call('/api/v1/api-keys', {
    method: 'POST',
    body: { name: 'ci', role: 'viewer', expiresInDays: 1 },
  });
  const trail = await fixture.call('/api/v1/audit');
  const lines = trail.json.items.map(
    (each: { actor: { name: string }; operation: string; result: string; code: string }) =>
      [each.actor.name, each.operation, each.result, each.code].join(' '),
  );
  assert.deepEqual(lines, [
    'local createApiKey done ',
    'ada deleteUser refused GC_FORBIDDEN',
    'ada login done ',
    'ada login refused GC_BAD_CREDENTIALS',
    ' login refused GC_BAD_CREDENTIALS',
    'local createUser done ',
  ]);
  for (const hidden of [password, secret, made.json.token]) assert.ok(!trail.text.includes(hidden));
  assert.match(trail.text, /ada as viewer/);
  assert.equal(trail.json.items[0].from, '127.0.0.1');
  const verdict = await fixture.call('/api/v1/audit/verification');
  assert.deepEqual([verdict.json.ok, verdict.json.lastSeq], [true, 6]);
});

test('one caller cannot ask without end', async () => {
  // Its bucket does not fill again meanwhile, however slow the machine is.
  await using fixture = await startTestServer({ deps: { clock: manualClock(Date.now()) } });
  const body = { name: 'ci', role: 'viewer', expiresInDays: 1 };
  const token = (await fixture.call('/api/v1/api-keys', { method: 'POST', body })).json.token as string;
  const statuses = await Promise.all(
    Array.from({ length: 1010 }, async () => (await fixture.call('/api/v1/session', { token })).status),
  );
  assert.ok(statuses.includes(429));
  assert.equal((await fixture.call('/api/v1/session')).status, 200, 'others are not concerned');
});
