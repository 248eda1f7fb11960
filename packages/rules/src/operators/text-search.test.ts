// The automaton finds every text that a plain search finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldAscii } from './fold-case.ts';
import { type Bits, hasBit, setBit } from './prefix-tree.ts';
import { createTextSearch } from './text-search.ts';

function bitOf(number: number): Bits {
  const bits = new Int32Array(2);
  setBit(bits, number);
  return bits;
}

function textOf(...letters: string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 5 }).map((all) => all.join(''));
}

test('exactly the texts that stand somewhere are found, in any case', () => {
  const text = textOf('a', 'B', 'ab', '/');
  fc.assert(
    fc.property(
      fc.uniqueArray(text, { maxLength: 30 }),
      fc.string({ unit: text, maxLength: 6 }),
      (texts, value) => {
        const search = createTextSearch(new Map(texts.map((one, at) => [one, bitOf(at)])));
        const found = new Int32Array(2);
        search?.(value, found);
        for (const [at, one] of texts.entries()) {
          assert.equal(hasBit(found, at), foldAscii(value).includes(foldAscii(one)), `${one} in ${value}`);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('no text is missed whatever its characters', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), text, text, text, (others, before, one, after) => {
      const found = new Int32Array(2);
      const texts = new Map([...others.map((other) => [other, bitOf(1)] as const), [one, bitOf(0)]]);
      createTextSearch(texts)?.(before + one + after, found);
      assert.ok(hasBit(found, 0));
    }),
  );
});

test('a table that would take too much memory is not made', () => {
  const texts = Array.from({ length: 2000 }, (_, at) => [`${'x'.repeat(40)}${at}`, bitOf(0)] as const);
  assert.equal(createTextSearch(new Map(texts)), undefined);
});
