import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '@guardcell/core';
import { falcoLine } from './falco-line.ts';

const PROCESS = {
  pid: 7,
  ppid: 1,
  vpid: 7,
  name: 'cat',
  exe: '/bin/cat',
  cmdline: 'cat /etc/shadow',
  cwd: '/',
  uid: 0,
  user: 'root',
  tty: 0,
  startedAt: '',
};

const ALERT: Alert = {
  id: 's-1-1',
  time: '2016-08-04T16:17:57.881781397Z',
  rule: 'Read it',
  severity: 'medium',
  priority: 'warning',
  source: 'syscall',
  message: 'read by \u009b31mcat\nnext',
  tags: ['b', 'a'],
  mitre: [],
  hostname: 'node-1',
  container: {
    id: 'host',
    name: 'host',
    image: '',
    imageDigest: '',
    runtime: 'host',
    privileged: false,
    namespace: '',
    pod: '',
  },
  process: PROCESS,
  processTree: [PROCESS],
  matched: [],
  event: { num: 1, type: 'openat', args: {} },
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
