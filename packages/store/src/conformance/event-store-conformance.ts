// What every event store must do, engine by engine the same. Run it with a function that opens an empty store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVERYTHING } from '@guardcell/core';
import type { AppendItem, EventStore } from '../ports.ts';
import { eventStoreAggregates } from './event-store-aggregates.ts';
import { eventStoreProperties } from './event-store-properties.ts';
import { eventStoreSearch } from './event-store-search.ts';
import { during, NOON_MS, sampleItem, sampleItems } from './sample-alert.ts';
import { allPages, type OpenEmpty, type StoreCase } from './store-case.ts';

const DAY_MS = 86_400_000;

const code = (expected: string) => (thrown: unknown) =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === expected;

function appending(store: StoreCase): void {
  store('gives each new alert a position that grows', async (events) => {
    const first = await events.append(sampleItems(1, 3));
    const second = await events.append(sampleItems(4, 4));
    const positions = [...first.positions, ...second.positions];
    assert.deepEqual([first.accepted, first.duplicate], [3, 0]);
    assert.deepEqual(
      positions,
      [...new Set(positions)].sort((a, b) => a - b),
    );
  });
  store('stores a batch that is sent again only once', async (events) => {
    await events.append(sampleItems(1, 3));
    const again = await events.append(sampleItems(2, 4));
    assert.deepEqual([again.accepted, again.duplicate], [1, 2]);
    assert.deepEqual(again.positions.slice(0, 2), [0, 0]);
    assert.equal(await events.count(EVERYTHING), 4);
  });
  store('stores an alert that is twice in a batch only once', async (events) => {
    const result = await events.append([sampleItem(1), sampleItem(1)]);
    assert.deepEqual([result.accepted, result.duplicate, result.positions[1]], [1, 1, 0]);
  });
  store('takes an empty batch', async (events) => {
    assert.deepEqual(await events.append([]), { accepted: 0, duplicate: 0, positions: [] });
  });
  store('keeps streams of other sensors and epochs apart', async (events) => {
    const items = [sampleItem(1), sampleItem(1, { epoch: 2 }), sampleItem(1, { sensor: 'sensor2' })];
    assert.equal((await events.append(items)).accepted, 3);
  });
  store('takes many appends at once and answers each with its own result', async (events) => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => events.append(sampleItems(index * 5 + 1, index * 5 + 7))),
    );
    assert.equal(
      results.reduce((sum, result) => sum + result.accepted, 0),
      102,
    );
    assert.equal(
      results.reduce((sum, result) => sum + result.duplicate, 0),
      38,
    );
    assert.equal(await events.count(EVERYTHING), 102);
  });
  store('returns the alert exactly as it came', async (events) => {
    const item = sampleItem(1, {
      message: 'tab\t, NUL \0, line\nbreak, 😀, lone \ud800',
      args: { ключ: 'значение' },
    });
    await events.append([item]);
    assert.deepEqual(await events.get(item.alert.id), item.alert);
  });
  store('stores an alert of 64 KiB', async (events) => {
    const item = sampleItem(1, { message: 'x'.repeat(65_536) });
    await events.append([item, sampleItem(2)]);
    assert.deepEqual((await events.list(EVERYTHING, 5)).items[1], item.alert);
  });
  const bad: readonly (readonly [string, Partial<AppendItem> | { time: string }])[] = [
    ['whose id is not that of its place', { seq: 2 }],
    ['with a seq that is no whole number', { seq: 1.5 }],
    ['with seq 0', { seq: 0 }],
    ['with a negative epoch', { epoch: -1 }],
    ['with a time that is none', { time: 'yesterday' }],
    ['from before 1970', { time: '1969-12-31T23:59:59Z' }],
  ];
  for (const [what, change] of bad) {
    store(`refuses an alert ${what} and stores nothing of its batch`, async (events) => {
      const item = sampleItem(1);
      const alert = 'time' in change ? { ...item.alert, time: change.time } : item.alert;
      await assert.rejects(
        events.append([sampleItem(9), { ...item, ...change, alert }]),
        code('GC_STORE_BAD_ITEM'),
      );
      assert.equal(await events.count(EVERYTHING), 0);
    });
  }
}

