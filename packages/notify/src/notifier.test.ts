import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLogger } from '@guardcell/kit';
import { allowEntryOf } from './endpoint.ts';
import { createNotifier } from './notifier.ts';
import { verifySignature } from './signature.ts';
import { selfSigned } from './test-certificate.ts';
import { ALERT, deliveryTo, testOptions } from './test-delivery.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (seen: readonly Seen[], response: http.ServerResponse) => void;

const OK: Answer = (_, response) => void response.writeHead(204).end();
const NEVER = new AbortController().signal;

async function listen(context: TestContext, server: Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  context.after(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if (server instanceof http.Server) server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

function recorder(seen: Seen[], answer: Answer): http.RequestListener {
  return (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      answer(seen, response);
    });
  };
}

async function receiver(
  context: TestContext,
  answer: Answer,
): Promise<{ readonly url: string; readonly port: number; readonly seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  const port = await listen(context, http.createServer(recorder(seen, answer)));
  return { url: `http://127.0.0.1:${port}/hook?token=sesame`, port, seen };
}

test('posts a signed CloudEvent that the receiver can verify', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'gc-notify-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const secretFile = join(folder, 'key');
  await writeFile(secretFile, 'a secret of some length\n', { mode: 0o600 });
  const { url, seen } = await receiver(context, OK);
  const { options } = testOptions({ allow: () => ['127.0.0.0/8'] });
  const result = await createNotifier(options).deliver(deliveryTo(url, { secretFile }), NEVER);
  assert.deepEqual(
    { ...result, detail: '' },
    { ok: true, status: 204, attempts: 1, signed: true, detail: '' },
  );
  const [request] = seen;
  assert.ok(request !== undefined);
  assert.equal(request.method, 'POST');
  assert.equal(request.path, '/hook?token=sesame');
  assert.match(request.headers['content-type'] ?? '', /^application\/cloudevents\+json/);
  const verified = verifySignature({
    secret: 'a secret of some length',
    id: String(request.headers['webhook-id']),
    timestamp: String(request.headers['webhook-timestamp']),
    signature: String(request.headers['webhook-signature']),
    body: request.body,
    nowMs: options.clock.nowMs(),
  });
  assert.deepEqual(verified, { ok: true });
  const event = JSON.parse(request.body) as Record<string, unknown>;
  assert.equal(event['specversion'], '1.0');
  assert.equal(event['type'], 'io.guardcell.alert.v1');
  assert.equal(event['id'], 'act-1');
  assert.equal(event['source'], '/hosts/node%201');
  assert.deepEqual(event['data'], { alert: ALERT, response: { rule: 'tell', actions: [] } });
});

test('content of another form is sent as it is, and signed all the same', async (context) => {
  const { url, seen } = await receiver(context, OK);
  const { options } = testOptions({ allow: () => ['127.0.0.1'] });
  const content = { type: 'application/json', body: '{"rule":"Read it"}' };
  const result = await createNotifier(options).deliver({ ...deliveryTo(url), content }, NEVER);
  assert.ok(result.ok);
  assert.equal(seen[0]?.headers['content-type'], 'application/json');
  assert.equal(seen[0]?.body, content.body);
  assert.equal(seen[0]?.headers['webhook-id'], 'act-1');
});

test('without a secret the request is not signed', async (context) => {
  const { url, seen } = await receiver(context, OK);
  const { options } = testOptions({ allow: () => ['127.0.0.1'] });
  const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
  assert.ok(result.ok && !result.signed);
  assert.equal(seen[0]?.headers['webhook-signature'], undefined);
});

test('a loopback receiver is refused unless this delivery allows it', async (context) => {
  const { url, seen } = await receiver(context, OK);
  const { options } = testOptions();
  const notifier = createNotifier(options);
  const refused = await notifier.deliver(deliveryTo(url), NEVER);
  assert.ok(!refused.ok);
  assert.equal(refused.code, 'GC_NOTIFY_BLOCKED');
  assert.equal(seen.length, 0);
  const allowed = await notifier.deliver(deliveryTo(url, { allow: [allowEntryOf(url)] }), NEVER);
  assert.ok(allowed.ok);
  assert.ok(!(await notifier.deliver(deliveryTo(url), NEVER)).ok, 'the permission ends with the delivery');
});

