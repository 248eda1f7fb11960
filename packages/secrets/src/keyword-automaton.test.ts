// The automaton against a naive search, and patterns against JavaScript's expressions.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { buildKeywordAutomaton } from './keyword-automaton.ts';
import { compilePattern } from './pattern/compile-pattern.ts';
import { parsePattern } from './pattern/parse-pattern.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test('every occurrence of every keyword is found, in any letter case', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'C', '_'), minLength: 1, maxLength: 4 });
  const property = fc.property(
    fc.uniqueArray(word, { selector: (text) => text.toLowerCase(), minLength: 1 }),
    fc.string({ unit: fc.constantFrom('a', 'B', 'c', '_', 'é'), maxLength: 40 }),
    (keywords, text) => {
      const found: string[] = [];
      buildKeywordAutomaton(keywords).scan(encode(text), (keyword, end) => found.push(`${keyword}@${end}`));
      const lower = Buffer.from(text.toLowerCase());
      const expected = keywords.flatMap((keyword, index) => {
        const ends: string[] = [];
        const needle = keyword.toLowerCase();
        for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, at + 1))
          ends.push(`${index}@${at + needle.length}`);
        return ends;
      });
      assert.deepEqual(found.sort(), expected.sort());
    },
  );
  fc.assert(property, { numRuns: 300, seed: 9 });
});

test('patterns without ambiguity match what the same regular expression matches', () => {
  const patterns = ['ab{2,3}c?', '(?:ab|cd)+x', '[a-c]{2}[^a-c]*', 'a\\.b\\b', '\\d+-\\w{1,3}', '(?:a|b){2}'];
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', 'c', 'd', 'x', '.', '-', '1', ' '),
    maxLength: 12,
  });
  const property = fc.property(fc.constantFrom(...patterns), text, (source, input) => {
    const bytes = encode(input);
    const end = compilePattern(parsePattern(source))(bytes, 0, bytes.length, { start: -1, end: -1 });
    const expected = new RegExp(`^(?:${source})`).exec(input);
    assert.equal(end, expected === null ? -1 : expected[0].length, `${source} on ${input}`);
  });
  fc.assert(property, { numRuns: 500, seed: 9 });
});

test('a malformed pattern is refused', () => {
  for (const source of ['(a', 'a)', '[b-a]', 'a{2,1}', 'a\\'])
    assert.throws(() => parsePattern(source), source);
});
