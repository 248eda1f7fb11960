// Runs tables of `expression → result` cases. Not part of the package's surface.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from './compile.ts';
import { toNative } from './to-native.ts';
import { typeNameOf } from './values.ts';

/** What an expression gives, written as JavaScript; or an error whose message contains the text after `error:`. */
export type Case = readonly [expression: string, wanted: unknown];

const VARIABLES = { x: 'dyn', items: 'dyn', m: 'dyn', s: 'string', n: 'int' } as const;
const BINDINGS = {
  x: 1.5,
  items: [1, 2, 3],
  m: { a: 1, b: { c: 'deep' }, 'dashed-key': true, none: null },
  s: 'héllo wörld 😀',
  n: 42,
};

/** The result as text: value and type, or `error: …`. */
function outcome(expression: string): { readonly value: unknown; readonly error: string } {
  const compiled = compile(expression, { variables: VARIABLES });
  if (!compiled.ok) return { value: undefined, error: compiled.problems[0]?.message ?? '' };
  const result = compiled.program.evaluate(BINDINGS);
  if (!result.ok) return { value: undefined, error: result.error.message };
  const name = typeNameOf(result.value);
  const value = toNative(result.value);
  return { value: name === 'uint' ? `${String(value)}u` : value, error: '' };
}

/** One test for each case. */
export function runCases(cases: readonly Case[]): void {
  for (const [expression, wanted] of cases) {
    const fails = typeof wanted === 'string' && wanted.startsWith('error:');
    test(`${expression.replaceAll('\n', ' ')} ${fails ? 'is an' : 'gives'} ${fails ? wanted : JSON.stringify(wanted)}`, () => {
      const { value, error } = outcome(expression);
      if (fails)
        assert.match(error, new RegExp(wanted.slice(6).trim() || '.'), `gave ${JSON.stringify(value)}`);
      else {
        assert.equal(error, '');
        assert.deepEqual(value, wanted);
      }
    });
  }
}
