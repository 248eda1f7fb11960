import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVERYTHING } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { type EventStore, openMemoryEventStore, type StoredAlert } from '@guardcell/store';
import { SENSOR, sampleAlert } from '../testing/sample-alerts.ts';
import { until } from '../testing/test-server.ts';
import { createLiveHub, type LiveSink } from './live-hub.ts';

interface FakeClient extends LiveSink {
  readonly ids: () => string[];
  readonly events: () => string[];
  pending: number;
  wake(): void;
}

/** A client that takes nothing while `pending` is large. */
function fakeClient(): FakeClient {
  const messages: string[] = [];
  let waiting: (() => void)[] = [];
  return {
    pending: 0,
    pendingBytes() {
      return this.pending;
    },
    write: (message) => void messages.push(message),
    drained: () => new Promise((done) => waiting.push(done)),
    wake() {
      this.pending = 0;
      for (const done of waiting) done();
      waiting = [];
    },
    ids: () => messages.flatMap((each) => /^id: (.*)$/m.exec(each)?.[1] ?? []),
    events: () => messages.flatMap((each) => /^event: (.*)$/m.exec(each)?.[1] ?? []),
  };
}

async function add(events: EventStore, from: number, to: number): Promise<StoredAlert[]> {
  const alerts = Array.from({ length: to - from + 1 }, (_, at) => sampleAlert(1, from + at));
  const items = alerts.map((alert, at) => ({ sensor: SENSOR, epoch: 1, seq: from + at, alert }));
  const { positions } = await events.append(items);
  return alerts.map((alert, at) => ({ position: positions[at] ?? 0, alert }));
}

const idsOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => sampleAlert(1, from + at).id);

test('a stream gets what is published after it was opened, filtered', async () => {
  const events = openMemoryEventStore();
  const hub = createLiveHub(events, 0, silentLogger);
  hub.publish(await add(events, 1, 3));
  const [all, none] = [fakeClient(), fakeClient()];
  hub.open(all, EVERYTHING);
  hub.open(none, { any: { severity: ['low'] }, words: [] });
  hub.publish(await add(events, 4, 5));
  assert.deepEqual(all.ids(), idsOf(4, 5));
  assert.deepEqual(none.ids(), []);
});

test('a stream that resumes gets exactly what it missed, then what is new, while alerts keep coming', async () => {
  const events = openMemoryEventStore();
  const hub = createLiveHub(events, 0, silentLogger);
  hub.publish(await add(events, 1, 700));
  const client = fakeClient();
  hub.open(client, EVERYTHING, await events.positionOf(sampleAlert(1, 10).id));
  for (let from = 701; from <= 900; from += 10) {
    hub.publish(await add(events, from, from + 9));
    await new Promise((done) => setImmediate(done));
  }
  await until(() => client.ids().length >= 890);
  assert.deepEqual(client.ids(), idsOf(11, 900));
});

test('a client that is too slow is told so and loses nothing', async () => {
  const events = openMemoryEventStore();
  const hub = createLiveHub(events, 0, silentLogger);
  const [slow, fast] = [fakeClient(), fakeClient()];
  hub.open(slow, EVERYTHING);
  hub.open(fast, EVERYTHING);
  hub.publish(await add(events, 1, 5));
  slow.pending = 2 * 1024 * 1024;
  hub.publish(await add(events, 6, 50));
  hub.publish(await add(events, 51, 60));
  assert.deepEqual(slow.ids(), idsOf(1, 5), 'nothing piles up for it');
  assert.equal(fast.ids().length, 60, 'others are not held up');
  slow.wake();
  await until(() => slow.ids().length >= 60);
  assert.deepEqual(slow.ids(), idsOf(1, 60));
  assert.equal(slow.events().filter((name) => name === 'gap').length, 1);
  hub.publish(await add(events, 61, 62));
  assert.deepEqual(slow.ids(), idsOf(1, 62));
});

test('a store that fails for a while delays a resuming stream and no more', async () => {
  const events = openMemoryEventStore();
  let failures = 1;
  const flaky: Pick<EventStore, 'after'> = {
    after: (...args) => (failures-- > 0 ? Promise.reject(new Error('busy')) : events.after(...args)),
  };
  const hub = createLiveHub(flaky, 0, silentLogger);
  hub.publish(await add(events, 1, 3));
  const client = fakeClient();
  hub.open(client, EVERYTHING, 0);
  await until(() => client.ids().length === 3);
  assert.deepEqual(client.ids(), idsOf(1, 3));
});

test('a closed stream gets nothing more', async () => {
  const events = openMemoryEventStore();
  const hub = createLiveHub(events, 0, silentLogger);
  const client = fakeClient();
  hub.open(client, EVERYTHING).close();
  hub.publish(await add(events, 1, 1));
  hub.hint('status', {});
  assert.deepEqual(client.events(), []);
  assert.equal(hub.streams, 0);
});
