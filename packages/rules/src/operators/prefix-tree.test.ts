// The tree finds exactly the prefixes that a plain search finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collectPrefixes, createPrefixTree, hasBit, nodeFor, setBit } from './prefix-tree.ts';

const text = fc.array(fc.constantFrom('/', 'a', 'b', 'ab'), { maxLength: 6 }).map((parts) => parts.join(''));

function isPathPrefix(value: string, path: string): boolean {
  return value.startsWith(path) && (value.length === path.length || value[path.length] === '/');
}

test('bits of all prefixes and of all paths above are collected, and no others', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.boolean()), { maxLength: 40 }), text, (entries, value) => {
      const tree = createPrefixTree();
      for (const [at, [prefix, isPath]] of entries.entries()) {
        const node = nodeFor(tree, prefix);
        if (isPath) setBit((node.path ??= new Int32Array(2)), at);
        else setBit((node.prefix ??= new Int32Array(2)), at);
      }
      const found = new Int32Array(2);
      collectPrefixes(tree, value, found);
      for (const [at, [prefix, isPath]] of entries.entries()) {
        const expected = isPath ? isPathPrefix(value, prefix) : value.startsWith(prefix);
        assert.equal(hasBit(found, at), expected, `${prefix} of ${value}`);
      }
    }),
  );
});

test('what was found before stays', () => {
  const found = Int32Array.of(4);
  collectPrefixes(createPrefixTree(), '/x', found);
  assert.deepEqual([...found], [4]);
});
