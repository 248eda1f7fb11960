import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FalcoAlert } from '@guardcell/rules';
import { falcoLine } from './falco-line.ts';

const ALERT: FalcoAlert = {
  time: '2016-08-04T16:17:57.881781397Z',
  rule: 'Read it',
  priority: 'warning',
  source: 'syscall',
  message: 'read by \u009b31mcat\nnext',
  tags: ['b', 'a'],
  hostname: 'node-1',
  outputFields: { 'proc.name': 'cat' },
};

test('the JSON line is what falcosidekick reads, and has nothing that drives a terminal', () => {
  const line = falcoLine(ALERT, 'falco');
  assert.equal(line.includes('\n') || line.includes('\u009b'), false);
  const parsed = JSON.parse(line) as Record<string, unknown>;
  assert.equal(parsed['rule'], 'Read it');
  assert.equal(parsed['priority'], 'Warning');
  assert.deepEqual(parsed['tags'], ['a', 'b']);
  assert.equal(parsed['time'], '2016-08-04T16:17:57.881781397Z');
  assert.equal((parsed['output_fields'] as Record<string, unknown>)['proc.name'], 'cat');
});

test('the text line is time, priority and message, and stays one line', () => {
  const line = falcoLine(ALERT, 'falco-text');
  assert.match(line, /^16:17:57\.881781397: Warning read by /);
  assert.equal(/[\n\u009b]/.test(line), false);
});
