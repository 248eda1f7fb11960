import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, type ParamInput, processes, section, texts } from '../testing/build-capture.ts';
import { readEvents } from '../testing/read-events.ts';

const HEAD = [
  section(),
  processes([
    { tid: 1, ppid: 0, comm: 'init' },
    { tid: 100, ppid: 1, comm: 'bash', exe: '/bin/bash', cwd: '/home' },
  ]),
];
const list = (...values: readonly string[]): Buffer => texts(values).subarray(2);
const GETUID = (tid: number): Buffer => event({ id: 203, tid, params: [0] });

/** Parameters of clone_20: result, exe, args, tid, pid, ptid, cwd, fdlimit, five figures, comm, cgroups, flags … */
function clone(result: number, tid: number, ptid: number, flags = 0, pid = tid): readonly ParamInput[] {
  const figures = [1024, 0, 0, 0, 0, 0];
  return [
    result,
    '/bin/bash',
    list(),
    tid,
    pid,
    ptid,
    '/home',
    ...figures,
    'bash',
    list('cpu=/'),
    flags,
    0,
    0,
    tid,
    pid,
    0,
  ];
}

function execve(
  comm: string,
  args: readonly string[],
  extra: readonly ParamInput[] = [],
): readonly ParamInput[] {
  const figures = [1024, 0, 0, 0, 0, 0];
  return [
    0,
    `./${comm}`,
    list(...args),
    200,
    200,
    100,
    '/home',
    ...figures,
    comm,
    list('cpu=/'),
    list('A=b'),
    34816,
    ...extra,
  ];
}

test('a child is known from its parent’s clone, and inherits', async () => {
  const { events } = await readEvents([...HEAD, event({ id: 223, params: clone(200, 100, 1) }), GETUID(200)]);
  assert.equal(events[1]?.comm, 'bash');
  assert.equal(events[1]?.parent, 'bash');
  assert.equal(events[1]?.ppid, 100);
  assert.equal(events[1]?.cwd, '/home');
});

test('a child that is seen first is the same one when its parent’s clone returns', async () => {
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 223, tid: 200, params: clone(0, 200, 100) }),
    event({ id: 293, tid: 200, params: execve('ls', ['-l']) }),
    event({ id: 223, params: clone(200, 100, 1) }),
    GETUID(200),
  ]);
  assert.equal(events.at(-1)?.comm, 'ls');
  assert.deepEqual(events.at(-1)?.args, ['-l']);
});

test('in another pid namespace only the child’s own event names its pid', async () => {
  const newPid = 64;
  const { events, stats } = await readEvents([
    ...HEAD,
    event({ id: 223, params: clone(200, 100, 1, newPid) }),
    GETUID(200),
  ]);
  assert.equal(stats.fault, undefined);
  assert.equal(events[1]?.comm, '');
});

test('execve replaces name, arguments and executable; a failed one changes nothing', async () => {
  const failed = [-2, './nope', ...execve('nope', []).slice(2)];
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 223, params: clone(200, 100, 1) }),
    event({ id: 293, tid: 200, params: failed }),
    event({ id: 293, tid: 200, params: execve('ls', ['-l', '/tmp']) }),
  ]);
  assert.equal(events[1]?.comm, 'bash');
  assert.equal(events[2]?.comm, 'ls');
  assert.equal(events[2]?.exePath, '/home/ls');
});

test('the executable’s path is the kernel’s, else what the enter event passed', async () => {
  const start = [...HEAD, event({ id: 223, params: clone(200, 100, 1) })];
  const trusted = execve('ls', [], [200, 0, 2, 0, 0, 0, 0, 0, 0, 0, '/usr/bin/ls', 200, 0]);
  const kernel = await readEvents([...start, event({ id: 293, tid: 200, params: trusted })]);
  assert.equal(kernel.events.at(-1)?.exePath, '/usr/bin/ls');
  const passed = await readEvents([
    ...start,
    event({ id: 288, tid: 200, params: ['../bin/ls'] }),
    event({ id: 289, tid: 200, params: execve('ls', []) }),
  ]);
  assert.equal(passed.events.at(-1)?.exePath, '/bin/ls');
});

test('an execveat that succeeded ends as execve, its path relative to its directory', async () => {
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 223, params: clone(200, 100, 1) }),
    event({ id: 3, tid: 200, params: [5, '/opt/tools', 1 | 1024, 0, 0, 0] }),
    event({ id: 330, tid: 200, params: [5, 'run', 0] }),
    event({ id: 293, tid: 200, params: execve('run', []) }),
  ]);
  assert.equal(events.at(-1)?.exePath, '/opt/tools/run');
});

test('descriptors marked close-on-exec are gone after an exec, others stay', async () => {
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 223, params: clone(200, 100, 1) }),
    event({ id: 3, tid: 200, params: [3, '/a', 1, 0] }),
    event({ id: 3, tid: 200, params: [4, '/b', 1 | 4096, 0] }),
    event({ id: 293, tid: 200, params: execve('ls', []) }),
  ]);
  assert.deepEqual(events.at(-1)?.openFds, [3]);
});

test('with CLONE_FILES both see what either opens; without it only what was open before', async () => {
  for (const [flags, expected] of [
    [1, [3, 4]],
    [0, [3]],
  ] as const) {
    const { events } = await readEvents([
      ...HEAD,
      event({ id: 3, params: [3, '/a', 1, 0] }),
      event({ id: 223, params: clone(200, 100, 1, flags) }),
      event({ id: 3, params: [4, '/b', 1, 0] }),
      GETUID(200),
    ]);
    assert.deepEqual(events.at(-1)?.openFds, expected);
  }
});

test('children of a process that ended go to the reaper', async () => {
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 223, params: clone(200, 100, 1) }),
    event({ id: 186, params: [0, 0, 0, 0, 1] }),
    GETUID(200),
  ]);
  assert.equal(events[1]?.comm, 'bash');
  assert.equal(events.at(-1)?.parent, 'init');
});

test('users, groups, sessions, directories and names follow their calls', async () => {
  const { events } = await readEvents([
    ...HEAD,
    event({ id: 199, params: [0, 33] }),
    event({ id: 193, params: [0, -1, -1, -1] }),
    event({ id: 95, params: [0, 'sub/'] }),
    event({ id: 401, params: [0, 15, 'renamed', 0] }),
    event({ id: 95, params: [-2, '/missing'] }),
    GETUID(100),
  ]);
  const last = events.at(-1);
  assert.equal(last?.uid, 33);
  assert.equal(last?.cwd, '/home/sub');
  assert.equal(last?.comm, 'renamed');
});

test('a container event describes the threads that are already in the container', async () => {
  const id = 'b'.repeat(64);
  const json = JSON.stringify({
    container: { id: 'bbbbbbbbbbbb', name: 'web', image: 'nginx:1', privileged: true, type: 0 },
  });
  let seen: unknown;
  const { openCapture } = await import('../read/open-capture.ts');
  await openCapture(
    Buffer.concat([
      section(),
      processes([{ tid: 100, cgroups: [`cpu=/docker/${id}`] }]),
      event({ id: 324, tid: -1, params: [json], layout: 3 }),
      GETUID(100),
    ]),
  ).read({
    onEvent({ thread: { container } }) {
      seen = [
        container.id,
        container.name,
        container.image.repository,
        container.image.tag,
        container.privileged,
      ];
    },
  });
  assert.deepEqual(seen, [id, 'web', 'nginx', '1', true]);
});
