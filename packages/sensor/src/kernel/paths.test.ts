import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { resolvePath } from './paths.ts';

test('a relative path is joined to its base and normalised', () => {
  assert.equal(resolvePath('/a/b', '../c//./d'), '/a/c/d');
  assert.equal(resolvePath('/', 'x'), '/x');
  assert.equal(resolvePath('/a', '/b/../c/'), '/c');
  assert.equal(resolvePath('/a', '../../..'), '/');
  assert.equal(resolvePath('/a', '.hidden'), '/a/.hidden');
  assert.equal(resolvePath('/a', ''), '/a');
});

test('without a base a relative path stays relative', () => {
  assert.equal(resolvePath('', 'a/../b'), 'b');
  assert.equal(resolvePath('', '../a'), '../a');
});

test('a resolved absolute path never holds dots, doubled slashes or a way out of the root', () => {
  const part = fc.constantFrom('..', '.', '', 'a', 'b.c', '...');
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (base, path) => {
      const resolved = resolvePath(`/${base.join('/')}`, path.join('/') || '.');
      assert.ok(resolved.startsWith('/'));
      assert.ok(!resolved.includes('//'));
      assert.ok(!resolved.split('/').includes('..'));
      assert.equal(resolvePath('', resolved), resolved);
    }),
  );
});
