// Counts, facets, histograms, trends and top lists.
import assert from 'node:assert/strict';
import { EVERYTHING } from '@guardcell/core';
import { MAX_BUCKETS } from '../ports.ts';
import { during, NOON_MS, sampleItem, where } from './sample-alert.ts';
import type { StoreCase } from './store-case.ts';

const MINUTE_MS = 60_000;
const NONE = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

const badQuery = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'GC_STORE_BAD_QUERY';

export function eventStoreAggregates(store: StoreCase): void {
  store('counts by dimension, most frequent first and equal ones by value', async (events) => {
    const rules = ['b', 'a', 'c', 'c'];
    await events.append(rules.map((rule, i) => sampleItem(i + 1, { rule })));
    assert.deepEqual(await events.facet(EVERYTHING, 'rule', 10), [
      { value: 'c', label: 'c', count: 2 },
      { value: 'a', label: 'a', count: 1 },
      { value: 'b', label: 'b', count: 1 },
    ]);
    assert.equal((await events.facet(EVERYTHING, 'rule', 2)).length, 2);
  });
  store('counts a container once, under its id, and shows its name', async (events) => {
    await events.append([
      sampleItem(1, { container: { id: 'cid', name: '' } }),
      sampleItem(2, { container: { id: 'cid', name: 'db' } }),
    ]);
    assert.deepEqual(await events.facet(EVERYTHING, 'container', 5), [
      { value: 'cid', label: 'db', count: 2 },
    ]);
  });
  store('counts an alert once for each of its tags and not for empty values', async (events) => {
    await events.append([sampleItem(1, { tags: ['a', 'b', 'a', ''] }), sampleItem(2, { tags: ['b'] })]);
    assert.deepEqual(
      (await events.facet(EVERYTHING, 'tag', 5)).map(({ value, count }) => [value, count]),
      [
        ['b', 2],
        ['a', 1],
      ],
    );
    assert.deepEqual(await events.facet(EVERYTHING, 'namespace', 5), []);
  });
  store('counts facets of the filtered alerts only', async (events) => {
    await events.append([
      sampleItem(1, { rule: 'a', hostname: 'x' }),
      sampleItem(2, { rule: 'b', hostname: 'y' }),
    ]);
    assert.deepEqual(
      (await events.facet(where('rule', 'a'), 'host', 5)).map(({ value }) => value),
      ['x'],
    );
  });
  store('divides a time into equal stretches', async (events) => {
    const times = [0, 1, 999, 1000, 2999, 3000];
    await events.append(times.map((ms, i) => sampleItem(i + 1, { timeMs: NOON_MS + ms })));
    const buckets = await events.histogram(during(NOON_MS, NOON_MS + 3000), 3);
    assert.deepEqual(buckets, [
      { startMs: NOON_MS, counts: { ...NONE, high: 3 } },
      { startMs: NOON_MS + 1000, counts: { ...NONE, high: 1 } },
      { startMs: NOON_MS + 2000, counts: { ...NONE, high: 1 } },
    ]);
  });
  store('divides days with uneven borders without losing or doubling an alert', async (events) => {
    const step = 7_654_321;
    await events.append(
      Array.from({ length: 50 }, (_, i) => sampleItem(i + 1, { timeMs: NOON_MS + i * step })),
    );
    const buckets = await events.histogram(during(NOON_MS + 1, NOON_MS + 50 * step), 17);
    assert.equal(
      buckets.reduce((sum, bucket) => sum + bucket.counts.high, 0),
      49,
    );
  });
  store('refuses a histogram without a proper time or number of buckets', async (events) => {
    await assert.rejects(events.histogram(EVERYTHING, 5), badQuery);
    await assert.rejects(events.histogram(during(NOON_MS, NOON_MS), 5), badQuery);
    await assert.rejects(events.histogram(during(NOON_MS, NOON_MS + 5), 0), badQuery);
    await assert.rejects(events.histogram(during(0, NOON_MS), MAX_BUCKETS + 1), badQuery);
  });
  store('counts severities in whole minutes around a time', async (events) => {
    const times = [-1, 0, MINUTE_MS - 1, MINUTE_MS];
    await events.append(
      times.map((ms, i) => sampleItem(i + 1, { timeMs: NOON_MS + ms, severity: 'critical' })),
    );
    assert.deepEqual(await events.severityCounts(NOON_MS + 30_000, NOON_MS + 31_000), {
      ...NONE,
      critical: 2,
    });
    assert.deepEqual(await events.severityCounts(NOON_MS, NOON_MS), NONE);
  });
  store('shows a trend in steps of minutes', async (events) => {
    const times = [0, 5 * MINUTE_MS, 5 * MINUTE_MS + 1, 11 * MINUTE_MS];
    await events.append(times.map((ms, i) => sampleItem(i + 1, { timeMs: NOON_MS + ms, severity: 'low' })));
    const trend = await events.trend(NOON_MS + 1, NOON_MS + 11 * MINUTE_MS + 1, 5 * MINUTE_MS);
    assert.deepEqual(
      trend.map(({ startMs, counts }) => [startMs - NOON_MS, counts.low]),
      [
        [0, 1],
        [5 * MINUTE_MS, 2],
        [10 * MINUTE_MS, 1],
      ],
    );
  });
  store(
    'refuses a trend with a step that is no multiple of a minute or with too many steps',
    async (events) => {
      await assert.rejects(events.trend(0, NOON_MS, 90_000), badQuery);
      await assert.rejects(events.trend(0, NOON_MS, 0), badQuery);
      await assert.rejects(events.trend(0, NOON_MS, MINUTE_MS), badQuery);
    },
  );
  store('ranks containers by alerts weighted by severity', async (events) => {
    await events.append([
      ...[1, 2, 3].map((seq) =>
        sampleItem(seq, { severity: 'low', container: { id: 'noisy', name: 'n', image: 'i' } }),
      ),
      sampleItem(4, { severity: 'critical', container: { id: 'hit', name: 'h', image: 'j' } }),
    ]);
    assert.deepEqual(await events.topContainers(NOON_MS, NOON_MS + 1000, 5), [
      { container: 'hit', name: 'h', image: 'j', counts: { ...NONE, critical: 1 } },
      { container: 'noisy', name: 'n', image: 'i', counts: { ...NONE, low: 3 } },
    ]);
    assert.equal((await events.topContainers(NOON_MS, NOON_MS + 1000, 1)).length, 1);
  });
  store('ranks rules by alerts and tells their gravest severity', async (events) => {
    await events.append([
      sampleItem(1, { rule: 'a', severity: 'low' }),
      sampleItem(2, { rule: 'a', severity: 'high' }),
      sampleItem(3, { rule: 'b', severity: 'critical' }),
    ]);
    assert.deepEqual(await events.topRules(NOON_MS, NOON_MS + 1000, 5), [
      { rule: 'a', severity: 'high', count: 2 },
      { rule: 'b', severity: 'critical', count: 1 },
    ]);
  });
}
