import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseGroups, parseUsers } from './accounts.ts';
import { rotatedName } from './capture-files.ts';
import { asIpv6, endpointOf, ipBytes } from './ip-address.ts';
import { procSnapshot } from './proc-snapshot.ts';
import { parseInetTable, parseProcEnd, parseUnixTable, type SocketFacts } from './proc-sockets.ts';
import { longestCgroup } from './proc-threads.ts';

test('addresses become bytes in network order; what is no address becomes nothing', () => {
  assert.deepEqual([...(ipBytes('10.1.2.255') ?? [])], [10, 1, 2, 255]);
  assert.equal(Buffer.from(ipBytes('fe80::1:2') ?? []).toString('hex'), 'fe800000000000000000000000010002');
  assert.equal(
    Buffer.from(ipBytes('::ffff:1.2.3.4') ?? []).toString('hex'),
    '00000000000000000000ffff01020304',
  );
  assert.equal(
    Buffer.from(asIpv6(Uint8Array.of(1, 2, 3, 4))).toString('hex'),
    '00000000000000000000ffff01020304',
  );
  assert.deepEqual(endpointOf('::1:80')?.port, 80);
  for (const wrong of [
    '',
    '1.2.3',
    '256.1.1.1',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '/run/x.sock',
    '1:2',
  ]) {
    assert.equal(ipBytes(wrong), undefined, wrong);
  }
  fc.assert(fc.property(fc.ipV6(), (text) => ipBytes(text)?.length === 16));
});

test('accounts are read as the system writes them, other lines are left out', () => {
  const users = parseUsers(
    'root:x:0:0:root:/root:/bin/sh\n# c\nbroken\nx:y:z:0::/:/\nwww:x:33:33::/var/www:/bin/false\n',
  );
  assert.deepEqual(
    users.map(({ name, uid, home }) => [name, uid, home]),
    [
      ['root', 0, '/root'],
      ['www', 33, '/var/www'],
    ],
  );
  assert.deepEqual(parseGroups('a:x:1:\nb:x:q:\n'), [{ name: 'a', gid: 1 }]);
});

test('tables of sockets are read from their hexadecimal words', () => {
  assert.deepEqual(parseProcEnd('0100007F:1F90'), { ip: '127.0.0.1', port: 8080 });
  assert.equal(parseProcEnd('xyz:1'), undefined);
  const found = new Map<number, SocketFacts>();
  parseInetTable(
    'head\n 0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 17 1\n 1: 0100007F:1F90 0200007F:0050 01 0:0 0:0 0 0 0 18 1\nbroken',
    'tcp',
    found,
  );
  parseUnixTable('head\n0: 00000002 00000000 00010000 0001 01 19 /run/a b.sock\n', found);
  assert.deepEqual(found.get(17), {
    kind: 'listener',
    local: { ip: '127.0.0.1', port: 8080 },
    l4proto: 'tcp',
  });
  assert.equal(found.get(18)?.kind, 'connection');
  assert.deepEqual(found.get(19), { kind: 'unix', path: '/run/a b.sock' });
});

test('the control group that names the container best is the longest', () => {
  assert.equal(longestCgroup('1:cpu:/\n0::/docker/abc\n'), '/docker/abc');
});

test('numbers of files go before their endings', () => {
  assert.equal(rotatedName('/a.b/c.scap.gz', 2), '/a.b/c.000002.scap.gz');
  assert.equal(rotatedName('c', 1), 'c.000001');
});

test('this process is found with its command line, an open file and a listening socket, within the bounds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-proc-'));
  const fd = openSync(join(folder, 'open-file'), 'w');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  try {
    const { threads, tables } = procSnapshot({ pids: [process.pid] });
    const main = threads.find(({ tid }) => tid === process.pid);
    assert.deepEqual([main?.ppid, main?.cwd, main?.env], [process.ppid, process.cwd(), []]);
    assert.ok(main?.exePath.includes('node'));
    const own = tables[0]?.descriptors ?? [];
    assert.ok(
      own.some(
        (entry) => entry.kind === 'file' && entry.fd === fd && entry.name === join(folder, 'open-file'),
      ),
    );
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    assert.ok(own.some((entry) => entry.kind === 'listener' && entry.local.port === port));
    assert.ok((procSnapshot({ pids: [process.pid], environment: true }).threads[0]?.env.length ?? 0) > 0);
    const bounded = procSnapshot({ pids: [process.pid, process.ppid], maxThreads: 1, maxDescriptors: 1 });
    assert.equal(bounded.threads.length, 1);
    assert.ok(bounded.leftOut > 1);
  } finally {
    server.close();
    closeSync(fd);
    rmSync(folder, { recursive: true, force: true });
  }
});
