import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { get, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ProblemSchema } from '@guardcell/contract';
import { Compile } from 'typebox/compile';
import { startTestServer, type TestServer } from './testing/test-server.ts';

let fixture: TestServer;
let folder: string;
const isProblem = Compile(ProblemSchema);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gc-web-'));
  const webRoot = join(folder, 'dist');
  await mkdir(join(webRoot, 'assets'), { recursive: true });
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>console</title>');
  await writeFile(join(webRoot, 'assets/app-1a2b.js'), 'export {};');
  await writeFile(join(webRoot, '.sources'), 'hidden');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await symlink(join(folder, 'secret.txt'), join(webRoot, 'link.txt'));
  fixture = await startTestServer({ options: { webRoot } });
});
after(async () => {
  await fixture[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A path as it stands, without the tidying that `fetch` does. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const { port } = new URL(fixture.server.url);
  return new Promise((done, fail) => {
    get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => done({ status: response.statusCode ?? 0, body }));
    }).on('error', fail);
  });
}

test('everything that goes wrong is a problem with a code and a request id', async () => {
  const cases: [string, Parameters<TestServer['call']>[1], number, string][] = [
    ['/api/v1/nothing', {}, 404, 'GC_NOT_FOUND'],
    ['/api/v1/events/none', {}, 404, 'GC_NOT_FOUND'],
    ['/api/v1/events?limit=x', {}, 400, 'GC_INVALID_REQUEST'],
    ['/api/v1/events?since=yesterday', {}, 400, 'GC_INVALID_REQUEST'],
    ['/api/v1/events?cursor=rubbish', {}, 400, 'GC_INVALID_CURSOR'],
    ['/api/v1/containers?cursor=rubbish', {}, 400, 'GC_INVALID_CURSOR'],
    ['/api/v1/overview?window=ages', {}, 400, 'GC_INVALID_REQUEST'],
    ['/api/v1/events/histogram?since=1m&until=2m', {}, 400, 'GC_INVALID_REQUEST'],
    ['/api/v1/settings', { method: 'PUT', body: '{' }, 400, 'GC_INVALID_JSON'],
    ['/api/v1/settings', { method: 'PUT', body: '{"__proto__":{"a":1}}' }, 400, 'GC_INVALID_JSON'],
    ['/api/v1/settings', { method: 'PUT', body: '{}' }, 400, 'GC_INVALID_REQUEST'],
    ['/api/v1/settings', { method: 'PUT', body: 'x'.repeat(6_000_000) }, 413, 'GC_BODY_TOO_LARGE'],
    [
      '/api/v1/settings',
      { method: 'PUT', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'GC_UNSUPPORTED_MEDIA_TYPE',
    ],
    ['/api/v1/actions', { method: 'POST', body: { do: 'pause', container: 'none' } }, 404, 'GC_NOT_FOUND'],
    ['/api/v1/actions/none/undo', { method: 'POST' }, 404, 'GC_NOT_FOUND'],
    ['/api/v1/responses/none', { method: 'DELETE' }, 404, 'GC_NOT_FOUND'],
    ['/api/v1/events/%zz', {}, 400, 'GC_INVALID_REQUEST'],
  ];
  for (const [path, options, status, code] of cases) {
    const answer = await fixture.call(path, options);
    assert.equal(answer.status, status, `${path}: ${answer.text}`);
    assert.equal(answer.json.code, code, path);
    assert.ok(isProblem.Check(answer.json), path);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.equal(answer.json.requestId, answer.headers.get('x-request-id'), path);
  }
});

test('every answer carries the headers that protect browsers', async () => {
  for (const path of ['/', '/api/v1/status', '/api/v1/nothing', '/healthz']) {
    const { headers } = await fixture.call(path, { headers: { accept: 'text/html' } });
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    assert.ok(!(headers.get('content-security-policy') ?? '').includes('unsafe'));
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
  }
});

test('a request for another host name is refused', async () => {
  const { status, body } = await raw('/healthz', { host: 'evil.example' });
  assert.equal(status, 421);
  assert.match(body, /GC_HOST_NOT_ALLOWED/);
});

test("the console's files are cached by their hash, its start page is not", async () => {
  const page = await fixture.call('/', { token: '', headers: { accept: 'text/html' } });
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  const file = await fixture.call('/assets/app-1a2b.js', { token: '' });
  assert.match(file.headers.get('cache-control') ?? '', /immutable/);
});

test('addresses of the console lead to its start page, those of nothing to a problem', async () => {
  const html = { token: '', headers: { accept: 'text/html' } };
  assert.match((await fixture.call('/events/some-id', html)).text, /<title>console/);
  assert.equal((await fixture.call('/assets/gone.js', html)).status, 404);
  assert.equal((await fixture.call('/api/nothing', html)).status, 404);
  assert.equal(
    (await fixture.call('/events', { token: '' })).status,
    404,
    'a script asks for something else',
  );
});

test('no path leads out of the folder of the console', async () => {
  const paths = [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/.sources',
    '/%00',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
  ];
  for (const path of paths) {
    const { status, body } = await raw(path);
    assert.ok(status >= 400, `${path}: ${status}`);
    assert.ok(
      !body.includes('secret\n') && !body.includes('root:') && body !== 'secret' && body !== 'hidden',
      path,
    );
  }
});

test('a slow client that never finishes its head is cut off without harm to others', async () => {
  const { port } = new URL(fixture.server.url);
  const call = request({ host: '127.0.0.1', port, path: '/api/v1/status', method: 'POST', agent: false });
  call.on('error', () => undefined);
  call.setHeader('content-length', '10');
  call.flushHeaders();
  assert.equal((await fixture.call('/healthz')).status, 200);
  call.destroy();
});

test('health, readiness, metrics and the description of the API are there without signing in', async () => {
  assert.equal((await fixture.call('/healthz', { token: '' })).status, 200);
  assert.deepEqual((await fixture.call('/readyz', { token: '' })).json, { status: 'ready', reasons: [] });
  const { text } = await fixture.call('/metrics', { token: '' });
  assert.match(text, /^guardcell_store_up 1$/m);
  for (const line of text.split('\n')) assert.match(line, /^(#.*|guardcell_\w+(\{[^}]*\})? -?[\d.e+-]+|)$/);
  assert.equal((await fixture.call('/openapi.json', { token: '' })).json.openapi, '3.1.0');
});

test('a server that waits for an agent is not ready before the agent has the policy', async () => {
  await using waiting = await startTestServer({ options: { expectAgent: true } });
  const answer = await waiting.call('/readyz');
  assert.equal(answer.status, 503);
  assert.equal(answer.json.reasons.length, 1);
});