function listing(store: StoreCase): void {
  store('lists newest first', async (events) => {
    await events.append([sampleItem(1, { timeMs: NOON_MS }), sampleItem(2, { timeMs: NOON_MS + 5 })]);
    await events.append([sampleItem(3, { timeMs: NOON_MS + 2 })]);
    assert.deepEqual(await allPages(events), ['sensor1-1-2', 'sensor1-1-3', 'sensor1-1-1']);
  });
  store('lists what was stored last first among equal times', async (events) => {
    await events.append(sampleItems(1, 2, { timeMs: NOON_MS }));
    await events.append(sampleItems(3, 3, { timeMs: NOON_MS }));
    assert.deepEqual(await allPages(events, EVERYTHING, 1), ['sensor1-1-3', 'sensor1-1-2', 'sensor1-1-1']);
  });
  store('has no next page when everything fits exactly', async (events) => {
    await events.append(sampleItems(1, 4));
    assert.equal((await events.list(EVERYTHING, 4)).nextCursor, undefined);
    assert.notEqual((await events.list(EVERYTHING, 3)).nextCursor, undefined);
  });
  store('lists an empty store as an empty last page', async (events) => {
    assert.deepEqual(await events.list(EVERYTHING, 10), { items: [], nextCursor: undefined });
  });
  store('pages over many days without a hole', async (events) => {
    const items = Array.from({ length: 40 }, (_, i) =>
      sampleItem(i + 1, { timeMs: NOON_MS + i * (DAY_MS / 3) }),
    );
    await events.append(items);
    assert.deepEqual(await allPages(events), items.map((item) => item.alert.id).toReversed());
  });
  store('keeps pages right while alerts arrive', async (events) => {
    await events.append(sampleItems(1, 10));
    const first = await events.list(EVERYTHING, 5);
    await events.append(sampleItems(11, 20));
    const second = await events.list(EVERYTHING, 5, first.nextCursor);
    assert.deepEqual(
      second.items.map((alert) => alert.event.num),
      [5, 4, 3, 2, 1],
    );
  });
  store('takes the start of a time in and leaves its end out', async (events) => {
    await events.append([-1, 0, 9, 10].map((ms, i) => sampleItem(i + 1, { timeMs: NOON_MS + ms })));
    const page = await events.list(during(NOON_MS, NOON_MS + 10), 10);
    assert.deepEqual(
      page.items.map((alert) => alert.event.num),
      [3, 2],
    );
  });
  store('keeps nanoseconds of the time in the alert and orders by milliseconds', async (events) => {
    const item = sampleItem(1);
    const alert = { ...item.alert, time: '2026-03-10T12:00:00.123456789Z' };
    await events.append([{ ...item, alert }]);
    assert.equal((await events.get(alert.id))?.time, alert.time);
    assert.equal(await events.count(during(Date.parse(alert.time), Date.parse(alert.time) + 1)), 1);
  });
  for (const cursor of [
    '',
    'x',
    '!!',
    'MS4wLjA=',
    'a'.repeat(500),
    Buffer.from('1.9999999.1').toString('base64url'),
  ]) {
    store(`refuses the cursor ${JSON.stringify(cursor.slice(0, 20))}`, async (events) => {
      await assert.rejects(events.list(EVERYTHING, 5, cursor), code('GC_BAD_CURSOR'));
    });
  }
}

