// Names come from files that a container controls.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createNameSource, parseNames, type Witness } from './user-names.ts';

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
  assert.equal(names.userName(1000, { id: 'c1', pid: 7 }, undefined), 'app');
  writeFileSync(join(proc.root, '7/root/etc/passwd'), 'other:x:1000:1000::/:/bin/sh\n');
  assert.equal(names.userName(1000, { id: 'c1', pid: 7 }, undefined), 'app');
  names.forget('c1');
  assert.equal(names.userName(1000, { id: 'c1', pid: 7 }, undefined), 'other');
  assert.equal(names.groupName(5, { id: 'c1', pid: 7 }, undefined), '');
});

test('a link or a FIFO in place of the file gives no name and does not block', () => {
  using linked = procWith((etc) => symlinkSync('/etc/passwd', join(etc, 'passwd')));
  assert.equal(createNameSource(linked.root).userName(1, { id: 'c1', pid: 7 }, undefined), '');
  using piped = procWith((etc) => void execFileSync('mkfifo', [join(etc, 'passwd')]));
  assert.equal(createNameSource(piped.root).userName(1, { id: 'c1', pid: 7 }, undefined), '');
});

test('a container whose processes are not known has no names, certainly not those of the host', () => {
  using proc = procWith((etc) => writeFileSync(join(etc, 'passwd'), 'app:x:1000:1000::/:/bin/sh\n'));
  const names = createNameSource(proc.root);
  assert.equal(names.userName(1000, { id: 'c1', pid: 0 }, undefined), '');
  assert.equal(names.userName(1000, { id: 'c1', pid: 8 }, undefined), '');
  assert.equal(names.userName(1000, { id: 'c1', pid: 7 }, undefined), 'app');
  assert.equal(names.userName(0, { id: 'c1', pid: 7 }, undefined), 'root');
});

test('a process that the runtime has not yet moved into its container lends no names of the host', () => {
  const names = createNameSource();
  assert.equal(names.userName(1, { id: 'c1', pid: process.pid }, undefined), '');
  assert.notEqual(names.userName(1, { id: 'host', pid: 0 }, undefined), '');
});

test('while the first process is not known or gone, names are read through a witness or its ancestors', () => {
  using proc = procWith((etc) => writeFileSync(join(etc, 'passwd'), 'app:x:1000:1000::/:/bin/sh\n'));
  const container = { id: 'c1' };
  const outside: Witness = { pid: 7, container: { id: 'host' }, parent: () => undefined };
  const first: Witness = { pid: 7, container, parent: () => outside };
  const gone: Witness = { pid: 9, container, parent: () => first };
  for (const pid of [0, 8]) {
    assert.equal(createNameSource(proc.root).userName(1000, { id: 'c1', pid }, gone), 'app');
    const elsewhere: Witness = { ...gone, parent: () => outside };
    assert.equal(createNameSource(proc.root).userName(1000, { id: 'c1', pid }, elsewhere), '');
  }
});

test('what was remembered outlives the processes of the container', () => {
  using proc = procWith((etc) => {
    writeFileSync(join(etc, 'passwd'), 'app:x:1000:1000::/:/bin/sh\n');
    writeFileSync(join(etc, 'group'), 'staff:x:50:\n');
  });
  const names = createNameSource(proc.root);
  names.remember({ id: 'c1', pid: 0 }, { pid: 7, container: { id: 'c1' }, parent: () => undefined });
  rmSync(join(proc.root, '7'), { recursive: true });
  assert.equal(names.userName(1000, { id: 'c1', pid: 0 }, undefined), 'app');
  assert.equal(names.groupName(50, { id: 'c1', pid: 0 }, undefined), 'staff');
});

test('a process that ends while its files are read leaves no container without names', () => {
  using proc = procWith((etc) => writeFileSync(join(etc, 'passwd'), 'app:x:1000:1000::/:/bin/sh\n'));
  mkdirSync(join(proc.root, '8/root/etc'), { recursive: true });
  const names = createNameSource(proc.root, (path) => {
    if (!path.startsWith(join(proc.root, '8'))) return readFileSync(path, 'utf8');
    rmSync(join(proc.root, '8'), { recursive: true });
    return undefined;
  });
  const witness: Witness = { pid: 7, container: { id: 'c1' }, parent: () => undefined };
  assert.equal(names.userName(1000, { id: 'c1', pid: 8 }, witness), 'app');
});
