import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareContainer, type RuntimeEvent } from '@guardcell/core';
import * as fc from 'fast-check';
import { cgroupTable } from './cgroups.ts';
import {
  HEADER_CGROUP,
  HEADER_COMM,
  HEADER_END,
  HEADER_KIND,
  HEADER_LEADER_START,
  HEADER_NR,
  HEADER_PID,
  HEADER_PPID,
  HEADER_RET,
  HEADER_SIZE,
  HEADER_TID,
  HEADER_TS,
  HEADER_VPID,
  KIND_CALL,
  KIND_CGROUP,
  KIND_CGROUP_GONE,
  KIND_EXEC,
  KIND_EXIT,
  KIND_FORK,
  PROCESS_CHILD_PID,
  PROCESS_CHILD_PPID,
  PROCESS_CHILD_START,
  PROCESS_CHILD_TID,
  PROCESS_SIZE,
} from './layout.generated.ts';
import { processTable } from './process-table.ts';
import { type RecordHandler, recordHandler } from './record-handler.ts';
import { ringReader } from './ring.ts';

const CONTAINER = 'ab'.repeat(32);

interface Fields {
  readonly kind: number;
  readonly pid?: number;
  readonly tid?: number;
  readonly ppid?: number;
  readonly start?: number;
  readonly cgroup?: number;
  readonly nr?: number;
  readonly ret?: number;
  readonly comm?: string;
  readonly child?: { readonly pid: number; readonly ppid: number; readonly start: number };
  readonly slots?: Readonly<Record<number, string>>;
  readonly atNs?: number;
}

class Bench {
  readonly data = new ArrayBuffer(65_536);
  readonly events: { type: string; pid: number; comm: string; text: string; container: string }[] = [];
  readonly gone: string[] = [];
  readonly table;
  readonly handler: RecordHandler;
  inspect: (event: RuntimeEvent) => string = () => '';

  constructor(maxProcesses = 1000) {
    const cgroups = cgroupTable();
    this.table = processTable({
      cgroups,
      maxProcesses,
      containerById: bareContainer,
      wallClockNs: (bootNs) => BigInt(bootNs),
      lookUp: () => undefined,
    });
    this.handler = recordHandler({
      data: this.data,
      table: this.table,
      cgroups,
      excluded: new Set([666]),
      wallClockNs: (bootNs) => bootNs,
      deliver: (event) =>
        this.events.push({
          type: event.type,
          pid: event.thread.pid,
          comm: event.thread.comm,
          container: event.thread.container.id,
          text: this.inspect(event),
        }),
      onCgroup: () => undefined,
      onCgroupGone: (group) => this.gone.push(group.path),
    });
  }

  send(fields: Fields): void {
    const view = new DataView(this.data);
    new Uint8Array(this.data).fill(0);
    view.setUint8(HEADER_KIND, fields.kind);
    const pid = fields.pid ?? 10;
    view.setUint32(HEADER_PID, pid, true);
    view.setUint32(HEADER_TID, fields.tid ?? pid, true);
    view.setUint32(HEADER_VPID, pid, true);
    view.setUint32(HEADER_PPID, fields.ppid ?? 1, true);
    view.setBigUint64(HEADER_TS, BigInt(fields.atNs ?? 1000), true);
    view.setBigUint64(HEADER_LEADER_START, BigInt(fields.start ?? 5), true);
    view.setBigUint64(HEADER_CGROUP, BigInt(fields.cgroup ?? 0), true);
    view.setUint32(HEADER_NR, fields.nr ?? 0, true);
    view.setBigInt64(HEADER_RET, BigInt(fields.ret ?? 0), true);
    Buffer.from(this.data, HEADER_COMM, 16).write(fields.comm ?? 'prog');
    let end = 0;
    if (fields.child !== undefined) {
      view.setUint32(HEADER_SIZE + PROCESS_CHILD_PID, fields.child.pid, true);
      view.setUint32(HEADER_SIZE + PROCESS_CHILD_TID, fields.child.pid, true);
      view.setUint32(HEADER_SIZE + PROCESS_CHILD_PPID, fields.child.ppid, true);
      view.setBigUint64(HEADER_SIZE + PROCESS_CHILD_START, BigInt(fields.child.start), true);
    }
    if (fields.kind === KIND_EXEC || fields.kind === KIND_FORK) end = PROCESS_SIZE;
    for (let slot = 0; slot < 8; slot++) {
      const text = Buffer.from(fields.slots?.[slot] ?? '');
      Buffer.from(this.data).set(text, HEADER_SIZE + end);
      end += text.length;
      view.setUint16(HEADER_END + slot * 2, end, true);
    }
    this.handler.handle(0, HEADER_SIZE + end);
  }
}

test('a forked child inherits from its parent, an exec replaces the program', () => {
  const bench = new Bench();
  bench.send({
    kind: KIND_EXEC,
    pid: 10,
    comm: 'sh',
    nr: 59,
    slots: { 1: '/bin/dash', 2: 'sh\0-c\0x\0', 3: '/tmp' },
  });
  bench.send({ kind: KIND_FORK, pid: 10, comm: 'sh', nr: 57, child: { pid: 11, ppid: 10, start: 6 } });
  const child = bench.table.find(11);
  assert.equal(child?.exePath, '/bin/dash');
  assert.deepEqual(child?.args, ['-c', 'x']);
  bench.send({
    kind: KIND_EXEC,
    pid: 11,
    ppid: 10,
    start: 6,
    comm: 'ls',
    nr: 59,
    slots: { 1: '/bin/ls', 2: 'ls\0', 3: '/' },
  });
  assert.equal(bench.table.find(11)?.exePath, '/bin/ls');
  assert.equal(bench.table.find(11)?.parent()?.comm, 'sh');
  assert.deepEqual(
    bench.events.map((event) => event.type),
    ['execve', 'fork', 'execve'],
  );
});

