// Random alerts and queries: every answer equals that of the in-memory model.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALERT_DIMENSIONS, type EventQuery } from '@guardcell/core';
import * as fc from 'fast-check';
import { openMemoryEventStore } from '../memory/memory-event-store.ts';
import type { AppendItem, EventStore } from '../ports.ts';
import { batches, queries } from './arbitrary-queries.ts';
import { allPages, type OpenEmpty } from './store-case.ts';

async function answers(store: EventStore, query: EventQuery, limit: number): Promise<unknown> {
  const fromMs = query.fromMs ?? 0;
  const toMs = Math.max(query.toMs ?? 0, fromMs + 12_345_678);
  return {
    pages: await allPages(store, query, limit),
    count: await store.count(query),
    after: (await store.after(0, query, 1000)).map((item) => item.alert.id),
    some: (await store.after(0, query, limit)).map((item) => item.alert),
    facets: await Promise.all(ALERT_DIMENSIONS.map((dimension) => store.facet(query, dimension, 3))),
    histogram: await store.histogram({ ...query, fromMs, toMs }, limit),
    severities: await store.severityCounts(fromMs, toMs),
    trend: await store.trend(toMs - 12_345_678, toMs, 3_600_000),
    containers: await store.topContainers(fromMs, toMs, 3),
    rules: await store.topRules(fromMs, toMs, 3),
  };
}

async function fill(store: EventStore, all: readonly AppendItem[][]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const batch of all) {
    const { accepted, duplicate, positions } = await store.append(batch);
    results.push([accepted, duplicate, positions.map((position) => position > 0)]);
  }
  return results;
}

/** `FAST_CHECK_RUNS` in the environment asks for more than the default number of worlds. */
const RUNS = Number(process.env['FAST_CHECK_RUNS'] ?? 12);

export function eventStoreProperties(engine: string, openEmpty: OpenEmpty<EventStore>): void {
  test(`${engine} answers every query as the model does`, async () => {
    const asked = fc.array(fc.record({ query: queries, limit: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 8,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(batches, asked, async (all, questions) => {
        await using opened = await openEmpty();
        const model = openMemoryEventStore();
        assert.deepEqual(await fill(opened.store, all), await fill(model, all));
        for (const { query, limit } of questions) {
          assert.deepEqual(await answers(opened.store, query, limit), await answers(model, query, limit));
        }
      }),
      { numRuns: RUNS, seed: 20_260_310, interruptAfterTimeLimit: 60_000 },
    );
  });
}
