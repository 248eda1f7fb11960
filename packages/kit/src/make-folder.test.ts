import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from './make-folder.ts';

test('folders are made with those above them, and once', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'gc-folder-'));
  t.after(() => rmSync(root, { recursive: true }));
  const deep = join(root, 'a b', 'ü', 'c');
  makeFolder(deep, 0o700);
  makeFolder(deep);
  assert.equal(statSync(join(root, 'a b')).mode & 0o777, 0o700);
  writeFileSync(join(root, 'file'), '');
  assert.throws(() => makeFolder(join(root, 'file')), { code: 'EEXIST' });
  assert.throws(() => makeFolder(join(root, 'file', 'below')), { code: 'ENOTDIR' });
});

test('where nothing can be made it ends with an error', { skip: !existsSync('/proc/self') }, () => {
  assert.throws(() => makeFolder('/proc/guardcell/below'), { code: 'ENOENT' });
});
