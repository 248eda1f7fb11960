// The tree finds exactly the prefixes that a plain search finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  collectPrefixes,
  collectSuffixes,
  createPrefixTree,
  hasBit,
  nodeFor,
  reversed,
  setBit,
} from './prefix-tree.ts';

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

test('bits of all ends, of whole last parts and of equal texts are collected, and no others', () => {
  const kind = fc.constantFrom('ends', 'last', 'equal');
  fc.assert(
    fc.property(fc.array(fc.tuple(text, kind), { maxLength: 40 }), text, (entries, value) => {
      const ends = createPrefixTree();
      const starts = createPrefixTree();
      for (const [at, [end, what]] of entries.entries()) {
        if (what === 'equal') setBit((nodeFor(starts, end).equal ??= new Int32Array(2)), at);
        else if (what === 'last') setBit((nodeFor(ends, reversed(end)).path ??= new Int32Array(2)), at);
        else setBit((nodeFor(ends, reversed(end)).prefix ??= new Int32Array(2)), at);
      }
      const found = new Int32Array(2);
      collectSuffixes(ends, value, found);
      collectPrefixes(starts, value, found);
      for (const [at, [end, what]] of entries.entries()) {
        const expected =
          what === 'equal'
            ? value === end
            : value.endsWith(end) && (what === 'ends' || value === end || value.at(-end.length - 1) === '/');
        assert.equal(hasBit(found, at), expected, `${what} ${end} of ${value}`);
      }
    }),
  );
});

test('what was found before stays', () => {
  const found = Int32Array.of(4);
  collectPrefixes(createPrefixTree(), '/x', found);
  assert.deepEqual([...found], [4]);
});