test('an exited parent can be found for a while, then it is forgotten; a reused pid is another process', () => {
  const bench = new Bench();
  bench.send({ kind: KIND_EXEC, pid: 10, comm: 'sh', nr: 59, slots: { 1: '/bin/sh' } });
  bench.send({ kind: KIND_FORK, pid: 10, nr: 57, comm: 'sh', child: { pid: 11, ppid: 10, start: 6 } });
  bench.send({ kind: KIND_EXIT, pid: 10, comm: 'sh', atNs: 1e9 });
  assert.equal(bench.table.find(11)?.parent()?.exePath, '/bin/sh');
  bench.table.sweep(20e9);
  assert.ok(bench.table.find(10) !== undefined);
  bench.table.sweep(40e9);
  assert.equal(bench.table.find(10), undefined);
  bench.send({ kind: KIND_CALL, nr: 87, pid: 11, start: 99, comm: 'new', slots: { 2: '/x' } });
  assert.equal(bench.table.find(11)?.exePath, '');
});

test('the table stays within its bound whatever happens', () => {
  const bench = new Bench(50);
  for (let pid = 100; pid < 400; pid++) bench.send({ kind: KIND_EXEC, pid, start: pid, nr: 59 });
  assert.ok(bench.table.size <= 50);
});

test('control groups name the container before the first event, and outlive their removal for late events', () => {
  const bench = new Bench();
  bench.send({ kind: KIND_CGROUP, cgroup: 77, slots: { 1: `${CONTAINER}\0docker\0\0` } });
  bench.send({ kind: KIND_EXEC, nr: 59, cgroup: 77 });
  bench.send({ kind: KIND_CGROUP_GONE, cgroup: 77 });
  bench.send({ kind: KIND_EXIT, cgroup: 77 });
  assert.deepEqual(
    bench.events.map((event) => event.container),
    [CONTAINER, CONTAINER],
  );
  assert.deepEqual(bench.gone, [`/docker/${CONTAINER}`]);
});

test('paths of calls are resolved against the base that the record carries', () => {
  const bench = new Bench();
  bench.inspect = (event) => `${event.path} ${event.targetPath} ${String(event.param('newpath'))}`;
  bench.send({ kind: KIND_CALL, nr: 82, slots: { 2: '../a', 3: '/tmp/x', 4: '/b//c' } });
  assert.equal(bench.events[0]?.text, '/tmp/a /b/c /b//c');
});

test('only wanted types are delivered, and never those of excluded processes; state is kept of all', () => {
  const bench = new Bench();
  bench.handler.want(new Set(['unlink']));
  bench.send({ kind: KIND_EXEC, pid: 10, nr: 59, slots: { 1: '/bin/x' } });
  bench.send({ kind: KIND_CALL, nr: 87, slots: { 2: '/x' } });
  bench.send({ kind: KIND_CALL, nr: 87, pid: 666, slots: { 2: '/x' } });
  assert.deepEqual(
    bench.events.map((event) => event.type),
    ['unlink'],
  );
  assert.equal(bench.table.find(10)?.exePath, '/bin/x');
});

test('a thread has its own id and name and the rest from its process', () => {
  const bench = new Bench();
  bench.send({ kind: KIND_EXEC, pid: 10, comm: 'main', nr: 59, slots: { 1: '/bin/x' } });
  bench.inspect = (event) => `${event.thread.tid} ${event.thread.exePath}`;
  bench.send({ kind: KIND_CALL, nr: 87, pid: 10, tid: 12, comm: 'worker', slots: { 2: '/x' } });
  assert.equal(bench.events[1]?.comm, 'worker');
  assert.equal(bench.events[1]?.text, '12 /bin/x');
  assert.equal(bench.table.find(10)?.comm, 'main');
});

test('records of any content are survived and every getter answers', () => {
  const bench = new Bench();
  bench.inspect = (event) => {
    for (const name of event.paramNames()) event.param(name);
    return `${event.path}${event.targetPath}${event.fd?.name}${event.result}${event.timeNs}${event.cpu}`;
  };
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 0, maxLength: 700 }),
      fc.nat({ max: 12 }),
      fc.nat({ max: 460 }),
      (bytes, kind, nr) => {
        new Uint8Array(bench.data).set(bytes);
        const view = new DataView(bench.data);
        view.setUint8(HEADER_KIND, kind);
        view.setUint32(HEADER_NR, nr, true);
        bench.handler.handle(0, bytes.length);
      },
    ),
    { numRuns: 500 },
  );
});

test('the ring reader stops at a record still being written, skips discarded ones and frees what it read', () => {
  const size = 4096;
  const pages = {
    consumer: new ArrayBuffer(4096),
    producer: new ArrayBuffer(4096),
    data: new ArrayBuffer(2 * size),
  };
  const data = new DataView(pages.data);
  const producer = new BigUint64Array(pages.producer);
  data.setUint32(0, 16, true);
  data.setUint32(24, (16 | 0x4000_0000) >>> 0, true);
  data.setUint32(48, 5, true);
  data.setUint32(64, (8 | 0x8000_0000) >>> 0, true);
  producer[0] = 80n;
  const reader = ringReader(pages, size);
  const seen: [number, number][] = [];
  assert.equal(
    reader.drain((offset, length) => seen.push([offset, length]), 100),
    3,
  );
  assert.deepEqual(seen, [
    [8, 16],
    [56, 5],
  ]);
  assert.equal(new BigUint64Array(pages.consumer)[0], 64n);
  assert.equal(reader.pending(), 16);
});