test('tries again with growing waits, the same id and a fresh timestamp', async (context) => {
  const { url, seen } = await receiver(context, (all, response) => {
    response.writeHead(all.length < 4 ? 503 : 200).end('x');
  });
  const { options, waits } = testOptions({ allow: () => ['127.0.0.1'] });
  const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
  assert.ok(result.ok);
  assert.equal(result.attempts, 4);
  assert.deepEqual(waits, [1000, 2000, 4000]);
  assert.deepEqual(new Set(seen.map(({ headers }) => headers['webhook-id'])), new Set(['act-1']));
  assert.equal(new Set(seen.map(({ headers }) => headers['webhook-timestamp'])).size, 4);
  assert.equal(new Set(seen.map(({ body }) => body)).size, 1);
});

test('gives up after the last attempt', async (context) => {
  const { url, seen } = await receiver(context, (_, response) => void response.writeHead(500).end());
  const { options } = testOptions({ allow: () => ['127.0.0.1'] });
  const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
  assert.ok(!result.ok);
  assert.deepEqual([result.code, result.status, result.attempts], ['GC_NOTIFY_REJECTED', 500, 5]);
  assert.equal(seen.length, 5);
});

test('honours Retry-After, and gives up when it asks for more than there is time', async (context) => {
  const { url, seen } = await receiver(context, (all, response) => {
    response.writeHead(429, { 'retry-after': all.length === 1 ? '7' : '3600' }).end();
  });
  const { options, waits } = testOptions({ allow: () => ['127.0.0.1'] });
  const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
  assert.ok(!result.ok);
  assert.equal(result.status, 429);
  assert.deepEqual(waits, [7000]);
  assert.equal(seen.length, 2);
});

test('redirects are not followed and refusals are final', async (context) => {
  for (const status of [301, 302, 307, 400, 401, 403, 404, 410]) {
    const { url, seen } = await receiver(context, (_, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    });
    const { options } = testOptions({ allow: () => ['127.0.0.1'] });
    const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
    assert.ok(!result.ok);
    assert.deepEqual([result.code, result.status, result.attempts], ['GC_NOTIFY_REJECTED', status, 1]);
    assert.equal(seen.length, 1);
  }
});

test('an endless answer is cut off and does not hide the status', async (context) => {
  const { url } = await receiver(context, (_, response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(32_768);
    const timer = setInterval(() => response.write(chunk), 1);
    response.on('close', () => clearInterval(timer));
  });
  const { options } = testOptions({ allow: () => ['127.0.0.1'] });
  const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
  assert.ok(result.ok);
  assert.equal(result.status, 200);
});

test('a silent receiver runs into the time-out', async (context) => {
  const { url } = await receiver(context, () => undefined);
  const { options } = testOptions({
    allow: () => ['127.0.0.1'],
    limits: { attemptTimeoutMs: 40, attempts: 2 },
  });
  const result = await createNotifier(options).deliver(deliveryTo(url), NEVER);
  assert.ok(!result.ok);
  assert.deepEqual([result.code, result.attempts], ['GC_NOTIFY_TIMEOUT', 2]);
});

test('a receiver that is not there is tried again', async () => {
  const { options } = testOptions({ allow: () => ['127.0.0.1'], limits: { attempts: 3 } });
  const result = await createNotifier(options).deliver(deliveryTo('http://127.0.0.1:1/'), NEVER);
  assert.ok(!result.ok);
  assert.deepEqual([result.code, result.attempts], ['GC_NOTIFY_UNREACHABLE', 3]);
});

test('cancelling ends the attempt and the wait', async (context) => {
  const { url } = await receiver(context, () => undefined);
  const { options } = testOptions({ allow: () => ['127.0.0.1'] });
  const first = new AbortController();
  setTimeout(() => first.abort(), 20);
  const during = await createNotifier(options).deliver(deliveryTo(url), first.signal);
  assert.ok(!during.ok);
  assert.equal(during.code, 'GC_NOTIFY_ABORTED');

  const second = new AbortController();
  const { sleep: _, ...real } = options;
  setTimeout(() => second.abort(), 20);
  const waiting = await createNotifier(real).deliver(deliveryTo('http://127.0.0.1:1/'), second.signal);
  assert.ok(!waiting.ok);
  assert.equal(waiting.code, 'GC_NOTIFY_ABORTED');
});

