// A container that may make control groups cannot pass its doing off as that of another by the names it gives them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bareContainer } from '@guardcell/core';
import { ensureDocker, ensureImage, runContainer } from '../support/docker.ts';
import { command } from '../support/run-command.ts';
import { record, sensorSkipReason } from './sensor-recorder.ts';

const IMAGE = 'gc-test/busybox:1';
const docker = await ensureDocker();
const skip = sensorSkipReason() || (docker.available ? false : docker.reason);

/** The folder of the process's control group in the hierarchy by which events are attributed. */
function groupFolder(pid: number): string {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  for (const [pattern, root] of [
    [/^\d+:(?:[^:]*,)?pids(?:,[^:]*)?:(.*)$/, '/sys/fs/cgroup/pids'],
    [/^0::(.*)$/, existsSync('/sys/fs/cgroup/unified') ? '/sys/fs/cgroup/unified' : '/sys/fs/cgroup'],
  ] as const) {
    const path = lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
    if (path !== undefined) return join(root, path);
  }
  throw new Error('no control group');
}

test('what a container does in a group that is called after another is its own doing', { skip }, async () => {
  await ensureImage(IMAGE);
  const options = { image: IMAGE, args: [], command: ['sleep', '300'] };
  await using forger = await runContainer({ ...options, name: 'gc-cgroup-forger' });
  await using victim = await runContainer({ ...options, name: 'gc-cgroup-victim' });
  const pid = Number(await command('docker', ['inspect', '-f', '{{.State.Pid}}', forger.id]));
  const known = new Set([forger.id, victim.id]);
  const touched: string[] = [];
  const gone: string[] = [];
  using recorder = record({
    interest: { eventTypes: ['mkdir'], filesInUse: true },
    containerById: (id) => ({ ...bareContainer(id), complete: known.has(id) }),
    onTouched: (id) => touched.push(id),
    onContainerGone: (id) => gone.push(id),
  });
  recorder.settle();
  const group = join(groupFolder(pid), victim.id);
  const work = mkdtempSync(join(tmpdir(), 'gc-forged-'));
  mkdirSync(group);
  try {
    const script = `echo $$ > ${group}/cgroup.procs && exec mkdir ${work}/forged`;
    const done = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
  } finally {
    rmdirSync(group);
    rmSync(work, { recursive: true });
  }
  recorder.settle();
  const made = recorder.events.find(({ path }) => path === `${work}/forged`);
  assert.equal(made?.containerId, forger.id);
  assert.ok(touched.includes(forger.id));
  assert.ok(!touched.includes(victim.id));
  assert.deepEqual(gone, [], 'its end is not that of the other');
});
