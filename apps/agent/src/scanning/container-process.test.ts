import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isProcessOf } from './container-process.ts';

const OURS = 'a1'.repeat(32);
const THEIRS = 'b2'.repeat(32);

test('a pid that another process has by now is not read in the name of the container', () => {
  const proc = mkdtempSync(join(tmpdir(), 'gc-proc-'));
  const processOf = (pid: number, cgroup: string): string => {
    const folder = join(proc, `${pid}`);
    mkdirSync(join(folder, 'root'), { recursive: true });
    writeFileSync(join(folder, 'cgroup'), `0::${cgroup}\n`);
    return folder;
  };
  try {
    const host = processOf(1, '/init.scope');
    const is = (folder: string): boolean => isProcessOf(folder, OURS, [host]);
    assert.equal(is(processOf(10, `/system.slice/docker-${OURS}.scope`)), true);
    assert.equal(is(processOf(11, `/../docker/${OURS}`)), true);
    assert.equal(is(processOf(12, `/docker/${OURS}/${THEIRS}`)), true, 'a group that it made itself');
    assert.equal(is(processOf(13, `/docker/${THEIRS}`)), false, 'another container');
    assert.equal(is(processOf(14, '/user.slice')), true, 'nothing tells, and its root is its own');
    assert.equal(is(host), false, 'a process of the host');
    assert.equal(is(join(proc, '99')), false, 'it has ended');
  } finally {
    rmSync(proc, { recursive: true, force: true });
  }
});

test('what shares its root with the agent is no container that somebody names', () => {
  assert.equal(isProcessOf(`/proc/${process.ppid}`, OURS), false);
});
