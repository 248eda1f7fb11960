// Names of addresses come from the hosts file and from name servers, asked ahead of time and a few at a time.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { clusterNames, createHostNames, nameServers, parseHosts } from './host-names.ts';

const NO_FILE = { hostsFile: '/no/such/hosts' };

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test('a hosts file gives every name its addresses, without comments and what is no address', () => {
  const hosts = parseHosts('# 9.9.9.9 no\n192.0.2.1 A.example b # c\n2001:db8::1\ta.example\nnonsense x\n');
  assert.deepEqual(
    [...hosts],
    [
      ['a.example', ['192.0.2.1', '2001:db8::1']],
      ['b', ['192.0.2.1']],
    ],
  );
});

test('only watched names are known, at once when the hosts file has them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-hosts-'));
  try {
    const hostsFile = join(folder, 'hosts');
    writeFileSync(hostsFile, '192.0.2.1 pool.example other.example\n');
    using names = createHostNames({ hostsFile, resolve: () => Promise.reject(new Error('none')) });
    assert.deepEqual(names.namesOf('192.0.2.1'), []);
    names.watch(new Set(['pool.example']));
    assert.deepEqual(names.namesOf('192.0.2.1'), ['pool.example']);
    names.watch(new Set());
    assert.deepEqual(names.namesOf('192.0.2.1'), []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('name servers are asked for at most eight names at once, and each answer serves at once', async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  using names = createHostNames({
    ...NO_FILE,
    resolve: (name) => {
      const { promise, resolve } = Promise.withResolvers<readonly string[]>();
      waiting.push(() => resolve([`192.0.2.${name.slice(1)}`]));
      most = Math.max(most, waiting.length);
      return promise;
    },
  });
  names.watch(new Set(Array.from({ length: 20 }, (_, index) => `n${index}`)));
  assert.equal(waiting.length, 8);
  while (waiting.length > 0) {
    waiting.shift()?.();
    await settled();
  }
  assert.equal(most, 8);
  assert.deepEqual(names.namesOf('192.0.2.19'), ['n19']);
});

test('addresses that a name had stay known when it gets others', async () => {
  let now = 0;
  let answer = ['192.0.2.1'];
  using names = createHostNames({ ...NO_FILE, nowMs: () => now, resolve: () => Promise.resolve(answer) });
  names.watch(new Set(['a.example']));
  await settled();
  answer = ['192.0.2.2'];
  now = 301_000;
  names.watch(new Set(['a.example']));
  await settled();
  assert.deepEqual(names.namesOf('192.0.2.1'), ['a.example']);
  assert.deepEqual(names.namesOf('192.0.2.2'), ['a.example']);
  now += 3_700_000;
  names.watch(new Set(['a.example']));
  await settled();
  assert.deepEqual(names.namesOf('192.0.2.1'), []);
});

test('in a pod the name of the API server stands for the address that the environment tells', () => {
  using names = createHostNames({ ...NO_FILE, fixed: clusterNames('10.43.0.1') });
  names.watch(new Set(['kubernetes.default.svc.cluster.local']));
  assert.deepEqual(names.namesOf('10.43.0.1'), ['kubernetes.default.svc.cluster.local']);
  assert.equal(clusterNames('not an address').size, 0);
});

/** A name server that gives every name one IPv4 address, and has no IPv6 addresses. */
function answerTo(query: Buffer): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const isV4 = query.readUInt16BE(end - 4) === 1;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(isV4 ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const record = Buffer.from('c00c00010001000000ff0004c0000237', 'hex');
  return Buffer.concat([head, query.subarray(12, end), ...(isV4 ? [record] : [])]);
}

test('a name server is asked for both kinds of addresses', async () => {
  const server = createSocket('udp4');
  try {
    server.on('message', (query, { port, address }) => server.send(answerTo(query), port, address));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const resolve = nameServers([`127.0.0.1:${server.address().port}`]);
    assert.deepEqual(await resolve('pool.example'), ['192.0.2.55']);
  } finally {
    server.close();
  }
});
