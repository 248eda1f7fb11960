// Names come from files that a container controls.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createNameSource, parseNames } from './user-names.ts';

function procWith(prepare: (etc: string) => void): { root: string; [Symbol.dispose](): void } {
  const root = mkdtempSync(join(tmpdir(), 'guardcell-names-'));
  const etc = join(root, '7/root/etc');
  mkdirSync(etc, { recursive: true });
  prepare(etc);
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

test('the first name of an id wins and malformed lines are passed over', () => {
  assert.deepEqual(
    [...parseNames('root:x:0:0\nadmin:x:0:0\nbroken\n:x:5\nweb:x:33:33\nbad:x:-1\n')],
    [
      [0, 'root'],
      [33, 'web'],
    ],
  );
});

test('a container has its own names, read once and forgotten on request', () => {
  using proc = procWith((etc) => writeFileSync(join(etc, 'passwd'), 'app:x:1000:1000::/:/bin/sh\n'));
  const names = createNameSource(proc.root);
  assert.equal(names.userName(1000, 'c1', 7), 'app');
  writeFileSync(join(proc.root, '7/root/etc/passwd'), 'other:x:1000:1000::/:/bin/sh\n');
  assert.equal(names.userName(1000, 'c1', 7), 'app');
  names.forget('c1');
  assert.equal(names.userName(1000, 'c1', 7), 'other');
  assert.equal(names.groupName(5, 'c1', 7), '');
});

test('a link or a FIFO in place of the file gives no name and does not block', () => {
  using linked = procWith((etc) => symlinkSync('/etc/passwd', join(etc, 'passwd')));
  assert.equal(createNameSource(linked.root).userName(1, 'c1', 7), '');
  using piped = procWith((etc) => void execFileSync('mkfifo', [join(etc, 'passwd')]));
  assert.equal(createNameSource(piped.root).userName(1, 'c1', 7), '');
});

test('a container whose processes are not known has no names, certainly not those of the host', () => {
  using proc = procWith((etc) => writeFileSync(join(etc, 'passwd'), 'app:x:1000:1000::/:/bin/sh\n'));
  const names = createNameSource(proc.root);
  assert.equal(names.userName(1000, 'c1', 0), '');
  assert.equal(names.userName(1000, 'c1', 8), '');
  assert.equal(names.userName(1000, 'c1', 7), 'app');
  assert.equal(names.userName(0, 'c1', 7), 'root');
});

test('a process that the runtime has not yet moved into its container lends no names of the host', () => {
  const names = createNameSource();
  assert.equal(names.userName(1, 'c1', process.pid), '');
  assert.notEqual(names.userName(1, 'host', 0), '');
});
