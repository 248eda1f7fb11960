import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bareContainer,
  type Container,
  HOST,
  NO_THREAD_FACTS,
  type ParamValue,
  type RuntimeEvent,
  type Thread,
} from '@guardcell/core';
import fc from 'fast-check';
import { EVENT_ROWS } from '../format/event-table.generated.ts';
import { openCapture } from '../read/open-capture.ts';
import { captureWriter } from './capture-writer.ts';
import { writtenType } from './event-shapes.ts';
import type { MachineFacts, ProcessSnapshot } from './snapshot.ts';

const MACHINE: MachineFacts = {
  hostname: 'node-1',
  cpus: 4,
  memoryBytes: 8_000_000_000,
  maxPid: 4_194_304,
  bootTimeNs: 1_700_000_000_000_000_000n,
  interfaces: [
    { name: 'eth0', address: '10.0.0.5', netmask: '255.255.255.0', broadcast: '10.0.0.255' },
    { name: 'eth0', address: 'fe80::1', netmask: 'ffff:ffff:ffff:ffff::', broadcast: '' },
  ],
  users: [{ name: 'www', uid: 33, gid: 33, home: '/var/www', shell: '/bin/false' }],
  groups: [{ name: 'www', gid: 33 }],
};
const NOBODY: ProcessSnapshot = { threads: [], tables: [], leftOut: 0 };
const TIME = 1_760_000_000_123_456_789n;

function thread(over: Partial<Thread> = {}): Thread {
  return {
    ...NO_THREAD_FACTS,
    tid: 100,
    pid: 100,
    ppid: 1,
    vtid: 100,
    vpid: 100,
    sid: 100,
    pgid: 100,
    vpgid: 100,
    comm: 'sh',
    exe: '/bin/sh',
    exePath: '/usr/bin/dash',
    args: ['-c', 'true'],
    env: ['SECRET=1'],
    cwd: '/srv',
    uid: 33,
    gid: 33,
    exeInode: 7,
    exeInodeCtimeNs: 5n,
    exeInodeMtimeNs: 6n,
    startTimeNs: TIME,
    cgroup: '/user.slice',
    container: HOST,
    parent: () => undefined,
    ...over,
  };
}

function event(
  type: string,
  params: Readonly<Record<string, ParamValue>>,
  over: Partial<RuntimeEvent> = {},
): RuntimeEvent {
  return {
    num: 1,
    type,
    timeNs: TIME,
    cpu: 3,
    result: undefined,
    thread: thread(),
    fd: undefined,
    param: (name) => params[name],
    paramNames: () => Object.keys(params),
    path: undefined,
    targetPath: undefined,
    ...over,
  };
}

function written(
  events: readonly RuntimeEvent[],
  snapshot = NOBODY,
): { bytes: Buffer; writer: ReturnType<typeof captureWriter> } {
  const chunks: Buffer[] = [];
  const writer = captureWriter({ write: (chunk) => chunks.push(chunk) > 0 });
  writer.begin(MACHINE, snapshot, []);
  for (const one of events) writer.event(one);
  writer.flush();
  return { bytes: Buffer.concat(chunks), writer };
}

interface RawEvent {
  readonly type: number;
  readonly timeNs: bigint;
  readonly tid: number;
  readonly params: readonly Buffer[];
}

/** A second decoder, only for the test: events and the types of the blocks before them. */
function decode(bytes: Buffer): { readonly head: readonly number[]; readonly events: readonly RawEvent[] } {
  const head: number[] = [];
  const events: RawEvent[] = [];
  for (let at = 0; at < bytes.length; ) {
    const type = bytes.readUInt32LE(at);
    const length = bytes.readUInt32LE(at + 4);
    assert.equal(length % 4, 0);
    assert.equal(bytes.readUInt32LE(at + length - 4), length, 'the length is repeated at the end');
    if (type !== 0x216 && type !== 0x221) head.push(type);
    else events.push(decodeEvent(bytes.subarray(at + 10, at + length - 4), type === 0x221 ? 4 : 2));
    at += length;
  }
  return { head, events };
}

