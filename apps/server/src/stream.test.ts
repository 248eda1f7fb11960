// The way of an alert from the agent's socket to the API and the live stream, over real sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { test } from 'node:test';
import type { BatchAck } from '@guardcell/contract';
import { readLines } from '@guardcell/kit';
import { openMemoryEventStore, openMemoryStateStore } from '@guardcell/store';
import { STREAMS_PER_SESSION, STREAMS_PER_USER, sinkOf } from './routes/stream.ts';
import { SENSOR, sampleAlert, sampleBatch } from './testing/sample-alerts.ts';
import { sampleUpdate, startTestServer, type TestServer, until } from './testing/test-server.ts';

interface Listener {
  readonly ids: string[];
  readonly names: string[];
  readonly status: number;
  close(): void;
}

async function listen(
  fixture: TestServer,
  query = '',
  headers: Record<string, string> = {},
): Promise<Listener> {
  const stop = new AbortController();
  const response = await fetch(`${fixture.server.url}/api/v1/events/stream${query}`, {
    headers: { authorization: `Bearer ${fixture.localToken}`, ...headers },
    signal: stop.signal,
  });
  const listener = {
    ids: [] as string[],
    names: [] as string[],
    status: response.status,
    close: () => stop.abort(),
  };
  if (response.body !== null && response.ok) {
    const body = response.body;
    void (async () => {
      for await (const line of readLines(body, 1_000_000)) {
        if (line.startsWith('id: ')) listener.ids.push(line.slice(4));
        if (line.startsWith('event: ')) listener.names.push(line.slice(7));
      }
    })().catch(() => undefined);
  }
  return listener;
}

const batchPath = `/agent/v1/streams/${SENSOR}/1/batches`;
const idsOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => sampleAlert(1, from + at).id);

test('an alert that an agent sends is listed, counted and streamed', async () => {
  await using fixture = await startTestServer();
  const listener = await listen(fixture, '?severity=high');
  const deaf = await listen(fixture, '?severity=low');
  const { status, json } = await fixture.agent('POST', batchPath, sampleBatch(1, 1, 3));
  assert.deepEqual([status, (json as BatchAck).ack], [200, 3]);
  await until(() => listener.ids.length === 3);
  assert.deepEqual(listener.ids, idsOf(1, 3));
  assert.deepEqual(deaf.ids, []);
  const page = await fixture.call('/api/v1/events?limit=2&container=web');
  assert.equal(page.json.items.length, 2);
  const next = await fixture.call(
    `/api/v1/events?limit=2&cursor=${encodeURIComponent(page.json.nextCursor)}`,
  );
  assert.deepEqual([next.json.items.length, next.json.nextCursor], [1, null]);
  assert.equal(
    (await fixture.call(`/api/v1/events/${sampleAlert(1, 2).id}`)).json.rule,
    'Account file written',
  );
  const facets = await fixture.call('/api/v1/events/facets?severity=low');
  assert.equal(facets.json.total, 0);
  assert.equal(facets.json.facets.severity[0].count, 3, 'a facet is not narrowed by its own filter');
  const histogram = await fixture.call('/api/v1/events/histogram?since=1h&buckets=4');
  assert.equal(histogram.json.bucketSeconds, 900);
  const counts = histogram.json.buckets.map((bucket: { counts: { high: number } }) => bucket.counts.high);
  assert.deepEqual(counts, [0, 0, 0, 3]);
  const overview = (await fixture.call('/api/v1/overview?window=1h')).json;
  assert.deepEqual(
    [overview.counts.high, overview.topWorkloads[0].name, overview.topRules[0].total],
    [3, 'web', 3],
  );
  listener.close();
  deaf.close();
});

test('a stream resumes after the last alert that its client saw, also over a restart of the server', async () => {
  const stores = { state: openMemoryStateStore(), events: openMemoryEventStore() };
  // What outlives the server here is the store: its memory stands for the disk.
  const kept = {
    state: { ...stores.state, close: () => Promise.resolve() },
    events: { ...stores.events, close: () => Promise.resolve() },
  };
  {
    await using fixture = await startTestServer({ stores: kept });
    await fixture.agent('POST', batchPath, sampleBatch(1, 1, 300));
  }
  await using fixture = await startTestServer({ stores: kept });
  const lastEventId = sampleAlert(1, 20).id;
  const byHeader = await listen(fixture, '', { 'last-event-id': lastEventId });
  const byQuery = await listen(fixture, `?lastEventId=${lastEventId}`);
  await fixture.agent('POST', batchPath, sampleBatch(1, 301, 10));
  await until(() => byHeader.ids.length === 290 && byQuery.ids.length === 290);
  assert.deepEqual(byHeader.ids, idsOf(21, 310));
  assert.deepEqual(byQuery.ids, idsOf(21, 310));
  const unknown = await listen(fixture, '?lastEventId=gone-1-1');
  await until(() => unknown.names.includes('gap'));
  for (const each of [byHeader, byQuery, unknown]) each.close();
});

