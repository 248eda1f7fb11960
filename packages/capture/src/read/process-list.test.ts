import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, machine, processes, section } from '../testing/build-capture.ts';
import { readEvents } from '../testing/read-events.ts';

const ID = 'a'.repeat(64);

for (const version of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
  test(`process lists of version ${version} give threads and their parents`, async () => {
    const list = [
      { tid: 1, ppid: 0, comm: 'init', exe: '/sbin/init' },
      {
        tid: 100,
        ppid: 1,
        comm: 'bash',
        exe: '/bin/bash',
        exePath: '/usr/bin/bash',
        args: ['-c', 'id'],
        cwd: '/root/',
        uid: 5,
        env: ['A=b'],
        cgroups: [`cpuset=/docker/${ID}`],
      },
    ];
    const { events, stats } = await readEvents([
      section(),
      machine('m'),
      processes(list, version),
      event({ id: 203, tid: 100, params: [5] }),
    ]);
    assert.equal(stats.fault, undefined);
    const [seen] = events;
    assert.equal(seen?.comm, 'bash');
    assert.equal(seen?.parent, 'init');
    assert.deepEqual(seen?.args, ['-c', 'id']);
    assert.equal(seen?.cwd, '/root');
    assert.equal(seen?.uid, 5);
    assert.equal(seen?.exePath, version >= 7 ? '/usr/bin/bash' : '');
    assert.equal(seen?.container, version >= 4 ? ID : 'host');
  });
}

test('threads of a process share its working directory and descriptors', async () => {
  const { events } = await readEvents([
    section(),
    processes([
      { tid: 100, comm: 'java', cwd: '/srv' },
      { tid: 101, pid: 100, comm: 'worker' },
    ]),
    event({ id: 3, tid: 100, params: [3, '/a', 1, 0, 0, 0] }),
    event({ id: 317, tid: 101, params: [0, 3, 0o644] }),
  ]);
  assert.equal(events[1]?.fd?.name, '/a');
  assert.equal(events[1]?.cwd, '/srv');
  assert.equal(events[1]?.pid, 100);
  assert.equal(events[1]?.comm, 'worker');
});
