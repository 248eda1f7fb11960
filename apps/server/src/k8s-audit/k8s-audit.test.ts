import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Alert } from '@guardcell/core';
import { openMemoryEventStore, openMemoryStateStore } from '@guardcell/store';
import { AUDIT_RULES, eventList, sampleAuditEvent } from '../testing/sample-audit.ts';
import {
  type Answer,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from '../testing/test-server.ts';

interface Folder extends AsyncDisposable {
  readonly path: string;
}

async function temporary(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'gc-k8s-audit-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function withRules(folder: Folder, given: TestServerOptions = {}): Promise<TestServer> {
  const rules = join(folder.path, 'rules.yaml');
  await writeFile(rules, AUDIT_RULES);
  return startTestServer({ ...given, options: { rulePaths: [rules], ...given.options } });
}

async function keyFor(server: TestServer, role: string): Promise<string> {
  const answer = await server.call('/api/v1/api-keys', {
    method: 'POST',
    body: { name: `test ${role}`, role, expiresInDays: 1 },
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.token;
}

function send(server: TestServer, token: string, body: unknown, headers = {}): Promise<Answer> {
  return server.call('/k8s-audit', { method: 'POST', body, token, headers });
}

async function alerts(server: TestServer): Promise<readonly Alert[]> {
  return (await server.call('/api/v1/events?limit=500')).json.items;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return;
    await sleep(25);
  }
  assert.fail(`never: ${what}`);
}

const lines = (...events: readonly unknown[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

test('an event by webhook becomes an alert that says who did what to what from where', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const token = await keyFor(server, 'audit-ingest');
  const answer = await send(server, token, eventList(sampleAuditEvent()));
  assert.equal(answer.status, 200, answer.text);
  const [alert] = await alerts(server);
  assert.ok(alert);
  assert.equal(alert.rule, 'Pod sees processes of the host');
  assert.equal(alert.source, 'k8s_audit');
  assert.equal(alert.time, '2026-03-01T12:00:00.123456000Z');
  assert.equal(alert.message, 'Pod sees the host (user=mallory pod=debug ns=shop)');
  assert.equal(alert.process.user, 'mallory');
  assert.deepEqual(
    [alert.container.id, alert.container.namespace, alert.container.pod],
    ['cluster', 'shop', 'debug'],
  );
  const { user, verb, resource, namespace, name, code, sourceIPs, userAgent, event } = alert.event.args;
  assert.deepEqual(
    [user, verb, resource, namespace, name, code, sourceIPs, userAgent],
    ['mallory', 'create', 'pods', 'shop', 'debug', '201', '192.0.2.7', 'kubectl/v1.31.0'],
  );
  assert.equal(JSON.parse(event ?? '').requestObject.spec.hostPID, true);
  assert.ok(alert.matched.some(({ field }) => field === 'ka.req.pod.host_pid'));
  assert.ok((alert.evaluated?.length ?? 0) > 0);
});

test('only a key made for it, or an administrator’s, may send events, and that key may do nothing else', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const ingest = await keyFor(server, 'audit-ingest');
  const viewer = await keyFor(server, 'viewer');
  const admin = await keyFor(server, 'admin');
  const event = sampleAuditEvent();
  assert.equal((await send(server, '', event)).status, 401);
  assert.equal((await send(server, 'gck_nonsense', event)).status, 401);
  assert.equal((await send(server, viewer, event)).status, 403);
  assert.equal((await send(server, admin, event)).status, 200);
  assert.equal((await send(server, ingest, event)).status, 200);
  for (const path of [
    '/api/v1/session',
    '/api/v1/events',
    '/api/v1/rules',
    '/api/v1/api-keys',
    '/api/v1/status',
  ]) {
    assert.equal((await server.call(path, { token: ingest })).status, 403, path);
  }
  const user = { name: 'eve', role: 'audit-ingest' };
  assert.equal((await server.call('/api/v1/users', { method: 'POST', body: user })).status, 400);
});

test('an event that is sent again makes no second alert, and another stage of the request is another event', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const event = sampleAuditEvent();
  for (let i = 0; i < 3; i++) await send(server, server.localToken, eventList(event));
  assert.equal((await alerts(server)).length, 1);
  const last = await send(server, server.localToken, eventList(event, { ...event, stage: 'Panic' }));
  assert.deepEqual([last.json.duplicates, last.json.events], [1, 1]);
  assert.equal((await alerts(server)).length, 2);
});

test('single events, lists, arrays and compressed bodies are read; what is no audit event is counted', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const { localToken: token } = server;
  assert.equal((await send(server, token, sampleAuditEvent())).json.alerts, 1);
  assert.equal(
    (await send(server, token, [sampleAuditEvent(), eventList(sampleAuditEvent())])).json.alerts,
    2,
  );
  const { url } = server.server;
  const zipped = await fetch(`${url}/k8s-audit`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-encoding': 'gzip',
      'content-type': 'application/json',
    },
    body: gzipSync(JSON.stringify(sampleAuditEvent())),
  });
  assert.equal(((await zipped.json()) as { alerts: number }).alerts, 1);
  const mixed = await send(
    server,
    token,
    eventList({ kind: 'Event' }, 7, sampleAuditEvent({ stageTimestamp: 'x', requestReceivedTimestamp: 0 })),
  );
  assert.deepEqual([mixed.status, mixed.json.ignored], [200, 3]);
  assert.equal((await send(server, token, '{broken')).status, 400);
  assert.equal((await send(server, token, '"text"')).status, 400);
  const text = (await server.call('/metrics')).text;
  assert.match(text, /guardcell_k8s_audit_events_total\{result="evaluated"\} 4/);
});