function streaming(store: StoreCase): void {
  store('finds an alert and its position by id', async (events) => {
    const { positions } = await events.append(sampleItems(1, 3));
    assert.equal((await events.get('sensor1-1-2'))?.event.num, 2);
    assert.equal(await events.positionOf('sensor1-1-2'), positions[1]);
  });
  store('finds nothing under ids that are not there or no ids', async (events) => {
    await events.append(sampleItems(1, 3));
    for (const id of ['sensor1-1-9', 'sensor1-1-02', 'other-1-1', '', '--', 'x'.repeat(1000)]) {
      assert.equal(await events.get(id), undefined);
      assert.equal(await events.positionOf(id), undefined);
    }
  });
  store('finds sensors whose name has dashes', async (events) => {
    await events.append([sampleItem(5, { sensor: 'a-1-2' })]);
    assert.equal((await events.get('a-1-2-1-5'))?.event.num, 5);
  });
  store('gives what was stored after a position, in order of storing', async (events) => {
    await events.append([sampleItem(1, { timeMs: NOON_MS + DAY_MS })]);
    const { positions } = await events.append([
      sampleItem(2, { timeMs: NOON_MS }),
      sampleItem(3, { timeMs: NOON_MS + 2 * DAY_MS }),
    ]);
    await events.append([sampleItem(4, { timeMs: NOON_MS - DAY_MS })]);
    const later = await events.after(positions[0] ?? 0, EVERYTHING, 10);
    assert.deepEqual(
      later.map((item) => item.alert.event.num),
      [3, 4],
    );
    assert.deepEqual(
      (await events.after(0, EVERYTHING, 2)).map((item) => item.alert.event.num),
      [1, 2],
    );
  });
  store('filters what it gives after a position', async (events) => {
    await events.append([
      sampleItem(1, { rule: 'A' }),
      sampleItem(2, { rule: 'B' }),
      sampleItem(3, { rule: 'A' }),
    ]);
    const found = await events.after(0, { any: { rule: ['A'] }, words: ['passwd'] }, 10);
    assert.deepEqual(
      found.map((item) => item.alert.event.num),
      [1, 3],
    );
  });
  store('gives nothing after the last position', async (events) => {
    await events.append(sampleItems(1, 3));
    const { lastPosition } = await events.stats();
    assert.deepEqual(await events.after(lastPosition, EVERYTHING, 10), []);
    assert.deepEqual(await events.after(lastPosition + 1000, EVERYTHING, 10), []);
  });
  store('knows how far a stream is stored without a hole', async (events) => {
    assert.equal(await events.highestContiguousSeq('sensor1', 1), 0);
    await events.append([...sampleItems(1, 4), ...sampleItems(6, 9)]);
    assert.equal(await events.highestContiguousSeq('sensor1', 1), 4);
    assert.equal(await events.highestContiguousSeq('sensor1', 2), 0);
    await events.append(sampleItems(5, 5));
    assert.equal(await events.highestContiguousSeq('sensor1', 1), 9);
  });
  store('follows a stream over midnight in both directions', async (events) => {
    const midnight = NOON_MS + DAY_MS / 2;
    await events.append(
      [1, 2, 3, 4, 5, 6].map((seq) => sampleItem(seq, { timeMs: midnight + (seq % 2) - 1 })),
    );
    assert.equal(await events.highestContiguousSeq('sensor1', 1), 6);
  });
  store('does not count a stream that does not begin with 1', async (events) => {
    await events.append(sampleItems(2, 5));
    assert.equal(await events.highestContiguousSeq('sensor1', 1), 0);
  });
}

