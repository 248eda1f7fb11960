import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Scalar, ValueType } from '../fields/field.ts';
import { globMatcher } from './glob.ts';
import { canonicalAddress } from './ip-address.ts';
import { pathPrefixMatcher } from './path-prefix.ts';
import { findOperator } from './registry.ts';

function holds(operator: string, type: ValueType, value: Scalar, ...literals: readonly string[]): boolean {
  const compiled = findOperator(operator)?.compile(type, literals);
  assert.ok(compiled !== undefined && 'test' in compiled, JSON.stringify(compiled));
  return compiled.test(value);
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const CASES: readonly (readonly [string, ValueType, Scalar, readonly string[], boolean])[] = [
  ['=', 'string', 'a', ['a'], true],
  ['=', 'string', 'a', ['A'], false],
  ['==', 'string', 'a', ['a'], true],
  ['!=', 'string', 'a', ['b'], true],
  ['<', 'string', 'abc', ['abd'], true],
  ['>', 'string', 'abc', ['abd'], false],
  ['=', 'int', -1, ['-1'], true],
  ['=', 'int', 10n, ['10'], true],
  ['=', 'uint32', 4_294_967_295, ['-1'], true],
  ['=', 'uint64', 18_446_744_073_709_551_615n, ['-1'], true],
  ['=', 'int', 31, ['0x1f'], true],
  ['>=', 'int', 5, ['5'], true],
  ['<', 'reltime', 4_000_000_000n, ['5000000000'], true],
  ['=', 'bool', true, ['true'], true],
  ['=', 'bool', true, ['false'], false],
  ['=', 'port', 80, ['http'], true],
  ['=', 'port', 0, [''], true],
  ['in', 'port', 443, ['http', 'https'], true],
  ['=', 'ip', '::1', ['0:0:0:0:0:0:0:1'], true],
  ['in', 'ip', '10.0.0.1', ['10.0.0.2', '10.0.0.1'], true],
  ['=', 'net', '10.1.2.3', ['10.0.0.0/8'], true],
  ['=', 'net', '11.1.2.3', ['10.0.0.0/8'], false],
  ['=', 'net', '10.1.2.3', ['10.1.2.3'], true],
  ['!=', 'net', '10.1.2.3', ['fd00::/8'], true],
  ['=', 'net', '10.1.2.3', ['fd00::/8'], false],
  ['in', 'net', '127.0.0.1', ['10.0.0.0/8', '127.0.0.0/8'], true],
  ['in', 'net', 'fd12::1', ['10.0.0.0/8', 'fd00::/8'], true],
  ['contains', 'string', 'hello', ['ell'], true],
  ['contains', 'bytes', bytes('hello'), ['ell'], true],
  ['icontains', 'string', 'HeLLo', ['eLl'], true],
  ['startswith', 'string', '/etc/x', ['/etc'], true],
  ['startswith', 'string', '/Etc/x', ['/etc'], false],
  ['endswith', 'string', 'a.sh', ['.sh'], true],
  ['endswith', 'bytes', bytes('abc'), ['abcd'], false],
  ['bcontains', 'bytes', Uint8Array.of(1, 0xca, 0xfe, 2), ['CAFE'], true],
  ['bstartswith', 'bytes', Uint8Array.of(0xca, 0xfe), ['cafe'], true],
  ['bstartswith', 'bytes', Uint8Array.of(1, 0xca, 0xfe), ['cafe'], false],
  ['glob', 'string', '/usr/local/bin/x', ['/usr/*/x'], true],
  ['iglob', 'string', '/USR/x', ['/usr/*'], true],
  ['regex', 'string', 'abc123', ['[a-z]+[0-9]+'], true],
  ['regex', 'string', 'xabc123', ['abc[0-9]+'], false],
  ['in', 'string', 'b', ['a', 'b'], true],
  ['in', 'string', 'c', ['a', 'b'], false],
  ['in', 'uint64', 7n, ['7'], true],
  ['pmatch', 'string', '/etc/ssh/sshd_config', ['/var', '/etc/ssh'], true],
  ['pmatch', 'string', '/etc/sshd', ['/etc/ssh'], false],
  ['pmatch', 'string', '/dev/sda/x/y', ['/dev/*/x'], true],
  ['pmatch', 'string', '/dev/sda/z', ['/dev/*/x'], false],
];

for (const [operator, type, value, literals, expected] of CASES) {
  test(`${String(value)} ${operator} (${literals.join(', ')}) as ${type} is ${expected}`, () => {
    assert.equal(holds(operator, type, value, ...literals), expected);
  });
}

const BAD: readonly (readonly [string, ValueType, string, RegExp])[] = [
  ['=', 'int', 'x', /not a whole number/],
  ['=', 'bool', 'yes', /boolean/],
  ['=', 'ip', '300.1.1.1', /IP address/],
  ['=', 'net', '10.0.0.0/33', /network/],
  ['in', 'port', 'no-such-service', /service/],
  ['bcontains', 'bytes', 'xyz', /hex strings only/],
  ['regex', 'string', '(', /invalid regex pattern/],
];

for (const [operator, type, literal, message] of BAD) {
  test(`${operator} refuses ${literal} for ${type}`, () => {
    const compiled = findOperator(operator)?.compile(type, [literal]);
    assert.ok(compiled !== undefined && 'problem' in compiled);
    assert.match(compiled.problem, message);
  });
}

const GLOBS: readonly (readonly [string, string, boolean])[] = [
  ['*', '', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[^a-c]x', 'dx', true],
  ['[[:digit:]]*', '7up', true],
  ['[]x]', ']', true],
  ['[x', '[x', true],
  ['a\\*', 'a*', true],
  ['a\\*', 'ab', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['*.so*', '/lib/libc.so.6', true],
  ['*x', 'xy', false],
  ['a*a', 'a', false],
];

for (const [pattern, value, expected] of GLOBS) {
  test(`glob ${pattern} on '${value}' is ${expected}`, () => {
    assert.equal(globMatcher(pattern, false)(value), expected);
  });
}

test('a glob made to backtrack still ends', () => {
  const matches = globMatcher(`${'*a'.repeat(50)}*b`, false);
  assert.equal(matches('a'.repeat(5000)), false);
});

test('a regular expression made to backtrack still ends', () => {
  assert.equal(holds('regex', 'string', 'a'.repeat(2000), '(a*)*b'), false);
});

test('path prefixes with and without globs agree', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', 'cc'), { maxLength: 4 })
    .map((parts) => `/${parts.join('/')}`);
  fc.assert(
    fc.property(fc.array(path, { minLength: 1, maxLength: 4 }), path, (prefixes, value) => {
      const plain = pathPrefixMatcher(prefixes)(value);
      // The extra pattern forces the tree and can match nothing here.
      assert.equal(pathPrefixMatcher([...prefixes, '/zz*'])(value), plain);
    }),
  );
});

test('IPv6 addresses have one spelling', () => {
  assert.equal(canonicalAddress('2001:DB8:0:0:1:0:0:1'), '2001:db8::1:0:0:1');
  assert.equal(canonicalAddress('::ffff:1.2.3.4'), '::ffff:102:304');
  assert.equal(canonicalAddress('::'), '::');
  assert.equal(canonicalAddress('1::2::3'), undefined);
});
