import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roleIn } from '../users/index.ts';
import { parseMark } from './index.ts';

test('an earlier end of the trail is read as it was printed, and nothing else is', () => {
  const hash = 'a'.repeat(64);
  assert.deepEqual(parseMark(`12:${hash}`), { seq: 12, hash });
  for (const bad of ['', '12', `12:${hash}0`, `x:${hash}`, `12:${hash.toUpperCase()}`]) {
    assert.throws(() => parseMark(bad), { code: 'GC_USAGE' }, bad);
  }
});

test('a role that does not exist is told with those that do', () => {
  assert.equal(roleIn('viewer'), 'viewer');
  for (const bad of [undefined, 'root', '']) assert.throws(() => roleIn(bad), { code: 'GC_USAGE' });
});