test('the number of streams of one session is bounded, and closing one makes room', async () => {
  await using fixture = await startTestServer();
  const listeners: Listener[] = [];
  for (let i = 0; i < STREAMS_PER_SESSION; i++) listeners.push(await listen(fixture));
  assert.equal((await listen(fixture)).status, 429);
  listeners[0]?.close();
  await until(() => fixture.server.platform.live.streams < STREAMS_PER_SESSION);
  const again = await listen(fixture);
  assert.equal(again.status, 200);
  for (const each of [...listeners, again]) each.close();
});

test('the agent socket asks for its token and survives rubbish', async () => {
  await using fixture = await startTestServer();
  assert.equal((await fixture.agent('POST', batchPath, sampleBatch(1, 1, 1), 'wrong')).status, 401);
  const cases: [string, unknown, number][] = [
    [batchPath, '{', 400],
    [batchPath, '[]', 400],
    [batchPath, { firstSeq: 0, alerts: [], gaps: [] }, 400],
    [batchPath, { firstSeq: 1, alerts: 'x', gaps: [] }, 400],
    [batchPath, 'x'.repeat(5_000_000), 413],
    ['/agent/v1/streams/bad%20sensor/1/batches', sampleBatch(1, 1, 1), 400],
    [`/agent/v1/streams/${SENSOR}/x/batches`, sampleBatch(1, 1, 1), 400],
    ['/agent/v1/report', {}, 400],
    ['/agent/v1/actions/none/result', { state: 'great' }, 400],
  ];
  for (const [path, body, status] of cases) {
    assert.equal((await fixture.agent('POST', path, body)).status, status, path);
  }
  assert.equal(
    (await fixture.agent('GET', '/api/v1/status')).status,
    404,
    'the public API is not on this socket',
  );
  assert.equal((await fixture.call(batchPath, { method: 'POST', body: sampleBatch(1, 1, 1) })).status, 404);
});

test('what agents report appears in status and inventory, and the console is told', async () => {
  await using fixture = await startTestServer();
  const listener = await listen(fixture);
  assert.equal((await fixture.agent('POST', '/agent/v1/report', sampleUpdate())).status, 204);
  const status = (await fixture.call('/api/v1/status')).json;
  assert.deepEqual([status.sensor.state, status.containers, status.agents.length], ['running', 1, 1]);
  const list = (await fixture.call('/api/v1/containers?q=WEB&state=running')).json;
  assert.equal(list.items[0].container.name, 'web');
  for (const reference of ['web', 'c0ffee000000', list.items[0].container.id]) {
    assert.equal((await fixture.call(`/api/v1/containers/${reference}`)).status, 200, reference);
  }
  await until(() => listener.names.includes('container') && listener.names.includes('status'));
  listener.close();
});

test('an alert that comes while a stream is being ended, before its client has read it, harms nobody', async () => {
  const errors: unknown[] = [];
  const server = createServer((_request, response) => {
    response.on('error', (error) => errors.push(error));
    response.writeHead(200);
    const sink = sinkOf(response);
    // More than the sockets take: the end waits for a client that does not read.
    sink.write('x'.repeat(32 * 1024 * 1024));
    response.end('signed out');
    sink.write('one more');
    setImmediate(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = get({ host: '127.0.0.1', port, agent: false }, (response) => response.pause());
  client.on('error', () => undefined);
  await new Promise((done) => setTimeout(done, 50));
  client.destroy();
  server.close();
  assert.deepEqual(errors, []);
});

test('one user cannot take all streams by signing in again and again', async () => {
  await using fixture = await startTestServer();
  const { users, sessions } = fixture.server.platform;
  const { password } = await users.create('ada', 'viewer');
  const ada = await users.signIn('ada', password);
  const controllers: AbortController[] = [];
  const statuses: number[] = [];
  const name = fixture.server.platform.cookieName();
  for (let session = 0; session < 6; session++) {
    const { token } = await sessions.open(ada);
    for (let at = 0; at < STREAMS_PER_SESSION - 1; at++) {
      const controller = new AbortController();
      controllers.push(controller);
      const { status } = await fetch(`${fixture.server.url}/api/v1/events/stream`, {
        headers: { cookie: `${name}=${token}` },
        signal: controller.signal,
      });
      statuses.push(status);
    }
  }
  for (const controller of controllers) controller.abort();
  assert.equal(statuses.filter((status) => status === 200).length, STREAMS_PER_USER);
  assert.equal(statuses.at(-1), 429);
});
