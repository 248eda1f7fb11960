// What processes that run already have in use.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { filesOfProcess, filesOfRunning, mappedCode, startOfProcess } from './running-files.ts';

test('of the mappings of a process, those of code with a name count', () => {
  const maps = [
    '55d0c0000000-55d0c0001000 r--p 00000000 08:01 131 /usr/bin/curl',
    '55d0c0001000-55d0c0009000 r-xp 00001000 08:01 131 /usr/bin/curl',
    '7f0000000000-7f0000001000 r-xp 00000000 08:01 132                        /usr/lib/lib with blank.so.1',
    '7f0000002000-7f0000003000 r-xp 00000000 08:01 133                        /usr/lib/old.so (deleted)',
    '7f0000004000-7f0000005000 rwxp 00000000 00:00 0 ',
    '7ffc00000000-7ffc00001000 r-xp 00000000 00:00 0                          [vdso]',
    'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]',
    'nonsense',
  ].join('\n');
  assert.deepEqual(mappedCode(maps), ['/usr/bin/curl', '/usr/lib/lib with blank.so.1']);
});

test('this process executes its own program and has libraries loaded', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, () => {
  const files = filesOfProcess(`/proc/${process.pid}`, 7);
  assert.deepEqual(files.find(({ grade }) => grade === 'executed')?.path, process.execPath);
  assert.ok(files.some(({ grade, path }) => grade === 'loaded' && /\/libc[.-]/.test(path)));
  assert.ok(files.every(({ lastMs }) => lastMs === 7));
  assert.deepEqual(filesOfProcess('/proc/4194305', 7), []);
});

test('each process is looked at once, and those left out never', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, async (t) => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  t.after(() => child.kill());
  await new Promise((done) => child.once('spawn', done));
  const seen = new Map<number, string>();
  const everyone = new Set<number>();
  const programs = async (excluded: ReadonlySet<number>): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const files of filesOfRunning(seen, excluded, () => 1))
      found.push(...files.map(({ path }) => path));
    return found;
  };
  everyone.add(child.pid ?? 0);
  await programs(everyone);
  assert.equal(seen.has(child.pid ?? 0), false);
  assert.ok((await programs(new Set())).some((path) => /sleep|coreutils|busybox/.test(path)));
  assert.equal(seen.has(child.pid ?? 0), true);
});

test('a process is told from a later one of the same number by its start', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, () => {
  assert.match(startOfProcess(`/proc/${process.pid}`), /^\d+$/);
  assert.equal(startOfProcess('/proc/4194305'), '');
});
