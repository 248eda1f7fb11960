// What the SQLite stores do when files, threads or processes fail under them.
import assert from 'node:assert/strict';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EVERYTHING } from '@guardcell/core';
import { silentLogger, systemClock } from '@guardcell/kit';
import { NOON_MS, sampleItem, sampleItems } from '../conformance/sample-alert.ts';
import { allPages } from '../conformance/store-case.ts';
import { dayFileName, dayOf } from '../day.ts';
import { openSqliteEventStore, type SqliteEventStore } from './sqlite-event-store.ts';
import { openSqliteStateStore } from './sqlite-state-store.ts';

const DAY_MS = 86_400_000;
const FILE = dayFileName(dayOf(NOON_MS));

interface Folder extends AsyncDisposable {
  readonly dir: string;
  open(): Promise<SqliteEventStore>;
}

async function folder(): Promise<Folder> {
  const dir = await mkdtemp(join(tmpdir(), 'gc-faults-'));
  const opened: SqliteEventStore[] = [];
  return {
    dir,
    async open() {
      const store = await openSqliteEventStore({ dir, logger: silentLogger, clock: systemClock });
      opened.push(store);
      return store;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((store) => store.close()));
      await rm(dir, { recursive: true });
    },
  };
}

/** Overwrites all of a file but its first page, so that it still looks like a database. */
async function damage(file: string, from = 4096): Promise<void> {
  const handle = await open(file, 'r+');
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(Math.max(0, size - from), 0x5a), 0, Math.max(0, size - from), from);
  await handle.close();
}

test('everything is there after closing and opening again, and positions go on', async () => {
  await using at = await folder();
  const first = await at.open();
  const { positions } = await first.append(sampleItems(1, 20));
  await first.close();
  const store = await at.open();
  assert.equal((await allPages(store)).length, 20);
  const later = await store.append(sampleItems(15, 21));
  assert.deepEqual([later.accepted, later.duplicate], [1, 6]);
  assert.ok((later.positions.at(-1) ?? 0) > (positions.at(-1) ?? 0));
  assert.equal(await store.highestContiguousSeq('sensor1', 1), 21);
});

test('positions go on after everything was forgotten and the store was opened again', async () => {
  await using at = await folder();
  const first = await at.open();
  const { positions } = await first.append(sampleItems(1, 5));
  await first.dropBefore(NOON_MS + 9 * DAY_MS);
  assert.deepEqual(
    (await readdir(at.dir)).filter((name) => name.startsWith('events-2')),
    [],
  );
  await first.close();
  const store = await at.open();
  assert.equal((await store.stats()).lastPosition, positions.at(-1));
  assert.ok(((await store.append(sampleItems(6, 6))).positions[0] ?? 0) > (positions.at(-1) ?? 0));
});

test('a file that is no database is set aside at start, declared, and the other days are served', async () => {
  await using at = await folder();
  const first = await at.open();
  const { positions } = await first.append([sampleItem(1), sampleItem(2, { timeMs: NOON_MS + DAY_MS })]);
  await first.close();
  await writeFile(
    join(at.dir, FILE),
    'this is not a database, it is a text that stands in its place'.repeat(50),
  );
  const store = await at.open();
  assert.deepEqual(await allPages(store), ['sensor1-1-2']);
  assert.deepEqual(
    (await store.gaps(0, NOON_MS * 2)).map(({ reason, sensor }) => [reason, sensor]),
    [['store-corrupt', 'store']],
  );
  assert.equal((await readdir(at.dir)).filter((name) => name.startsWith(`${FILE}.corrupt-`)).length, 1);
  const later = await store.append([sampleItem(3)]);
  assert.ok((later.positions[0] ?? 0) > Math.max(...positions));
});

test('a day found damaged by a question is set aside, declared with its size, and the rest is answered', async () => {
  await using at = await folder();
  const first = await at.open();
  await first.append([...sampleItems(1, 300), sampleItem(301, { timeMs: NOON_MS + DAY_MS })]);
  await first.close();
  const store = await at.open();
  await store.append([sampleItem(302, { timeMs: NOON_MS + DAY_MS })]);
  await damage(join(at.dir, FILE));
  const [ids, found] = await Promise.all([allPages(store), store.facet(EVERYTHING, 'rule', 5)]);
  assert.deepEqual(ids, ['sensor1-1-302', 'sensor1-1-301']);
  assert.equal(found[0]?.count, 2);
  assert.deepEqual(
    (await store.gaps(0, NOON_MS * 2)).map(({ reason, lost }) => [reason, lost]),
    [['store-corrupt', 300]],
  );
  assert.equal((await store.stats()).events, 2);
});

