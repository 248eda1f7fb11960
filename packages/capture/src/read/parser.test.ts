import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  block,
  descriptors,
  event,
  machine,
  processes,
  section,
  text as str,
  u8,
  u32,
  users,
} from '../testing/build-capture.ts';
import { readEvents } from '../testing/read-events.ts';

const HEAD = [section(), machine('box'), processes([{ tid: 100, comm: 'cat' }])];
/** getuid: no state, one parameter. */
const GETUID = 203;
const some = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, at) => event({ id: GETUID, timeNs: 1000 + at, params: [7] }));

test('events of every block version are read, with and without flags', async () => {
  for (const layout of [1, 2, 3] as const) {
    for (const flags of [undefined, 3]) {
      const input = { id: GETUID, layout, cpu: 2, params: [7] };
      const { events, stats } = await readEvents([
        ...HEAD,
        event(flags === undefined ? input : { ...input, flags }),
      ]);
      assert.equal(stats.fault, undefined);
      assert.deepEqual(
        events.map(({ type, comm, params }) => [type, comm, params]),
        [['getuid', 'cat', { uid: 7 }]],
      );
    }
  }
});

test('a packed capture reads like a raw one, from memory and from a stream of small pieces', async () => {
  const raw = Buffer.concat([...HEAD, ...some(50)]);
  const pieces = async function* (bytes: Buffer): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  };
  const expected = (await readEvents(raw)).events;
  assert.equal(expected.length, 50);
  for (const source of [gzipSync(raw), pieces(raw), pieces(gzipSync(raw))]) {
    const { events, stats } = await readEvents(source);
    assert.equal(stats.fault, undefined);
    assert.deepEqual(events, expected);
  }
});

test('unknown blocks are passed over, also one that is larger than the window', async () => {
  const { events, stats } = await readEvents(
    gzipSync(
      Buffer.concat([
        ...HEAD,
        block(0x7777, Buffer.alloc(5)),
        ...some(1),
        block(0x7778, Buffer.alloc(3_000_000)),
        ...some(1),
      ]),
    ),
  );
  assert.equal(stats.fault, undefined);
  assert.equal(events.length, 2);
});

test('numbers count all events: enter events, types nobody asked for and types that do not exist', async () => {
  const { events, stats } = await readEvents(
    [
      ...HEAD,
      event({ id: 202 }),
      event({ id: 60_000, params: [1] }),
      ...some(1),
      event({ id: 205, params: [1] }),
    ],
    { eventTypes: new Set(['getuid']) },
  );
  assert.deepEqual(
    events.map(({ num }) => num),
    [3],
  );
  assert.equal(stats.events, 4);
  assert.equal(stats.delivered, 1);
  assert.equal(stats.skippedTypes, 1);
});

test('a section header with options is accepted, and a further section begins with an empty state', async () => {
  const { events, stats } = await readEvents([
    section({ extra: Buffer.alloc(12) }),
    processes([{ tid: 100, comm: 'cat' }]),
    users([[7, 'seven']]),
    ...some(1),
    section(),
    ...some(1),
  ]);
  assert.equal(stats.fault, undefined);
  assert.deepEqual(
    events.map(({ comm }) => comm),
    ['cat', ''],
  );
});

test('users, groups and the host name reach the environment', async () => {
  const { capture } = await readEvents([...HEAD, users([[7, 'seven']])]);
  const { HOST } = await import('@guardcell/core');
  assert.equal(capture.hostname(), 'box');
  assert.equal(capture.userName(7, HOST), 'seven');
  assert.equal(capture.userHome(7, HOST), '/home/seven');
  assert.equal(capture.userName(8, HOST), undefined);
});

const FAULTS: Readonly<Record<string, readonly [Uint8Array, string]>> = {
  'an empty file': [Buffer.alloc(0), 'GC_CAPTURE_FORMAT'],
  'another kind of file': [Buffer.from('#!/bin/sh\necho no capture at all\n'), 'GC_CAPTURE_FORMAT'],
  'the other byte order': [section({ magic: 0x4d3c2b1a }), 'GC_CAPTURE_FORMAT'],
  'a later major version': [section({ major: 2 }), 'GC_CAPTURE_FORMAT'],
  'a cut packed file': [
    gzipSync(Buffer.concat([...HEAD, ...some(9)])).subarray(0, 60),
    'GC_CAPTURE_TRUNCATED',
  ],
};

for (const [name, [bytes, code]] of Object.entries(FAULTS)) {
  test(`${name} is one coded error`, async () => {
    const { stats } = await readEvents(bytes);
    assert.equal(stats.fault?.code, code);
    assert.match(stats.fault?.at ?? '', /^byte \d+$/);
  });
}