test('a decompression bomb and a broken archive are refused', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const post = (body: Buffer<ArrayBuffer>): Promise<Response> =>
    fetch(`${server.server.url}/k8s-audit`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.localToken}`, 'content-encoding': 'gzip' },
      body,
    });
  assert.equal((await post(gzipSync(Buffer.alloc(64 * 1024 * 1024)))).status, 413);
  assert.equal((await post(Buffer.from('no archive'))).status, 400);
});

test('the content of a secret reaches neither the store nor the message', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const secret = {
    kind: 'Secret',
    metadata: {
      name: 's',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"aHVudGVyMg=="}}' },
    },
    data: { a: 'aHVudGVyMg==' },
    stringData: { b: 'hunter2' },
  };
  const event = sampleAuditEvent({
    objectRef: { resource: 'secrets', namespace: 'shop', name: 's' },
    requestObject: secret,
    responseObject: secret,
  });
  await send(server, server.localToken, event);
  const [alert] = await alerts(server);
  assert.equal(alert?.rule, 'Secret read');
  assert.doesNotMatch(JSON.stringify(alert), /hunter2|aHVudGVyMg/);
  assert.match(alert?.event.args['event'] ?? '', /\[redacted\]/);
});

test('what stands in a config map is not kept, whichever way a rule prints it', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const data = { url: 'https://u:"hunter2"@db', short: 'ab' };
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data }) };
  const event = sampleAuditEvent({
    objectRef: { resource: 'configmaps', namespace: 'shop', name: 'c' },
    requestObject: { kind: 'ConfigMap', metadata: { annotations }, data },
  });
  await send(server, server.localToken, event);
  const [alert] = await alerts(server);
  assert.equal(alert?.rule, 'Config map written');
  assert.match(alert?.message ?? '', /url/);
  assert.doesNotMatch(JSON.stringify(alert), /hunter2/);
});

test('basic authentication carries the key where the API server can send no token', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const ingest = await keyFor(server, 'audit-ingest');
  const viewer = await keyFor(server, 'viewer');
  const basic = (key: string): Promise<Answer> =>
    send(server, '', sampleAuditEvent(), {
      authorization: `Basic ${Buffer.from(`audit:${key}`).toString('base64')}`,
    });
  assert.equal((await basic(ingest)).status, 200);
  assert.equal((await basic(viewer)).status, 403);
  assert.equal((await basic('gck_nonsense')).status, 401);
});

test('a rule that is switched off is silent at once, and speaks again when it is switched on', async () => {
  await using folder = await temporary();
  await using server = await withRules(folder);
  const name = encodeURIComponent('Pod sees processes of the host');
  const set = (enabled: boolean): Promise<Answer> =>
    server.call(`/api/v1/rules/${name}`, { method: 'PUT', body: { enabled } });
  assert.equal((await set(false)).status, 200);
  assert.equal((await send(server, server.localToken, sampleAuditEvent())).json.alerts, 0);
  assert.equal((await set(true)).status, 200);
  assert.equal((await send(server, server.localToken, sampleAuditEvent())).json.alerts, 1);
});

test('events come only from the addresses that are allowed', async () => {
  await using folder = await temporary();
  const clients = ['10.0.0.0/8', 'fd00::/8'];
  await using server = await withRules(folder, { options: { k8sAudit: { logs: [], clients } } });
  assert.equal((await send(server, server.localToken, sampleAuditEvent())).status, 403);
});

test('while the store cannot take alerts the sender is asked to come back, and nothing is lost or doubled', async () => {
  await using folder = await temporary();
  const events = openMemoryEventStore();
  let full = true;
  const flaky = {
    ...events,
    append: (...items: Parameters<typeof events.append>) =>
      full ? Promise.reject(new Error('no space')) : events.append(...items),
  };
  await using server = await withRules(folder, { stores: { state: openMemoryStateStore(), events: flaky } });
  const list = eventList(sampleAuditEvent(), sampleAuditEvent());
  const refused = await send(server, server.localToken, list);
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  full = false;
  assert.equal((await send(server, server.localToken, list)).json.alerts, 2);
  assert.equal((await alerts(server)).length, 2);
});

test('an audit log is followed over rotation by renaming, and no line is read twice', async () => {
  await using folder = await temporary();
  const log = join(folder.path, 'audit.log');
  await writeFile(log, lines(sampleAuditEvent()));
  await using server = await withRules(folder, { options: { k8sAudit: { logs: [log], clients: [] } } });
  const count = async (): Promise<number> => (await alerts(server)).length;
  await until('the first', async () => (await count()) === 1);
  await appendFile(log, lines(sampleAuditEvent(), sampleAuditEvent()));
  await until('three', async () => (await count()) === 3);
  await rename(log, join(folder.path, 'audit-2026-03-01T12-00-00.000.log'));
  await appendFile(join(folder.path, 'audit-2026-03-01T12-00-00.000.log'), lines(sampleAuditEvent()));
  await writeFile(log, lines(sampleAuditEvent(), sampleAuditEvent()));
  await until('six', async () => (await count()) === 6);
  await sleep(600);
  assert.equal(await count(), 6);
});

test('a log that is copied and truncated is read on from the copy to its end', async () => {
  await using folder = await temporary();
  const log = join(folder.path, 'audit.log');
  await writeFile(log, lines(sampleAuditEvent()));
  await using server = await withRules(folder, { options: { k8sAudit: { logs: [log], clients: [] } } });
  await until('the first', async () => (await alerts(server)).length === 1);
  const late = lines(sampleAuditEvent());
  await writeFile(join(folder.path, 'audit.log.1'), (await readFile(log, 'utf8')) + late);
  await truncate(log, 0);
  await appendFile(log, lines(sampleAuditEvent()).slice(0, 40));
  await until('the late one', async () => (await alerts(server)).length === 2);
});

test('after a restart the log is read on where it was left, and a rotation in between loses nothing', async () => {
  await using folder = await temporary();
  const log = join(folder.path, 'audit.log');
  const stores = { state: openMemoryStateStore(), events: openMemoryEventStore() };
  const keep = {
    state: { ...stores.state, close: async () => {} },
    events: { ...stores.events, close: async () => {} },
  };
  const options = { k8sAudit: { logs: [log], clients: [] } };
  await writeFile(log, lines(sampleAuditEvent(), sampleAuditEvent()));
  {
    await using server = await withRules(folder, { stores: keep, options });
    await until('two', async () => (await alerts(server)).length === 2);
    await sleep(50);
  }
  await appendFile(log, lines(sampleAuditEvent()));
  await rename(log, join(folder.path, 'audit-old.log'));
  await writeFile(log, lines(sampleAuditEvent()));
  await using server = await withRules(folder, { stores: keep, options });
  await until('four', async () => (await alerts(server)).length === 4);
  await sleep(600);
  const found = await alerts(server);
  assert.equal(found.length, 4);
  assert.equal(new Set(found.map(({ event }) => event.args['auditID'])).size, 4);
});

test('a log that vanished while nobody read it is declared as a gap', async () => {
  await using folder = await temporary();
  const log = join(folder.path, 'audit.log');
  const stores = { state: openMemoryStateStore(), events: openMemoryEventStore() };
  const keep = {
    state: { ...stores.state, close: async () => {} },
    events: { ...stores.events, close: async () => {} },
  };
  const options = { k8sAudit: { logs: [log], clients: [] } };
  await writeFile(log, lines(sampleAuditEvent()));
  {
    await using server = await withRules(folder, { stores: keep, options });
    await until('one', async () => (await alerts(server)).length === 1);
    await sleep(50);
  }
  await rm(log);
  await writeFile(log, lines(sampleAuditEvent({ verb: 'create' })));
  await using server = await withRules(folder, { stores: keep, options });
  await until('two', async () => (await alerts(server)).length === 2);
  const gaps = await stores.events.gaps(0, Date.now() + 1000);
  assert.deepEqual(
    gaps.map(({ sensor, reason, lost }) => [sensor, reason, lost]),
    [['k8s-audit-log', 'audit-log-rotated', -1]],
  );
});
