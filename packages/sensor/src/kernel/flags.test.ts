import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloneFlags, openFlags } from './flags.ts';

test('flags of open are those of the event table, whatever was asked before', () => {
  const writes = 0o1 | 0o100 | 0o1000; // O_WRONLY | O_CREAT | O_TRUNC
  assert.equal(openFlags(0), 1);
  assert.equal(openFlags(writes), 2 | (1 << 2) | (1 << 8));
  assert.equal(openFlags(writes), 2 | (1 << 2) | (1 << 8));
  assert.equal(openFlags(0o2), 3);
  assert.equal(openFlags(0o20200000), 1 | (1 << 13) | (1 << 10), 'O_TMPFILE has the bit of O_DIRECTORY');
});

test('the highest bit of a flag word is a flag too', () => {
  assert.equal(cloneFlags(0x8000_0000), 4, 'CLONE_IO');
  assert.equal(cloneFlags(0x8000_0100), 4 | 32_768);
});