test('of a truncated file everything before the end is delivered, and the error says where', async () => {
  const whole = Buffer.concat([...HEAD, ...some(3)]);
  const { events, stats } = await readEvents(whole.subarray(0, whole.length - 5));
  assert.equal(events.length, 2);
  assert.equal(stats.fault?.code, 'GC_CAPTURE_TRUNCATED');
  const last = some(1)[0]?.length ?? 0;
  assert.equal(stats.fault?.at, `byte ${whole.length - last}`);
});

test('of a corrupt file everything before the fault is delivered, and nothing after it', async () => {
  const bad = some(1)[0] ?? Buffer.alloc(0);
  bad.writeUInt32LE(9999, 8 + 2 + 16);
  const { events, stats } = await readEvents([...HEAD, ...some(2), bad, ...some(2)]);
  assert.equal(events.length, 2);
  assert.equal(stats.fault?.code, 'GC_CAPTURE_CORRUPT');
});

test('a list with a length beyond its block is a fault, not a read past the end', async () => {
  const { stats } = await readEvents([
    section(),
    block(0x206, Buffer.concat([u8(1), u32(5), str('x').fill(0xff)])),
  ]);
  assert.equal(stats.fault?.code, 'GC_CAPTURE_CORRUPT');
});

test('since keeps the state of what came before, until ends the reading', async () => {
  const { events, stats } = await readEvents([...HEAD, ...some(10)], { sinceNs: 1003n, untilNs: 1005n });
  assert.deepEqual(
    events.map(({ num }) => num),
    [4, 5, 6],
  );
  assert.equal(stats.events, 7);
});

test('what the consumer throws reaches the caller', async () => {
  const { openCapture } = await import('./open-capture.ts');
  const capture = openCapture(Buffer.concat([...HEAD, ...some(1)]));
  await assert.rejects(
    capture.read({
      onEvent() {
        throw new Error('mine');
      },
    }),
    /mine/,
  );
});

test('a file that does not exist is an error at once', async () => {
  await assert.rejects(readEvents('/nonexistent/x.scap'), { code: 'GC_CAPTURE_READ' });
});

test('the thread table stays within its bound and counts whom it forgot', async () => {
  const { stats } = await readEvents(
    [section(), ...Array.from({ length: 50 }, (_, at) => event({ id: GETUID, tid: 1000 + at, params: [1] }))],
    { maxThreads: 10 },
  );
  assert.equal(stats.threads, 10);
  assert.ok(stats.evictedThreads >= 40);
});

test('listed descriptors of every kind have their type, and roles follow the ports that are listened at', async () => {
  const v4 = (local: number, remote: number): Buffer =>
    Buffer.concat([
      Buffer.from([10, 0, 0, 1, 10, 0, 0, 2]),
      Buffer.from([local & 255, local >> 8, remote & 255, remote >> 8, 2]),
    ]);
  const path = str('/x');
  const list = [
    { num: 1, kind: 1, rest: path },
    { num: 2, kind: 2, rest: path },
    { num: 3, kind: 3, rest: v4(22, 5000) },
    { num: 4, kind: 3, rest: v4(6000, 443) },
    { num: 5, kind: 5, rest: Buffer.from([0, 0, 0, 0, 22, 0, 2]) },
    { num: 6, kind: 4, rest: Buffer.concat([Buffer.alloc(32), Buffer.from([1, 0, 2, 0, 3])]) },
    { num: 7, kind: 6, rest: Buffer.concat([Buffer.alloc(16), Buffer.from([80, 0, 2])]) },
    { num: 8, kind: 7, rest: path },
    { num: 9, kind: 8, rest: Buffer.concat([Buffer.alloc(16), path]) },
    { num: 10, kind: 16, rest: Buffer.concat([u32(1), path, u32(5)]) },
    ...[9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21].map((kind, at) => ({
      num: 20 + at,
      kind,
      rest: path,
    })),
    { num: 99, kind: 200, rest: Buffer.alloc(3) },
    { num: 100, kind: 1, rest: path },
  ];
  const close = (num: number): Buffer => event({ id: 317, params: [0, num, 0o644] });
  const { events, stats } = await readEvents([
    section(),
    processes([{ tid: 100 }]),
    descriptors(100, list),
    ...list.map(({ num }) => close(num)),
  ]);
  assert.equal(stats.fault, undefined);
  assert.deepEqual(
    events.map(({ fd }) => fd?.typeChar),
    [
      'f',
      'd',
      '4',
      '4',
      '4',
      '6',
      '6',
      'p',
      'u',
      'f',
      'e',
      'o',
      's',
      'l',
      'i',
      't',
      'n',
      'b',
      'o',
      'r',
      'm',
      'P',
      'o',
      'f',
    ],
  );
  assert.equal(events[2]?.fd?.name, '10.0.0.2:5000->10.0.0.1:22');
  assert.equal(events[2]?.fd?.role, 'server');
  assert.equal(events[3]?.fd?.name, '10.0.0.1:6000->10.0.0.2:443');
  assert.equal(events[4]?.fd?.name, '0.0.0.0:22');
  assert.equal(events[6]?.fd?.name, ':::80');
});
