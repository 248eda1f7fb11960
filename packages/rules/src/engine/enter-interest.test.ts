import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from '../loader/load-rules.ts';
import { enterEventTypes } from './enter-interest.ts';

function typesOf(condition: string): readonly string[] {
  const content = JSON.stringify([
    { rule: 'r', desc: 'd', condition, output: 'o', priority: 'NOTICE', enabled: true },
  ]);
  const load = loadRules([{ name: 'r.yaml', content }]);
  assert.deepEqual(
    load.problems.filter(({ level }) => level === 'error').map(({ message }) => message),
    [],
  );
  return [...enterEventTypes(load.rules)];
}

test('a rule that looks at the type and the process alone wants enter events', () => {
  assert.deepEqual(typesOf('evt.type = open and proc.name = cat'), ['open']);
});

test('a rule that needs the descriptor or the result of an open does not', () => {
  assert.deepEqual(typesOf('evt.type in (open, openat) and fd.num >= 0'), []);
  assert.deepEqual(typesOf('evt.type = open and evt.rawres >= 0 and proc.name = cat'), []);
  assert.deepEqual(typesOf('evt.type = open and (fd.name = /x or evt.res = EPERM)'), []);
});

test('a negated check holds for what is missing, so the rule wants enter events', () => {
  assert.deepEqual(typesOf('evt.type = open and not fd.name = /x'), ['open']);
});

test('the socket of a connect is known before the call, its result is not', () => {
  assert.deepEqual(typesOf('evt.type = connect and fd.type = ipv4'), ['connect']);
  assert.deepEqual(typesOf('evt.type = connect and fd.type = ipv4 and evt.rawres >= 0'), []);
});

test('a rule of the old style that asks for evt.dir gets what it asks for', () => {
  assert.deepEqual(typesOf('evt.type = open and evt.dir = <'), []);
  assert.deepEqual(typesOf('evt.type = open and evt.dir = >'), ['open']);
});
