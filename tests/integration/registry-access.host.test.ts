// Ways to a registry that the command line offers: client certificates, tokens, proxies; over a real registry behind TLS.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { writeLayout } from '../support/oci-layout.ts';
import { registryProblem, startRegistry, type TestRegistry } from '../support/registry.ts';
import { command } from '../support/run-command.ts';

const CLI = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
const FOLDER = mkdtempSync(join(tmpdir(), 'gc-registry-access-'));
/** No such name exists: whoever reaches it has used the proxy. */
const NAME = 'registry.invalid';
let registry: TestRegistry | undefined;
let problem = '';
const servers: Server[] = [];
const seen = { connects: [] as string[], tokens: [] as (string | undefined)[] };
let tlsPort = 0;
let proxyPort = 0;

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

async function certificate(name: string, subject: string, ...more: readonly string[]): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const out = ['-keyout', join(FOLDER, `${name}.key`), '-out', join(FOLDER, `${name}.crt`)];
  await command('openssl', ['req', '-x509', '-days', '2', ...key, ...out, '-subj', subject, ...more]);
}

/** Passes requests on to the registry without TLS. */
function forward(incoming: IncomingMessage, answer: ServerResponse): void {
  seen.tokens.push(incoming.headers.authorization);
  const [host = '', port = ''] = (registry?.host ?? '').split(':');
  const { authorization: _, ...headers } = incoming.headers;
  const options = { host, port, path: incoming.url, method: incoming.method, headers };
  incoming.pipe(
    httpRequest(options, (from) => {
      answer.writeHead(from.statusCode ?? 500, from.headers);
      from.pipe(answer);
    }),
  );
}

before(async () => {
  problem = await registryProblem();
  if (problem !== '') return;
  registry = await startRegistry();
  const root = join(FOLDER, 'root');
  mkdirSync(root);
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/left': { version: '1.0.0' } } }),
  );
  writeLayout(join(FOLDER, 'layout'), 'it', { layers: [root] });
  await registry.push(`oci:${join(FOLDER, 'layout')}:it`, 'team/app:1');
  await certificate('server', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME},IP:127.0.0.1`);
  await certificate('client', '/CN=client');
  const pem = (name: string): Buffer => readFileSync(join(FOLDER, name));
  const tls = { key: pem('server.key'), cert: pem('server.crt'), ca: pem('client.crt'), requestCert: true };
  tlsPort = await listen(createTlsServer({ ...tls, rejectUnauthorized: true }, forward));
  const proxy = createServer();
  proxy.on('connect', (incoming: IncomingMessage, socket) => {
    seen.connects.push(incoming.url ?? '');
    const onward = connect(tlsPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 ok\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  proxyPort = await listen(proxy);
});

after(async () => {
  for (const server of servers) {
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections();
    server.close();
  }
  await registry?.[Symbol.asyncDispose]();
  rmSync(FOLDER, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function scan(
  words: readonly string[],
  { env = {}, input = '' }: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Outcome> {
  const options = { cwd: FOLDER, timeout: 60_000, env: { ...process.env, HOME: FOLDER, ...env } };
  const args = [
    '--disable-warning=ExperimentalWarning',
    CLI,
    'scan',
    ...words,
    '--only',
    'packages',
    '--no-cache',
  ];
  return new Promise((done) => {
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

const trusted = (): readonly string[] => ['--ca-file', join(FOLDER, 'server.crt')];
const known = (): readonly string[] => [
  '--cert-file',
  join(FOLDER, 'client.crt'),
  '--key-file',
  join(FOLDER, 'client.key'),
];

test('a registry that wants a client certificate lets in who shows it, for one image and for all', async (t) => {
  if (problem !== '') return t.skip(problem);
  const host = `127.0.0.1:${tlsPort}`;
  const one = await scan(['image', `${host}/team/app:1`, ...trusted(), ...known(), '-o', 'json']);
  assert.equal(one.code, 0, one.stderr);
  assert.match(one.stdout, /"pkg:npm\/left@1\.0\.0"/);
  const all = await scan(['registry', host, ...trusted(), ...known()]);
  assert.match(all.stdout, /1 scanned/, all.stderr);
  const stranger = await scan(['registry', host, ...trusted()]);
  assert.equal(stranger.code, 5, stranger.stderr);
  const half = await scan(['registry', host, '--cert-file', join(FOLDER, 'client.crt')]);
  assert.equal(half.code, 2);
  assert.match(half.stderr, /--cert-file and --key-file belong together/);
});

test('HTTPS_PROXY is used, and NO_PROXY is kept to', async (t) => {
  if (problem !== '') return t.skip(problem);
  const words = ['registry', NAME, ...trusted(), ...known()];
  const proxy = { https_proxy: `http://127.0.0.1:${proxyPort}` };
  const through = await scan(words, { env: proxy });
  assert.match(through.stdout, /registry\.invalid\/team\/app:1 .*\n\n1 scanned/, through.stderr);
  assert.ok(seen.connects.length > 0 && seen.connects.every((target) => target === `${NAME}:443`));
  const direct = await scan(words, { env: { ...proxy, no_proxy: NAME } });
  assert.equal(direct.code, 5, direct.stdout);
});

test('a token is read from a file or standard input and sent as it is, never from the command line', async (t) => {
  if (problem !== '') return t.skip(problem);
  const words = ['registry', `127.0.0.1:${tlsPort}`, ...trusted(), ...known()];
  seen.tokens.length = 0;
  const read = await scan([...words, '--token-file', '-'], { input: 'abc.def\n' });
  assert.equal(read.code, 0, read.stderr);
  assert.deepEqual(new Set(seen.tokens), new Set(['Bearer abc.def']));
  assert.ok(!(read.stdout + read.stderr).includes('abc.def'));
  const broken = await scan([...words, '--token-file', '-'], { input: 'two words' });
  assert.equal(broken.code, 2);
  const both = await scan([...words, '--token-file', '-', '--username', 'x', '--password-file', '-']);
  assert.equal(both.code, 2);
});

test('plain HTTP to other machines needs its own flag, and warns', async () => {
  const refused = await scan(['registry', 'registry.invalid', '--plain-http']);
  assert.match(refused.stderr, /GC_REGISTRY_PLAIN_HTTP/);
  const allowed = await scan(['registry', 'registry.invalid', '--plain-http-anywhere']);
  assert.equal(allowed.code, 5, allowed.stderr);
  assert.match(allowed.stderr, /warning: plain HTTP to other machines/);
});

test('what selects no image is an error, not a clean registry', async (t) => {
  if (registry === undefined) return t.skip(problem);
  const { code, stderr } = await scan(['registry', `${registry.host}/tema`, '--plain-http']);
  assert.equal(code, 3, stderr);
});

test('the containerd and docker sockets are those that are named', async () => {
  const socket = join(FOLDER, 'none.sock');
  const containerd = ['--containerd-socket', socket, '--containerd-namespace', 'mine'];
  const first = await scan(['image', 'containerd:web:1', ...containerd]);
  assert.match(first.stderr, /GC_IMAGE_STORE.*none\.sock/);
  const second = await scan(['image', 'docker:web:1', '--docker-host', `unix://${socket}`]);
  assert.match(second.stderr, /GC_IMAGE_STORE.*none\.sock/);
});