function decodeEvent(body: Buffer, width: 2 | 4): RawEvent {
  const count = body.readUInt32LE(22);
  const length = body.readUInt32LE(16);
  let at = 26 + count * width;
  const params = Array.from({ length: count }, (_, index) => {
    const size = body.readUIntLE(26 + index * width, width);
    at += size;
    return body.subarray(at - size, at);
  });
  assert.equal(at, length, 'the lengths of the parameters add up to that of the event');
  assert.ok(body.length - length < 4);
  return {
    type: body.readUInt16LE(20),
    timeNs: body.readBigUInt64LE(0),
    tid: Number(body.readBigInt64LE(8)),
    params,
  };
}

test('the head comes first: section, machine, interfaces, accounts, processes', () => {
  const { head } = decode(written([]).bytes);
  assert.deepEqual(head, [0x0a0d0d0a, 0x201, 0x219, 0x220, 0x215]);
});

test('texts of the head are cut to what other readers accept', async () => {
  const long = 'x'.repeat(70_000);
  const {
    container: _container,
    parent: _parent,
    ...plain
  } = thread({ exe: long, cwd: long, args: [long, long] });
  const figures = {
    root: long,
    vmSizeKib: 0,
    vmRssKib: 0,
    vmSwapKib: 0,
    majorFaults: 0,
    minorFaults: 0,
    fdLimit: 0,
  };
  const { bytes } = written([event('setsid', { res: 1 })], {
    threads: [{ ...plain, ...figures }],
    tables: [],
    leftOut: 0,
  });
  const lengths: number[] = [];
  const stats = await openCapture(bytes).read({
    eventTypes: new Set(['setsid']),
    onEvent: ({ thread: by }) => lengths.push(by.exe.length, by.cwd.length, by.args.join(' ').length),
  });
  assert.equal(stats.fault, undefined);
  assert.deepEqual(lengths, [1023, 1023, 4094]);
});

test('an event is written with its enter event, each parameter at its place and width', () => {
  const chmod = event('fchmod', { res: -1, fd: 3, mode: 0o755 });
  const { events } = decode(written([chmod]).bytes);
  const last = events.at(-1);
  assert.equal(EVENT_ROWS[last?.type ?? 0]?.[0], 'fchmod');
  assert.equal(last?.timeNs, TIME);
  assert.equal(last?.tid, 100);
  assert.deepEqual(
    last?.params.map((param) => param.toString('hex')),
    ['ffffffffffffffff', '0300000000000000', 'ed010000'],
  );
});

test('a thread that readers do not know is announced before its first event, once', () => {
  const stranger = thread({ tid: 101, vtid: 101 });
  const { events } = decode(
    written([
      event('setsid', { res: 5 }, { thread: stranger }),
      event('setsid', { res: 5 }, { thread: stranger }),
    ]).bytes,
  );
  const names = events.map(({ type, tid }) => `${EVENT_ROWS[type]?.[0]} ${tid}`);
  assert.deepEqual(names, ['clone 100', 'clone 101', 'setsid 101', 'setsid 101']);
});

test('the environment is left out, numbers that readers of processes need are zero, other unknown values are empty', () => {
  const exec = event('execve', { res: 0, exe: '/bin/sh', args: ['-c'], env: ['SECRET=1'], comm: 'sh' });
  const { bytes } = written([exec]);
  assert.equal(bytes.includes('SECRET'), false);
  const shape = writtenType('execve')?.exit;
  const params = decode(bytes).events.at(-1)?.params ?? [];
  const size = (name: string): number | undefined =>
    params[shape?.params.findIndex(([own]) => own === name) ?? -1]?.length;
  assert.equal(size('vm_size'), 4);
  assert.equal(size('env'), 0);
  assert.equal(size('trusted_exepath'), 0);
});

test('values beyond 64 KiB are cut and counted', () => {
  const { bytes, writer } = written([event('unlink', { res: 0, path: 'é'.repeat(40_000) })]);
  assert.equal(writer.counts().shortened, 1);
  const path = decode(bytes).events.at(-1)?.params[1];
  assert.ok((path?.length ?? 0) <= 0xffff);
  assert.equal(path?.at(-1), 0);
});

