import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST } from '@guardcell/core';
import { syntheticEvent } from '@guardcell/rules';
import { recentEvents } from './recent-events.ts';
import { runTrial, trialLoad } from './trial.ts';

const open = (name: string, container: 'host' | { id: string } = 'host') =>
  syntheticEvent({ type: 'openat', fd: { name }, container });

test('of one type only so many a second are kept, in every container and on the host apart', () => {
  let nowMs = 5000;
  const recent = recentEvents({ containerById: () => HOST, nowMs: () => nowMs, perSecond: 2, size: 10 });
  for (const name of ['/a', '/b', '/c']) recent.offer(open(name));
  recent.offer(open('/in', { id: 'c'.repeat(64) }));
  recent.offer(open('/other', { id: 'd'.repeat(64) }));
  recent.offer(syntheticEvent({ type: 'unlink', path: '/x' }));
  nowMs += 1000;
  recent.offer(open('/d'));
  assert.deepEqual(
    recent.all().map((event) => event.fd?.name ?? event.path),
    ['/a', '/b', '/in', '/other', '/x', '/d'],
  );
});

test('a busy host copies only so many a second in all', () => {
  const recent = recentEvents({ containerById: () => HOST, nowMs: () => 1000, inAll: 3 });
  for (const id of ['a', 'b', 'c', 'd', 'e']) recent.offer(open(`/${id}`, { id: id.repeat(64) }));
  assert.equal(recent.all().length, 3);
});

test('the oldest make way for the newest', () => {
  let nowMs = 0;
  const recent = recentEvents({ containerById: () => HOST, nowMs: () => nowMs, size: 3 });
  for (const name of ['/1', '/2', '/3', '/4']) {
    nowMs += 1000;
    recent.offer(open(name));
  }
  assert.deepEqual(
    recent.all().map((event) => event.fd?.name),
    ['/2', '/3', '/4'],
  );
});

test('a trial evaluates its own file only, with the macros of the others, newest match first', () => {
  const policy = {
    revision: '1',
    ruleFiles: [
      {
        name: 'a.yaml',
        content:
          '- macro: opened\n  condition: (evt.type = openat)\n- rule: A\n  desc: d\n  condition: opened\n  output: a\n  priority: ERROR\n',
      },
    ],
    disabledRules: [],
  };
  const content =
    '- rule: B\n  desc: d\n  condition: opened and fd.name startswith /etc\n  output: b %fd.name\n  priority: ERROR\n  enabled: false\n';
  const events = [open('/etc/1'), open('/tmp/2'), open('/etc/3')];
  const load = trialLoad({ name: 'custom/b.yaml', content }, policy);
  const answer = runTrial(load, events, {}, 'h');
  assert.deepEqual(answer.counts, { B: 2 });
  assert.deepEqual(
    answer.matches.map(({ message }) => message),
    ['b /etc/3', 'b /etc/1'],
  );
  assert.equal(answer.looked, 3);
});