test('the address that was checked is the one that is connected to, whatever a name resolves to later', async (context) => {
  const { port, seen } = await receiver(context, OK);
  let calls = 0;
  const { options } = testOptions({
    allow: () => ['10.0.0.1'],
    limits: { attempts: 1, attemptTimeoutMs: 300 },
    resolve: () => {
      calls += 1;
      return Promise.resolve([{ address: calls === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    },
  });
  const result = await createNotifier(options).deliver(deliveryTo(`http://rebind.test:${port}/`), NEVER);
  assert.ok(!result.ok);
  assert.equal(result.code, 'GC_NOTIFY_BLOCKED');
  assert.equal(calls, 1, 'looked up once');
  assert.equal(seen.length, 0);
});

test('of several addresses only those that are allowed are connected to', async (context) => {
  const { port, seen } = await receiver(context, OK);
  const { options } = testOptions({
    allow: () => ['127.0.0.1'],
    resolve: () =>
      Promise.resolve([
        { address: '169.254.169.254', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]),
  });
  const result = await createNotifier(options).deliver(deliveryTo(`http://mixed.test:${port}/`), NEVER);
  assert.ok(result.ok);
  assert.equal(seen[0]?.headers.host, `mixed.test:${port}`);
});

test('TLS is verified against the name', async (context) => {
  const { key, cert } = selfSigned('hooks.test');
  const seen: Seen[] = [];
  const port = await listen(context, https.createServer({ key, cert }, recorder(seen, OK)));
  const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 as const }]);
  const base = { allow: () => ['127.0.0.1'], resolve };
  const good = createNotifier(testOptions({ ...base, ca: cert }).options);
  assert.ok((await good.deliver(deliveryTo(`https://hooks.test:${port}/`), NEVER)).ok);
  const wrongName = await good.deliver(deliveryTo(`https://other.test:${port}/`), NEVER);
  assert.ok(!wrongName.ok);
  assert.deepEqual([wrongName.code, wrongName.attempts], ['GC_NOTIFY_TLS', 1]);
  const untrusting = createNotifier(testOptions(base).options);
  const untrusted = await untrusting.deliver(deliveryTo(`https://hooks.test:${port}/`), NEVER);
  assert.ok(!untrusted.ok);
  assert.equal(untrusted.code, 'GC_NOTIFY_TLS');
  assert.equal(seen.length, 1);
});

test('neither secret nor path nor token get into logs and results', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'gc-notify-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const secretFile = join(folder, 'hush');
  await writeFile(secretFile, 'tell-nobody', { mode: 0o644 });
  const { url } = await receiver(context, (_, response) => void response.writeHead(400).end('tell-nobody'));
  let log = '';
  const logger = createLogger({
    level: 'debug',
    format: 'json',
    now: () => new Date(0),
    write: (line) => {
      log += line;
    },
  });
  const { options } = testOptions({ allow: () => ['127.0.0.1'], logger });
  const result = await createNotifier(options).deliver(deliveryTo(url, { secretFile }), NEVER);
  const missing = await createNotifier(options).deliver(
    deliveryTo(url, { secretFile: `${folder}/no` }),
    NEVER,
  );
  const said = log + JSON.stringify([result, missing]);
  assert.match(said, /weakly protected/);
  for (const secret of ['tell-nobody', 'sesame', folder, 'hush']) assert.ok(!said.includes(secret), secret);
});

test('more deliveries than the limit at the same time are refused, not queued', async (context) => {
  const { url } = await receiver(context, (_, response) => void setTimeout(() => response.end(), 30));
  const { options } = testOptions({ allow: () => ['127.0.0.1'], limits: { maxInFlight: 2 } });
  const notifier = createNotifier(options);
  const results = await Promise.all([1, 2, 3].map(() => notifier.deliver(deliveryTo(url), NEVER)));
  assert.deepEqual(
    results.map((result) => (result.ok ? 'ok' : result.code)),
    ['ok', 'ok', 'GC_NOTIFY_BUSY'],
  );
});
