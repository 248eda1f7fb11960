import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError, silentLogger, systemClock } from '@guardcell/kit';
import { type EventStore, openMemoryEventStore, type StoredAlert } from '@guardcell/store';
import { SENSOR, sampleAlert, sampleBatch } from '../testing/sample-alerts.ts';
import { createIngest, type Ingest } from './ingest.ts';
import { createStreamLedger } from './stream-ledger.ts';

interface Fixture {
  readonly ingest: Ingest;
  readonly published: StoredAlert[];
}

function ingestInto(events: EventStore): Fixture {
  const published: StoredAlert[] = [];
  const ingest = createIngest({
    events,
    ledger: createStreamLedger(events),
    onStored: (stored) => void published.push(...stored),
    clock: systemClock,
    logger: silentLogger,
  });
  return { ingest, published };
}

test('a batch sent again is acknowledged again and stored and published once', async () => {
  const events = openMemoryEventStore();
  const { ingest, published } = ingestInto(events);
  for (let i = 0; i < 3; i++) {
    const reply = await ingest.submit(SENSOR, 1, sampleBatch(1, 1, 5));
    assert.deepEqual([reply.status, reply.ack], [200, 5]);
  }
  assert.equal((await events.stats()).events, 5);
  assert.deepEqual(
    published.map(({ position }) => position),
    [1, 2, 3, 4, 5],
  );
});

test('after a restart of the server a batch sent again is neither stored nor published again', async () => {
  const events = openMemoryEventStore();
  await ingestInto(events).ingest.submit(SENSOR, 1, sampleBatch(1, 1, 5));
  const { ingest, published } = ingestInto(events);
  const reply = await ingest.submit(SENSOR, 1, sampleBatch(1, 3, 5));
  assert.equal(reply.ack, 7);
  assert.deepEqual(
    published.map(({ alert }) => alert.id),
    [sampleAlert(1, 6).id, sampleAlert(1, 7).id],
  );
});

test('batches that wait are stored together, in order', async () => {
  const events = openMemoryEventStore();
  let appends = 0;
  const counting: EventStore = { ...events, append: (items) => (appends++, events.append(items)) };
  const { ingest, published } = ingestInto(counting);
  const batches = Array.from({ length: 20 }, (_, at) => ingest.submit(SENSOR, at, sampleBatch(at, 1, 10)));
  await Promise.all(batches);
  assert.equal(published.length, 200);
  assert.ok(appends <= 3, `${appends}`);
  assert.deepEqual(
    published.map(({ position }) => position),
    published.map((_, at) => at + 1),
  );
});

test('nothing is acknowledged while the disk is full, and everything afterwards', async () => {
  const events = openMemoryEventStore();
  let full = true;
  const flaky: EventStore = {
    ...events,
    append: (items) =>
      full ? Promise.reject(new CodedError('GC_STORE_FULL', 'no space')) : events.append(items),
  };
  const { ingest, published } = ingestInto(flaky);
  const refused = await ingest.submit(SENSOR, 1, sampleBatch(1, 1, 5));
  assert.deepEqual([refused.status, refused.ack, refused.code], [503, 0, 'GC_STORE_FULL']);
  assert.ok(refused.retryAfterMs > 0);
  assert.equal(published.length, 0);
  full = false;
  assert.equal((await ingest.submit(SENSOR, 1, sampleBatch(1, 1, 5))).ack, 5);
  assert.equal(published.length, 5);
});

test('an alert that is not valid does not hold up its stream and leaves a gap that people see', async () => {
  const events = openMemoryEventStore();
  const { ingest, published } = ingestInto(events);
  const batch = { ...sampleBatch(1, 1, 4), alerts: [...sampleBatch(1, 1, 4).alerts] as unknown[] };
  batch.alerts[1] = { hello: 'world' };
  batch.alerts[2] = sampleAlert(1, 99);
  batch.alerts[3] = { ...sampleAlert(1, 4), time: 'never' };
  const reply = await ingest.submit(SENSOR, 1, batch);
  assert.equal(reply.ack, 4);
  assert.equal(published.length, 1);
  const gaps = await events.gaps(0, Date.now() + 1000);
  assert.deepEqual([gaps[0]?.reason, gaps[0]?.lost], ['invalid-alert', 3]);
  assert.equal(ingest.counters.invalid, 3);
});

test('a stream goes on after alerts that its sensor lost', async () => {
  const events = openMemoryEventStore();
  const { ingest } = ingestInto(events);
  await ingest.submit(SENSOR, 1, sampleBatch(1, 1, 2));
  const reply = await ingest.submit(SENSOR, 1, sampleBatch(1, 10, 2));
  assert.equal(reply.ack, 11);
  assert.equal(ingest.counters.holes, 7);
});

test('gaps alone are stored too', async () => {
  const events = openMemoryEventStore();
  const { ingest } = ingestInto(events);
  const at = new Date().toISOString();
  const gap = { sensor: SENSOR, from: at, to: at, reason: 'ring-full', lost: 12 };
  const reply = await ingest.submit(SENSOR, 1, { firstSeq: 1, alerts: [], gaps: [gap] });
  assert.deepEqual([reply.status, reply.ack], [200, 0]);
  assert.deepEqual(await events.gaps(0, Date.now() + 1000), [gap]);
});
