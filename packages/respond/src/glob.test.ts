import assert from 'node:assert/strict';
import { test } from 'node:test';
import { globMatches } from './glob.ts';

test('matches whole names', () => {
  for (const [pattern, name, wanted] of [
    ['web', 'web', true],
    ['web', 'web-1', false],
    ['web*', 'web-1', true],
    ['*-db', 'prod-db', true],
    ['*-db', 'prod-db-2', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*', '', true],
    ['', '', true],
    ['', 'x', false],
    ['**', 'anything', true],
    ['[a]', 'a', false],
  ] as const) {
    assert.equal(globMatches(pattern, name), wanted, `${pattern} ${name}`);
  }
});

test('a hostile pattern takes no time', () => {
  assert.equal(globMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(2000)), false);
});
