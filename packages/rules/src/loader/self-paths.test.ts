// Rules about /proc/self/… see the path of the call, although fd.name is the file behind the link.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../engine/engine.ts';
import { syntheticEvent } from '../testing/synthetic-event.ts';
import { loadRules } from './load-rules.ts';

function fires(condition: string, name: string, nameRaw: string): boolean {
  const content = `- rule: r\n  desc: d\n  condition: evt.type = openat and ${condition}\n  output: o\n  priority: INFO\n`;
  const loaded = loadRules([{ name: 'r.yaml', content }]);
  assert.deepEqual(
    loaded.problems.filter(({ level }) => level === 'error'),
    [],
  );
  let fired = false;
  createEngine(loaded).evaluate(syntheticEvent({ type: 'openat', fd: { name, nameRaw } }), () => {
    fired = true;
  });
  return fired;
}

test('a path below /proc/self is compared with what the program gave', () => {
  const entrypoint = '(fd.name = /proc/self/exe or fd.name startswith /proc/self/fd/)';
  assert.equal(fires(entrypoint, '/usr/sbin/runc', '/proc/self/fd/7'), true);
  assert.equal(fires(entrypoint, '/usr/sbin/runc', '/proc/self/exe'), true);
  assert.equal(fires(entrypoint, '/proc/self/exe', '/proc/self/exe'), true);
  assert.equal(fires(entrypoint, '/usr/sbin/runc', '/usr/sbin/runc'), false);
  assert.equal(fires(`not ${entrypoint}`, '/usr/sbin/runc', '/proc/self/exe'), false);
});

test('in a list only such paths are', () => {
  assert.equal(fires('fd.name in (/etc/passwd, /proc/self/exe)', '/bin/x', '/proc/self/exe'), true);
  assert.equal(fires('fd.name in (/etc/passwd, /proc/self/exe)', '/data/x', '/etc/passwd'), false);
});

test('any other path is compared with what the kernel resolved', () => {
  assert.equal(fires('fd.name = /etc/shadow', '/etc/shadow', '/proc/self/fd/7'), true);
  assert.equal(fires('fd.name startswith /proc/1/', '/bin/x', '/proc/1/exe'), false);
});
