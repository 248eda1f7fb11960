import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseCgroupMounts } from './cgroup-folders.ts';
import { findTool, requireTool, runTool } from './child-process.ts';
import { dropsEverything, parseDevices } from './nftables.ts';
import { openPidfd } from './pidfd.ts';

test('cgroup mounts of both versions are found', () => {
  const mountinfo = [
    '31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw',
    '34 31 0:30 / /sys/fs/cgroup/freezer rw,relatime shared:5 - cgroup cgroup rw,freezer',
    '35 31 0:31 /sub /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
  ].join('\n');
  assert.deepEqual(parseCgroupMounts(mountinfo), [
    { version: 1, folder: '/sys/fs/cgroup/freezer', root: '/', controllers: ['rw', 'freezer'] },
    { version: 2, folder: '/sys/fs/cgroup/unified', root: '/sub', controllers: [] },
  ]);
});

test('network devices are listed without loopback and without names that could break a rule', () => {
  const header = 'Inter-|   Receive\n face |bytes\n';
  assert.deepEqual(parseDevices(`${header}    lo: 1 2\n  eth0: 3 4\n a"b: 5\nveth1.2@if3:6\n`), [
    'eth0',
    'veth1.2@if3',
  ]);
});

test('only three chains that drop count as cut off', () => {
  const chains = (policy: string): string =>
    JSON.stringify({ nftables: ['input', 'output', 'forward'].map((hook) => ({ chain: { hook, policy } })) });
  assert.ok(dropsEverything(chains('drop')));
  assert.ok(!dropsEverything(chains('accept')));
  fc.assert(fc.property(fc.string(), (text) => !dropsEverything(text)));
});

test('a tool gets its input, and its result is a value', async () => {
  const cat = requireTool('cat', 'coreutils');
  const signal = AbortSignal.timeout(5000);
  assert.equal((await runTool(cat, [], { input: 'hello', signal })).stdout, 'hello');
  assert.notEqual((await runTool(cat, ['/does/not/exist'], { signal })).code, 0);
  await assert.rejects(runTool(cat, [], { signal: AbortSignal.abort() }), { code: 'GC_TOOL_FAILED' });
});

test('a tool that says too much is ended', async () => {
  const yes = requireTool('yes', 'coreutils');
  await assert.rejects(runTool(yes, [], { signal: AbortSignal.timeout(5000) }), { code: 'GC_TOOL_FAILED' });
});

test('a missing tool is named with the package that has it', () => {
  assert.equal(findTool('guardcell-no-such-tool'), undefined);
  assert.throws(() => requireTool('guardcell-no-such-tool', 'pkg'), {
    code: 'GC_TOOL_MISSING',
    hint: /apt-get install pkg/,
  });
});

test('a pidfd means one process, and none for a pid that is not in use', () => {
  const own = openPidfd(process.pid);
  assert.equal(own?.send(0), true);
  own?.close();
  assert.equal(openPidfd(2 ** 30), undefined);
});
