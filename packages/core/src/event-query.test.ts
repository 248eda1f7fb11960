import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from './alert.ts';
import {
  dimensionValues,
  EVERYTHING,
  matchesQuery,
  parseAgeMs,
  parseTimeMs,
  tokensOf,
} from './event-query.ts';

const PROCESS = {
  pid: 10,
  ppid: 1,
  vpid: 1,
  name: 'sh',
  exe: '/bin/sh',
  cmdline: 'sh -c /tmp/xmrig --url pool:3333',
  cwd: '/',
  uid: 0,
  user: 'root',
  tty: 0,
  startedAt: '',
};

const ALERT: Alert = {
  id: 's-1-1',
  time: '2026-03-01T10:00:00.123456789Z',
  rule: 'Miner started',
  severity: 'critical',
  priority: 'critical',
  source: 'syscall',
  message: 'A miner was started',
  tags: ['process', 'T1496'],
  mitre: ['T1496'],
  hostname: 'node-1',
  container: {
    id: 'a'.repeat(64),
    name: 'web',
    image: 'shop/web:1',
    imageDigest: '',
    runtime: 'docker',
    privileged: false,
    namespace: 'prod',
    pod: 'web-0',
  },
  process: PROCESS,
  processTree: [PROCESS],
  matched: [],
  event: { num: 1, type: 'execve', args: {} },
  outputFields: {},
};

test('tokens are runs of letters and digits in lower case, in any script', () => {
  assert.deepEqual(tokensOf('/tmp/XMRig --url=pool:3333 挖矿'), [
    'tmp',
    'xmrig',
    'url',
    'pool',
    '3333',
    '挖矿',
  ]);
  assert.deepEqual(tokensOf(' -/- '), []);
});

test('an absolute path is found by its last part', () => {
  assert.equal(matchesQuery(ALERT, { ...EVERYTHING, words: ['xmrig'] }), true);
  assert.equal(matchesQuery(ALERT, { ...EVERYTHING, words: ['xmrig', 'absent'] }), false);
});

test('within a dimension any value may match, and all dimensions must', () => {
  assert.equal(matchesQuery(ALERT, { any: { severity: ['low', 'critical'] }, words: [] }), true);
  assert.equal(matchesQuery(ALERT, { any: { severity: ['critical'], rule: ['Other'] }, words: [] }), false);
  assert.equal(matchesQuery(ALERT, { any: { severity: [] }, words: [] }), true);
});

test('a container is found by full id, short id and name', () => {
  assert.deepEqual(dimensionValues(ALERT, 'container'), ['a'.repeat(64), 'a'.repeat(12), 'web']);
});

test('the start of a time range is in it and the end is not', () => {
  const at = Date.parse(ALERT.time);
  assert.equal(matchesQuery(ALERT, { ...EVERYTHING, fromMs: at, toMs: at + 1 }), true);
  assert.equal(matchesQuery(ALERT, { ...EVERYTHING, toMs: at }), false);
  assert.equal(matchesQuery(ALERT, { ...EVERYTHING, fromMs: at + 1 }), false);
});

test('ages and times are read, nonsense is not', () => {
  assert.equal(parseAgeMs('10m'), 600_000);
  assert.equal(parseAgeMs('2w'), 1_209_600_000);
  assert.equal(parseAgeMs('10'), undefined);
  assert.equal(parseTimeMs('1h', 7_200_000), 3_600_000);
  assert.equal(parseTimeMs('1970-01-01T00:00:01Z', 0), 1000);
  assert.equal(parseTimeMs('yesterday', 0), undefined);
});