function keeping(store: StoreCase): void {
  store('forgets whole days only', async (events) => {
    await events.append([0, 1, 2].map((day) => sampleItem(day + 1, { timeMs: NOON_MS + day * DAY_MS })));
    assert.equal(await events.dropBefore(NOON_MS + DAY_MS), 1);
    assert.deepEqual(await allPages(events), ['sensor1-1-3', 'sensor1-1-2']);
    assert.equal(await events.get('sensor1-1-1'), undefined);
    assert.equal(await events.dropBefore(NOON_MS + DAY_MS), 0);
  });
  store('does not forget a day that has not ended', async (events) => {
    await events.append(sampleItems(1, 2));
    assert.equal(await events.dropBefore(NOON_MS + DAY_MS / 2 - 1), 0);
    assert.equal(await events.dropBefore(NOON_MS + DAY_MS / 2), 2);
  });
  store('does not give positions again after everything was forgotten', async (events) => {
    const { positions } = await events.append(sampleItems(1, 5));
    await events.dropBefore(NOON_MS + 10 * DAY_MS);
    const later = await events.append(sampleItems(6, 6));
    assert.ok((later.positions[0] ?? 0) > (positions[4] ?? 0));
  });
  store('knows how far a stream was stored after forgetting it', async (events) => {
    await events.append(sampleItems(1, 5));
    await events.dropBefore(NOON_MS + 10 * DAY_MS);
    assert.equal(await events.highestContiguousSeq('sensor1', 1), 5);
    await events.append(sampleItems(6, 7, { timeMs: NOON_MS + 20 * DAY_MS }));
    assert.equal(await events.highestContiguousSeq('sensor1', 1), 7);
  });
  store('takes alerts for a day that was forgotten', async (events) => {
    await events.append(sampleItems(1, 2));
    await events.dropBefore(NOON_MS + DAY_MS);
    await events.append(sampleItems(3, 3));
    assert.deepEqual(await allPages(events), ['sensor1-1-3']);
  });
  store('answers while days are being forgotten', async (events) => {
    await events.append(
      Array.from({ length: 60 }, (_, i) => sampleItem(i + 1, { timeMs: NOON_MS + i * (DAY_MS / 4) })),
    );
    const asking = Array.from({ length: 10 }, () => allPages(events, EVERYTHING, 20));
    const [dropped, ...pages] = await Promise.all([events.dropBefore(NOON_MS + 10 * DAY_MS), ...asking]);
    assert.equal(dropped, 38);
    for (const ids of pages) assert.deepEqual(ids.slice(0, 22), (await allPages(events)).slice(0, 22));
  });
  store('keeps gaps, oldest first, each once', async (events) => {
    const gap = (from: number, lost: number) => ({
      sensor: 'sensor1',
      from: new Date(NOON_MS + from).toISOString(),
      to: new Date(NOON_MS + from + 1000).toISOString(),
      reason: 'ring-full',
      lost,
    });
    await events.appendGaps([gap(5000, 2), gap(0, 1)]);
    await events.appendGaps([gap(5000, 2), gap(9000, -1)]);
    assert.deepEqual(await events.gaps(NOON_MS, NOON_MS + 60_000), [gap(0, 1), gap(5000, 2), gap(9000, -1)]);
    assert.deepEqual(await events.gaps(NOON_MS + 5500, NOON_MS + 9000), [gap(5000, 2)]);
    assert.deepEqual(await events.gaps(NOON_MS + 20_000, NOON_MS + 60_000), []);
  });
  store('forgets gaps with their days', async (events) => {
    const [from, to] = [new Date(NOON_MS).toISOString(), new Date(NOON_MS + 1).toISOString()];
    await events.appendGaps([{ sensor: 's', from, to, reason: 'spool-full', lost: 3 }]);
    await events.dropBefore(NOON_MS);
    assert.equal((await events.gaps(0, NOON_MS * 2)).length, 1);
    await events.dropBefore(NOON_MS + DAY_MS);
    assert.equal((await events.gaps(0, NOON_MS * 2)).length, 0);
  });
  store('says what it holds', async (events) => {
    const empty = await events.stats();
    assert.deepEqual([empty.events, empty.oldestMs, empty.state, empty.detail], [0, 0, 'ok', '']);
    const { positions } = await events.append([
      sampleItem(1, { timeMs: NOON_MS + 9 }),
      sampleItem(2, { timeMs: NOON_MS }),
    ]);
    const stats = await events.stats();
    assert.deepEqual([stats.events, stats.oldestMs, stats.lastPosition], [2, NOON_MS, positions[1]]);
  });
  store('refuses work after it was closed', async (events) => {
    await events.close();
    await assert.rejects(events.append(sampleItems(1, 1)), code('GC_STORE_CLOSED'));
    await assert.rejects(events.list(EVERYTHING, 1), code('GC_STORE_CLOSED'));
    await assert.rejects(events.gaps(0, 1), code('GC_STORE_CLOSED'));
  });
}

/** Registers the cases; `engine` stands before the name of each. */
export function eventStoreConformance(engine: string, openEmpty: OpenEmpty<EventStore>): void {
  const store: StoreCase = (name, run) => {
    test(`${engine} ${name}`, async () => {
      await using opened = await openEmpty();
      await run(opened.store);
    });
  };
  appending(store);
  listing(store);
  streaming(store);
  keeping(store);
  eventStoreSearch(engine, openEmpty, store);
  eventStoreAggregates(store);
  eventStoreProperties(engine, openEmpty);
}
