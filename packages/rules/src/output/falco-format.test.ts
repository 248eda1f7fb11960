import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '@guardcell/core';
import { toFalcoJson, toFalcoText } from './falco-format.ts';

const PROCESS = {
  pid: 1,
  ppid: 0,
  vpid: 1,
  name: 'cat',
  exe: '/bin/cat',
  cmdline: 'cat',
  cwd: '/',
  uid: 0,
  user: 'root',
  tty: 0,
  startedAt: '',
};

const ALERT: Alert = {
  id: 's-1-1',
  time: '2016-08-04T16:17:57.881781397Z',
  rule: 'open_from_cat',
  severity: 'medium',
  priority: 'warning',
  source: 'syscall',
  message: 'An open was seen (command=cat /dev/null)',
  tags: ['process', 'filesystem'],
  mitre: [],
  hostname: 'host-1',
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
  event: { num: 1, type: 'open', args: {} },
  outputFields: {
    'proc.cmdline': 'cat /dev/null',
    'evt.rawtime': '1470327477881781397',
    'fd.sport': null,
    'user.uid': 0,
  },
};

test('text is time, priority and message', () => {
  assert.equal(toFalcoText(ALERT), '16:17:57.881781397: Warning An open was seen (command=cat /dev/null)');
});

test('JSON has Falco’s keys, and times keep their nanoseconds', () => {
  const line = toFalcoJson(ALERT);
  assert.match(line, /"evt\.time":1470327477881781397[,}]/);
  assert.match(line, /"evt\.rawtime":1470327477881781397[,}]/);
  const parsed: unknown = JSON.parse(line);
  assert.ok(typeof parsed === 'object' && parsed !== null);
  assert.deepEqual(Object.keys(parsed), [
    'hostname',
    'output',
    'output_fields',
    'priority',
    'rule',
    'source',
    'tags',
    'time',
  ]);
});

test('a file name with a line break cannot forge a second line', () => {
  const hostile = {
    ...ALERT,
    message: 'x\n00:00:00.0: Critical forged\u0000',
    outputFields: { 'fd.name': 'a\nb\ud800' },
  };
  assert.equal(toFalcoText(hostile).split('\n').length, 1);
  assert.equal(toFalcoJson(hostile).split('\n').length, 1);
  assert.doesNotThrow(() => JSON.parse(toFalcoJson(hostile)));
});
