import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '@guardcell/kit';
import { openMemoryStateStore } from '@guardcell/store';
import { put } from '../stored.ts';
import { addressKey } from './address-key.ts';
import { createApiKeys } from './api-keys.ts';
import { createLoginGuard } from './login-guard.ts';
import { createPasswordHasher } from './password.ts';
import { ABSOLUTE_MS, createSessions, IDLE_MS } from './sessions.ts';
import { createTokenBuckets } from './token-bucket.ts';

const ADMIN = { name: 'admin', role: 'admin', generation: 'g' } as const;
const CHEAP = { logN: 4, r: 1, p: 1 };

test('a password is verified against its hash, and hashes are salted', async () => {
  const hasher = createPasswordHasher(CHEAP);
  const [first, second] = [await hasher.hash('correct horse'), await hasher.hash('correct horse')];
  assert.notEqual(first, second);
  assert.match(first, /^\$scrypt\$ln=4,r=1,p=1\$/);
  assert.equal(await hasher.verify('correct horse', first), true);
  assert.equal(await hasher.verify('correct horsf', first), false);
  assert.equal(await hasher.verify('correct horse', undefined), false);
  assert.equal(await hasher.verify('correct horse', 'rubbish'), false);
});

test('more sign-ins at once than a server can hash are put off', async () => {
  const hasher = createPasswordHasher(CHEAP);
  const all = await Promise.allSettled(Array.from({ length: 60 }, () => hasher.verify('x', undefined)));
  assert.ok(all.some((each) => each.status === 'rejected'));
  assert.equal(await hasher.verify('x', undefined), false);
});

test('a bucket refills with time and the number of buckets is bounded', () => {
  const clock = manualClock(0);
  const buckets = createTokenBuckets({ burst: 2, perSecond: 1, maxKeys: 3, clock });
  assert.deepEqual([buckets.take('a'), buckets.take('a'), buckets.take('a')], [0, 0, 1]);
  clock.advance(1000);
  assert.equal(buckets.take('a'), 0);
  for (let i = 0; i < 100; i++) buckets.take(`k${i}`);
  assert.equal(buckets.size, 3);
});

test('a clock that jumps back takes nothing away', () => {
  const clock = manualClock(1_000_000);
  const buckets = createTokenBuckets({ burst: 1, perSecond: 1, maxKeys: 3, clock });
  clock.advance(-500_000);
  assert.equal(buckets.take('a'), 0);
});

test('guessing from one address does not lock the owner out at another', () => {
  const guard = createLoginGuard(manualClock(0));
  for (let i = 0; i < 5; i++) guard.attempt('admin', '10.0.0.1');
  assert.throws(() => guard.attempt('admin', '10.0.0.1'), { code: 'GC_RATE_LIMITED' });
  assert.throws(() => guard.attempt('ADMIN', '10.0.0.1'), { code: 'GC_RATE_LIMITED' });
  assert.doesNotThrow(() => guard.attempt('admin', '10.0.0.2'));
});

test('signing in rightly again and again is never limited', () => {
  const guard = createLoginGuard(manualClock(0));
  for (let i = 0; i < 100; i++) {
    guard.attempt('admin', '10.0.0.1');
    guard.succeeded('admin', '10.0.0.1');
  }
});

test('a session slides while it is used and ends in the end', async () => {
  const clock = manualClock(Date.parse('2026-01-01'));
  const state = openMemoryStateStore();
  await state.commit([put('user', 'admin', ADMIN)]);
  const sessions = createSessions(state, clock);
  const { token } = await sessions.open(ADMIN);
  clock.advance(IDLE_MS - 1000);
  assert.equal((await sessions.find(token))?.name, 'admin');
  clock.advance(IDLE_MS - 1000);
  assert.equal((await sessions.find(token))?.name, 'admin', 'extended by the use before');
  assert.equal(await sessions.find(`${token}x`), undefined);
  clock.advance(IDLE_MS + 1000);
  assert.equal(await sessions.find(token), undefined);
  assert.equal(await sessions.sweep(), 1);

  const long = await sessions.open(ADMIN);
  for (let used = 0; used < ABSOLUTE_MS; used += 3_600_000) {
    clock.advance(3_600_000);
    await sessions.find(long.token);
  }
  assert.equal(await sessions.find(long.token), undefined, 'sign in again after a week');
});

test('the store has neither the token of a session nor that of a key', async () => {
  const clock = manualClock(Date.parse('2026-01-01'));
  const state = openMemoryStateStore();
  const { token } = await createSessions(state, clock).open(ADMIN);
  const keys = createApiKeys(state, clock);
  const key = await keys.create('ci', 'viewer', 1, '');
  const stored = JSON.stringify([await state.list('session'), await state.list('api-key')]);
  assert.ok(!stored.includes(token));
  assert.ok(!stored.includes(key.token.slice(-43)));
  assert.equal((await keys.find(key.token))?.role, 'viewer');
  assert.notEqual((await keys.list())[0]?.lastUsedAt, '');
  assert.equal(await keys.find(key.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))), undefined);
  clock.advance(86_400_001);
  assert.equal(await keys.find(key.token), undefined, 'expired');
});

test('who is stopped at one address cannot use up the attempts that the account has elsewhere', () => {
  const guard = createLoginGuard(manualClock(0));
  for (let i = 0; i < 500; i++) {
    try {
      guard.attempt('admin', '10.0.0.1');
    } catch {
      // Limited, as it should be.
    }
  }
  assert.doesNotThrow(() => guard.attempt('admin', '10.0.0.2'));
});

test('all addresses that one IPv6 client can choose from count as one', () => {
  assert.equal(addressKey('2001:db8:1:2:aaaa::1'), addressKey('2001:db8:1:2:ffff:1:2:3'));
  assert.notEqual(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'));
  assert.equal(addressKey('::1'), '0:0:0:0::/64');
  assert.equal(addressKey('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(addressKey('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(addressKey('192.0.2.1'), '192.0.2.1');
});
