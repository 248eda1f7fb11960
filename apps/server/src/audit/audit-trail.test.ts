import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '@guardcell/contract';
import { manualClock, silentLogger } from '@guardcell/kit';
import { type JsonValue, openMemoryStateStore, type StateStore } from '@guardcell/store';
import { valueOf } from '../stored.ts';
import { type AuditFact, createAuditTrail, hashOf } from './audit-trail.ts';

const FACT: AuditFact = {
  actor: { name: 'admin', kind: 'user' },
  from: '127.0.0.1',
  operation: 'putSettings',
  target: 'PUT /api/v1/settings',
  result: 'done',
  status: 200,
  code: '',
  requestId: 'r',
};

async function filled(count: number): Promise<StateStore> {
  const state = openMemoryStateStore();
  const trail = createAuditTrail(state, manualClock(0), silentLogger);
  await Promise.all(Array.from({ length: count }, (_, at) => trail.append({ ...FACT, status: 200 + at })));
  return state;
}

const verify = (state: StateStore): ReturnType<ReturnType<typeof createAuditTrail>['verify']> =>
  createAuditTrail(state, manualClock(0), silentLogger).verify();

async function entryAt(state: StateStore, seq: number): Promise<{ id: string; entry: AuditEntry }> {
  const id = String(seq).padStart(16, '0');
  const record = await state.get('audit', id);
  assert.ok(record !== undefined);
  return { id, entry: valueOf<AuditEntry>(record) };
}

const put = (state: StateStore, id: string, entry: AuditEntry): Promise<unknown> =>
  state.commit([{ op: 'put', kind: 'audit', id, value: entry as unknown as JsonValue }]);

test('a trail that nobody has touched is whole, also when it goes on after a restart', async () => {
  const state = await filled(10);
  await createAuditTrail(state, manualClock(0), silentLogger).append(FACT);
  const verdict = await verify(state);
  assert.deepEqual([verdict.ok, verdict.entries, verdict.firstSeq, verdict.lastSeq], [true, 11, 1, 11]);
});

test('an entry that was changed shows, even when its own hash was made anew', async () => {
  const state = await filled(10);
  const { id, entry } = await entryAt(state, 5);
  await put(state, id, { ...entry, target: 'DELETE /api/v1/users/x' });
  assert.deepEqual(
    (await verify(state)).faults.map(({ seq }) => seq),
    [5],
  );
  const forged = { ...entry, target: 'DELETE /api/v1/users/x' };
  await put(state, id, { ...forged, hash: hashOf(forged) });
  assert.deepEqual(
    (await verify(state)).faults.map(({ seq }) => seq),
    [6],
  );
});

test('entries that are taken out of the beginning, the middle or the end show', async () => {
  for (const seq of [1, 5, 10]) {
    const state = await filled(10);
    const { id } = await entryAt(state, seq);
    await state.commit([{ op: 'delete', kind: 'audit', id }]);
    assert.equal((await verify(state)).ok, false, String(seq));
  }
});

test('entries that changed places show', async () => {
  const state = await filled(10);
  const [a, b] = [await entryAt(state, 4), await entryAt(state, 5)];
  await put(state, a.id, b.entry);
  await put(state, b.id, a.entry);
  assert.equal((await verify(state)).ok, false);
});

test('the oldest entries go when there are too many or they are too old, and the rest stays whole', async () => {
  const state = openMemoryStateStore();
  const clock = manualClock(0);
  const trail = createAuditTrail(state, clock, silentLogger, { maxEntries: 5, maxAgeMs: 1000 });
  for (let at = 0; at < 12; at++) await trail.append(FACT);
  assert.equal(await trail.prune(), 7);
  assert.deepEqual([(await trail.verify()).ok, (await trail.verify()).firstSeq], [true, 8]);
  clock.advance(5000);
  await trail.append(FACT);
  assert.equal(await trail.prune(), 5);
  assert.deepEqual([(await trail.verify()).ok, (await trail.verify()).entries], [true, 1]);
});

test('pages go back in time without repeating or leaving out', async () => {
  const trail = createAuditTrail(await filled(10), manualClock(0), silentLogger);
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await trail.list(3, cursor);
    seen.push(...page.items.map(({ seq }) => seq));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(seen, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  await assert.rejects(trail.list(3, 'rubbish'), { code: 'GC_INVALID_CURSOR' });
});

test('a full disk loses the entry, counts it, and breaks nothing', async () => {
  const state = await filled(2);
  let full = true;
  const flaky: StateStore = {
    ...state,
    commit: (writes) => (full ? Promise.reject(new Error('full')) : state.commit(writes)),
  };
  const trail = createAuditTrail(flaky, manualClock(0), silentLogger);
  await trail.append(FACT);
  assert.equal(trail.lost, 1);
  full = false;
  await trail.append(FACT);
  assert.deepEqual([(await trail.verify()).ok, (await trail.verify()).entries], [true, 3]);
});
