// Fields that only producers with state have: captures. Without that state they have no value.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileDescriptor, RuntimeEvent, Thread } from '@guardcell/core';
import { holds, outputFields, printed } from '../testing/rule-probe.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';

const S = 1_000_000_000n;
const BASE = syntheticEvent({
  type: 'poll',
  result: 2,
  timeNs: 1_700_000_007n * S + 5n,
  process: { name: 'app', pid: 100 },
});

const SOCKET = syntheticEvent({
  type: 'connect',
  fd: { client: '10.0.0.5:40000', server: '1.2.3.4:443' },
}).fd;
const FILE = syntheticEvent({ type: 'openat', fd: { name: '/dev/null' } }).fd;

function descriptor(fd: FileDescriptor | undefined, num: number): FileDescriptor {
  assert.ok(fd !== undefined);
  return { ...fd, num };
}

const DESCRIPTORS = new Map([
  [0, descriptor(FILE, 0)],
  [1, descriptor(SOCKET, 1)],
]);

const THREAD: Thread = {
  ...BASE.thread,
  exeInodeCtimeNs: 20n * S,
  pidNamespaceStartNs: 15n * S,
  resources: {
    vmSizeKib: 2000,
    vmRssKib: 1000,
    vmSwapKib: 7,
    majorFaults: 3,
    minorFaults: 9,
    fdLimit: 8,
  },
  descriptors: DESCRIPTORS,
  threadCount: () => 4,
  childCount: () => 3,
};

const EVENT: RuntimeEvent = {
  ...BASE,
  firstTimeNs: 1_700_000_000n * S,
  previousTimeNs: 1_700_000_006n * S,
  thread: THREAD,
  fdList: () => [descriptor(FILE, 0), descriptor(SOCKET, 1)],
};

const VALUES: readonly (readonly [field: string, value: string])[] = [
  ['evt.reltime', '7000000005'],
  ['evt.reltime.s', '7'],
  ['evt.reltime.ns', '5'],
  ['evt.deltatime', '1000000005'],
  ['evt.deltatime.s', '1'],
  ['evt.deltatime.ns', '5'],
  ['fdlist.nums', '0,1'],
  ['fdlist.names', '/dev/null,10.0.0.5:40000->1.2.3.4:443'],
  ['fdlist.cips', '10.0.0.5'],
  ['fdlist.sips', '1.2.3.4'],
  ['fdlist.cports', '40000'],
  ['fdlist.sports', '443'],
  ['fd.types', '(file,ipv4)'],
  ['fd.types[1]', '(ipv4)'],
  ['proc.fdopencount', '2'],
  ['proc.fdlimit', '8'],
  ['proc.fdusage', '25'],
  ['proc.nthreads', '4'],
  ['proc.nchilds', '3'],
  ['proc.vmsize', '2000'],
  ['proc.vmrss', '1000'],
  ['proc.vmswap', '7'],
  ['thread.vmsize', '2000'],
  ['thread.vmrss.b', '1024000'],
  ['thread.pfmajor', '3'],
  ['thread.pfminor', '9'],
  ['thread.nametid', 'app100'],
  ['proc.stdin.type', 'file'],
  ['proc.stdin.name', '/dev/null'],
  ['proc.stdout.type', 'ipv4'],
  ['proc.stderr.name', '<NA>'],
  ['proc.pidns_init_start_ts', '15000000000'],
  ['proc.exe_ino.ctime_duration_pidns_start', '5000000000'],
];

for (const [field, value] of VALUES) {
  test(`${field} is ${value} where the producer knows it`, () => {
    assert.equal(printed(`%${field}`, EVENT), value);
  });
}

test('without that state the fields are missing', () => {
  for (const [field] of VALUES) {
    if (field === 'thread.nametid') continue;
    assert.equal(printed(`%${field}`, BASE), '<NA>', field);
    assert.equal(holds(`${field} exists`, BASE), false, field);
  }
});

test('memory of other threads than the main one counts as none', () => {
  const other: RuntimeEvent = { ...EVENT, thread: { ...THREAD, tid: 101 } };
  assert.equal(printed('%thread.vmsize %proc.vmsize', other), '0 2000');
});

test('the first event of a capture has no time since the one before', () => {
  const first: RuntimeEvent = { ...EVENT, firstTimeNs: EVENT.timeNs, previousTimeNs: EVENT.timeNs };
  assert.equal(printed('%evt.reltime %evt.deltatime', first), '0 0');
});

test('times of day are texts in messages and numbers in JSON', () => {
  const output = '%evt.time %evt.time.s %evt.time.iso8601 %evt.datetime.s';
  assert.equal(
    printed(output, EVENT, { utcOffsetMinutes: 60 }),
    '23:13:27.000000005 23:13:27 2023-11-14T22:13:27.000000005+0000 2023-11-14 23:13:27',
  );
  const ns = '1700000007000000005';
  assert.deepEqual(outputFields(output, EVENT), {
    'evt.time': ns,
    'evt.time.s': ns,
    'evt.time.iso8601': ns,
    'evt.datetime.s': ns,
  });
});

const KINDS: readonly (readonly [type: string, letter: FileDescriptor['typeChar'], kind: string])[] = [
  ['read', 'f', 'file'],
  ['read', '4', 'net'],
  ['write', 'u', 'ipc'],
  ['read', 't', 'unknown'],
  ['openat', 'f', 'file'],
  ['connect', '4', 'net'],
  ['execve', 'f', 'process'],
  ['mmap', 'f', 'memory'],
  ['kill', 'f', 'signal'],
  ['poll', 'f', 'wait'],
];

for (const [type, typeChar, kind] of KINDS) {
  test(`${type} on a descriptor of kind ${typeChar} is of the category ${kind}`, () => {
    const fd = { ...descriptor(FILE, 3), typeChar };
    assert.equal(printed('%evt.category', { ...syntheticEvent({ type }), fd }), kind);
  });
}

test('bytes are counted by direction and by what they went through', () => {
  const written: RuntimeEvent = {
    ...syntheticEvent({ type: 'write', result: 12 }),
    fd: descriptor(FILE, 3),
  };
  assert.equal(
    printed(
      '%evt.buflen %evt.buflen.out %evt.buflen.in %evt.buflen.file %evt.buflen.file.out %evt.buflen.net',
      written,
    ),
    '12 12 <NA> 12 12 <NA>',
  );
  assert.equal(printed('%evt.io_dir %evt.is_io_write %evt.is_io_read', written), 'write true false');
  assert.equal(printed('%evt.buflen', { ...written, result: -9 }), '<NA>');
});

test('errors are counted by what the call was about', () => {
  const failed = syntheticEvent({ type: 'openat', result: 'ENOENT' });
  assert.equal(
    printed('%evt.count.error %evt.count.error.file %evt.count.error.net %evt.count.error.other', {
      ...failed,
      fd: undefined,
    }),
    '1 1 <NA> <NA>',
  );
  assert.equal(printed('%evt.count.error %evt.failed %evt.count', EVENT), '0 false 1');
});
