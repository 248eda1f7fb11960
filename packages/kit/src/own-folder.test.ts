import assert from 'node:assert/strict';
import { lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { needOwnFolder } from './own-folder.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

test("a folder of one's own, and one that is not there yet, will do", () => {
  const dir = mkdtempSync(join(tmpdir(), 'gc-own-'));
  try {
    assert.doesNotThrow(() => needOwnFolder(dir));
    assert.doesNotThrow(() => needOwnFolder(join(dir, 'new')));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a folder of another user is refused, also behind or as a link', {
  skip: !isRoot && 'needs root to make one',
}, () => {
  const dir = mkdtempSync(join(tmpdir(), 'gc-own-'));
  try {
    mkdirSync(join(dir, 'theirs'));
    lchownSync(join(dir, 'theirs'), NOBODY, NOBODY);
    symlinkSync('theirs', join(dir, 'link-to-theirs'));
    mkdirSync(join(dir, 'ours'));
    symlinkSync('ours', join(dir, 'their-link'));
    lchownSync(join(dir, 'their-link'), NOBODY, NOBODY);
    for (const name of ['theirs', 'link-to-theirs', 'their-link']) {
      assert.throws(() => needOwnFolder(join(dir, name)), { code: 'GC_DATA_DIR_FOREIGN' }, name);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
});
