import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MatchedClause } from '@guardcell/core';
import { clauseNeedle } from './clause-needle.ts';

function clause(operator: string, expected: string, actual: string): MatchedClause {
  return { field: 'f', operator, expected, actual, macros: [] };
}

test('of a list, the entry that says most about the value is marked', () => {
  assert.equal(clauseNeedle(clause('in', '(open, openat, openat2)', 'openat')), 'openat');
  assert.equal(clauseNeedle(clause('pmatch', '(/etc, /etc/passwd)', '/etc/passwd')), '/etc/passwd');
});

test('a part of the value is marked where the rule names a part, quotes or not', () => {
  assert.equal(clauseNeedle(clause('startswith', '"/tmp/"', '/tmp/x')), '/tmp/');
  assert.equal(clauseNeedle(clause('icontains', 'XMRIG', '/opt/xmrig')), 'XMRIG');
});

test('what must not be there is never marked', () => {
  assert.equal(clauseNeedle(clause('!=', 'sh', 'bash')), '');
  assert.equal(clauseNeedle(clause('not in', '(sh)', 'bash')), '');
  assert.equal(clauseNeedle(clause('>=', '0', '3')), '');
});
