import assert from 'node:assert/strict';
import { test } from 'node:test';
import { procStat } from './proc-stat.ts';

test('names may hold blanks and parentheses', () => {
  assert.deepEqual(procStat('12 (a ) b) S 1 12\n'), { comm: 'a ) b', fields: ['S', '1', '12'] });
  assert.deepEqual(procStat('12 ) ('), { comm: '', fields: [] });
  assert.deepEqual(procStat(''), { comm: '', fields: [] });
});