test('an append to a damaged day goes into a new file of that day', async () => {
  await using at = await folder();
  const first = await at.open();
  await first.append(sampleItems(1, 300));
  await first.close();
  const store = await at.open();
  await damage(join(at.dir, FILE));
  assert.equal((await store.append(sampleItems(301, 400))).accepted, 100);
  const stored = await allPages(store, EVERYTHING, 50);
  assert.ok(stored.length === 100 || stored.length === 400);
  assert.equal(stored.length === 100, (await store.gaps(0, NOON_MS * 2)).length === 1);
  assert.equal((await store.stats()).state, 'ok');
});

test('a damaged meta file is set aside and no position comes back', async () => {
  await using at = await folder();
  const first = await at.open();
  const { positions } = await first.append(sampleItems(1, 3));
  await first.close();
  await writeFile(join(at.dir, 'events-meta.sqlite'), 'x'.repeat(5000));
  const store = await at.open();
  assert.equal((await allPages(store)).length, 3);
  assert.ok(((await store.append([sampleItem(4)])).positions[0] ?? 0) > Math.max(...positions));
});

test('files beside the day files are left alone', async () => {
  await using at = await folder();
  await writeFile(join(at.dir, 'events-2026-99-99.sqlite'), 'x');
  await writeFile(join(at.dir, 'notes.txt'), 'x');
  const store = await at.open();
  await store.append(sampleItems(1, 1));
  await store.dropBefore(NOON_MS + 9 * DAY_MS);
  assert.ok((await readdir(at.dir)).includes('notes.txt'));
});

test('when the writing thread dies waiting appends fail with a code and later ones work', async () => {
  await using at = await folder();
  const store = await at.open();
  await store.append(sampleItems(1, 5));
  const outcomes = Promise.allSettled([
    store.append(sampleItems(6, 500)),
    store.append(sampleItems(501, 600)),
  ]);
  await store.crashWorker('writer');
  for (const outcome of await outcomes) {
    if (outcome.status === 'rejected')
      assert.equal((outcome.reason as { code?: unknown }).code, 'GC_STORE_IO');
  }
  await store.append(sampleItems(1, 700));
  assert.equal((await allPages(store, EVERYTHING, 100)).length, 700);
  assert.equal((await store.stats()).events, 700);
  assert.equal((await store.stats()).state, 'ok');
});

test('when a reading thread dies its questions fail with a code and later ones are answered', async () => {
  await using at = await folder();
  const store = await at.open();
  await store.append(sampleItems(1, 50));
  for (const which of ['lists', 'counts'] as const) {
    const asked = which === 'lists' ? store.list(EVERYTHING, 5) : store.count(EVERYTHING);
    const outcome = Promise.allSettled([asked]);
    await store.crashWorker(which);
    const [first] = await outcome;
    if (first?.status === 'rejected') assert.equal((first.reason as { code?: unknown }).code, 'GC_STORE_IO');
  }
  assert.equal((await store.list(EVERYTHING, 50)).items.length, 50);
  assert.equal(await store.count(EVERYTHING), 50);
});

test('a folder that cannot be made is a coded error', async () => {
  await using at = await folder();
  await writeFile(join(at.dir, 'file'), '');
  const dir = join(at.dir, 'file', 'events');
  await assert.rejects(openSqliteEventStore({ dir, logger: silentLogger, clock: systemClock }), {
    code: 'GC_STORE_IO',
  });
  await assert.rejects(openSqliteStateStore({ file: join(dir, 'state.sqlite'), logger: silentLogger }), {
    code: 'GC_STORE_IO',
  });
});

test('a file of a later version is refused and not changed', async () => {
  await using at = await folder();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(at.dir, 'state.sqlite'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  await assert.rejects(openSqliteStateStore({ file: join(at.dir, 'state.sqlite'), logger: silentLogger }), {
    code: 'GC_STORE_IO',
  });
});

test('damaged state is a coded error and is not replaced by an empty one', async () => {
  await using at = await folder();
  const file = join(at.dir, 'state.sqlite');
  await writeFile(file, 'x'.repeat(5000));
  await assert.rejects(openSqliteStateStore({ file, logger: silentLogger }), { code: 'GC_STORE_CORRUPT' });
  assert.equal((await readFile(file)).length, 5000);
});

test('state is there after closing and opening again, and revisions go on', async () => {
  await using at = await folder();
  const file = join(at.dir, 'deep', 'state.sqlite');
  const first = await openSqliteStateStore({ file, logger: silentLogger });
  const before = await first.commit([{ op: 'put', kind: 'user', id: 'a', value: { name: 'ada' } }]);
  await first.close();
  const store = await openSqliteStateStore({ file, logger: silentLogger });
  try {
    assert.deepEqual((await store.get('user', 'a'))?.value, { name: 'ada' });
    const after = await store.commit([{ op: 'put', kind: 'user', id: 'b', value: 1 }]);
    assert.ok(before.ok && after.ok && after.revision > before.revision);
  } finally {
    await store.close();
  }
});
