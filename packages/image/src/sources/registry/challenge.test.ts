import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseChallenges } from './challenge.ts';

test('schemes and their parameters are read, quoted or not', () => {
  const header = 'Bearer realm="https://auth.example/token",service="a, \\"b\\"",scope=x, Basic realm="r"';
  assert.deepEqual(parseChallenges(header), [
    { scheme: 'bearer', parameters: { realm: 'https://auth.example/token', service: 'a, "b"', scope: 'x' } },
    { scheme: 'basic', parameters: { realm: 'r' } },
  ]);
});

test('any header is read without an error and in the end', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (header) => Array.isArray(parseChallenges(header))));
  assert.deepEqual(parseChallenges('"'.repeat(20_000)), []);
});