test('what the sink refuses is counted, and readers are told again of the threads', () => {
  const chunks: Buffer[] = [];
  let isOpen = true;
  const writer = captureWriter({ write: (chunk) => isOpen && chunks.push(chunk) > 0 });
  writer.begin(MACHINE, NOBODY, []);
  isOpen = false;
  writer.event(event('setsid', { res: 1 }));
  writer.flush();
  isOpen = true;
  writer.event(event('setsid', { res: 1 }));
  writer.event(event('no_such_call', {}));
  writer.flush();
  assert.deepEqual(writer.counts(), { ...writer.counts(), events: 1, dropped: 1, notInFormat: 1 });
  const names = decode(Buffer.concat(chunks)).events.map(({ type }) => EVENT_ROWS[type]?.[0]);
  assert.deepEqual(names, ['clone', 'setsid']);
});

test('our reader finds the container, the connection and the process that were written', async () => {
  const container: Container = {
    ...bareContainer('c'.repeat(64)),
    name: 'web',
    runtime: 'docker',
    complete: true,
    privileged: true,
    image: { reference: 'nginx:1.27', repository: 'nginx', tag: '1.27', digest: '', id: '' },
  };
  const inside = thread({ container, cgroup: `/docker/${container.id}`, vtid: 1, vpid: 1 });
  const fd = {
    num: 4,
    typeChar: '4',
    name: '10.0.0.5:40000->93.184.216.34:443',
    nameRaw: '',
    inode: 1,
    dev: 0,
    openFlags: 0,
    l4proto: 'tcp',
    client: { ip: '10.0.0.5', port: 40_000 },
    server: { ip: '93.184.216.34', port: 443 },
    connected: true,
    nameChanged: true,
  } as const;
  const { bytes } = written([
    event('socket', { fd: 4, domain: 2, type: 1, proto: 6, flags: 0 }, { thread: inside }),
    event(
      'connect',
      { res: 0, fd: 4, addr: '93.184.216.34:443', tuple: fd.name },
      { thread: inside, fd, result: 0 },
    ),
  ]);
  const seen: string[] = [];
  const stats = await openCapture(bytes).read({
    eventTypes: new Set(['connect']),
    enterTypes: new Set(),
    onEvent: ({ thread: by, fd: to }) =>
      seen.push(
        [
          by.comm,
          by.args.join(' '),
          by.cwd,
          by.uid,
          by.container.name,
          by.container.image.reference,
          to?.name,
        ].join(' | '),
      ),
  });
  assert.equal(stats.fault, undefined);
  assert.deepEqual(seen, [`sh | -c true | ${inside.cwd} | 33 | web | nginx:1.27 | ${fd.name}`]);
});

test('events of a new container wait for its name, which readers then know before them', async () => {
  const id = 'd'.repeat(64);
  let container: Container = bareContainer(id);
  const chunks: Buffer[] = [];
  const writer = captureWriter(
    { write: (chunk) => chunks.push(chunk) > 0 },
    { containerById: () => container },
  );
  writer.begin(MACHINE, NOBODY, []);
  const inside = thread({ container, cgroup: `/docker/${id}` });
  writer.event(event('setsid', { res: 1 }, { thread: inside }));
  writer.advance();
  assert.equal(writer.counts().events, 0);
  container = { ...container, name: 'late', complete: true };
  writer.advance();
  assert.equal(writer.counts().events, 1);
  const names: string[] = [];
  await openCapture(Buffer.concat(chunks)).read({
    eventTypes: new Set(['setsid']),
    onEvent: ({ thread: by }) => names.push(by.container.name),
  });
  assert.deepEqual(names, ['late']);
});

test('whatever the values, the capture stays well formed', () => {
  const types = EVENT_ROWS.map(([name]) => name).filter((name) => writtenType(name) !== undefined);
  const value = fc.oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.boolean(),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(fc.string({ maxLength: 40 }), { maxLength: 5 }),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.array(value, { minLength: 1, maxLength: 40 }),
      (type, values) => {
        let next = 0;
        const strange = { ...event(type, {}), param: () => values[next++ % values.length] };
        const { events } = decode(written([strange]).bytes);
        assert.equal(
          EVENT_ROWS[events.at(-1)?.type ?? -1]?.[0] === type ||
            type.includes('clone') ||
            type.includes('fork'),
          true,
        );
      },
    ),
    { numRuns: 500 },
  );
});
