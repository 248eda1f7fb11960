import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResponseRule } from '@guardcell/core';
import { draftOf, draftProblems, EMPTY_DRAFT, inputOf } from './response-draft.ts';

const RULE: ResponseRule = {
  name: 'pause-writers',
  description: 'd',
  enabled: true,
  trigger: { rules: ['A'], tags: [], minSeverity: 'high' },
  guard: 'true',
  actions: [
    { do: 'stop', with: { graceSeconds: 5 } },
    { do: 'notify', with: { url: 'https://a.example/x' } },
  ],
  cooldownSeconds: 60,
  maxTargets: 2,
  mode: 'enforce',
  origin: { kind: 'api', path: '' },
};

test('a rule survives the way through the form', () => {
  const { origin: _origin, ...input } = RULE;
  assert.deepEqual(inputOf(draftOf(RULE)), input);
});

test('an empty form says what is missing', () => {
  assert.deepEqual(draftProblems({ ...EMPTY_DRAFT, actions: [] }), {
    name: 'nameEmpty',
    actions: 'actionsEmpty',
  });
});

test('each field is checked on its own', () => {
  const draft = {
    ...EMPTY_DRAFT,
    name: 'Not This',
    actions: [{ key: 4, kind: 'notify' as const, url: 'ftp://x', graceSeconds: '' }],
    cooldownSeconds: '-1',
    maxTargets: '0',
  };
  assert.deepEqual(draftProblems(draft), {
    name: 'nameForm',
    'action-4': 'url',
    cooldown: 'cooldown',
    maxTargets: 'maxTargets',
  });
});

test('what the form has no input for is kept, as long as the action stays the same', () => {
  const settings = { url: 'https://a.example/', secretFile: '/etc/guardcell/key', format: 'falco' };
  const rule = { ...RULE, actions: [{ do: 'notify' as const, with: settings }] };
  assert.deepEqual(inputOf(draftOf(rule)).actions[0]?.with, settings);
  const draft = draftOf(rule);
  const changed = {
    ...draft,
    actions: draft.actions.map((action) => ({ ...action, kind: 'pause' as const })),
  };
  assert.deepEqual(inputOf(changed).actions[0]?.with, {});
});
