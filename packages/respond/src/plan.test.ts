import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST } from '@guardcell/core';
import { MAX_SKIP_RECORDS, planActions } from './plan.ts';
import { alertOf, CONTAINER_ID, inContainer, planInput, ruleOf, START_MS, WEB } from './test-alert.ts';
import type { ActionPlan, PlanInput } from './types.ts';

const NOTIFY = { do: 'notify', with: { url: 'http://127.0.0.1:9999/hook' } } as const;
const [PAUSE, KILL, STOP] = (['pause', 'kill', 'stop'] as const).map((kind) => ({ do: kind, with: {} }));
assert.ok(PAUSE && KILL && STOP);

function summary({ actions }: ActionPlan): readonly string[] {
  return actions.map(({ record }) => `${record.action} ${record.state}`);
}

test('an alert that a rule matches gives a complete pending record', () => {
  const { actions } = planActions(planInput());
  assert.deepEqual(
    actions.map(({ record }) => record),
    [
      {
        id: 'act-1',
        action: 'pause',
        target: {
          kind: 'container',
          containerId: CONTAINER_ID,
          containerName: 'web-1',
          pid: 0,
          processStartedAt: '',
        },
        state: 'pending',
        detail: '',
        errorCode: '',
        rule: 'contain',
        alertId: 'node1-1-7',
        actor: 'guardcell',
        reason: 'Alert "Account file written" (high).',
        createdAt: '2026-01-01T00:00:02.000Z',
        finishedAt: '',
        mechanism: '',
        undoneBy: '',
        undoes: '',
      },
    ],
  );
});

test('kill targets the process of the alert with its start time', () => {
  const { actions } = planActions(planInput({ rules: [ruleOf({ actions: [KILL] })] }));
  const target = actions[0]?.record.target;
  assert.deepEqual(
    [target?.kind, target?.pid, target?.processStartedAt, target?.containerId],
    ['process', 4242, '2026-01-01T00:00:00.5Z', CONTAINER_ID],
  );
});

const TRIGGERS: readonly (readonly [string, Partial<Parameters<typeof ruleOf>[0]>, boolean])[] = [
  ['any alert', {}, true],
  [
    'its rule',
    { trigger: { rules: ['Other', 'Account file written'], tags: [], minSeverity: 'info' } },
    true,
  ],
  ['another rule', { trigger: { rules: ['Other'], tags: [], minSeverity: 'info' } }, false],
  ['one of its tags', { trigger: { rules: [], tags: ['x', 'filesystem'], minSeverity: 'info' } }, true],
  ['other tags', { trigger: { rules: [], tags: ['x'], minSeverity: 'info' } }, false],
  ['its severity', { trigger: { rules: [], tags: [], minSeverity: 'high' } }, true],
  ['a higher severity', { trigger: { rules: [], tags: [], minSeverity: 'critical' } }, false],
  ['a disabled rule', { enabled: false }, false],
  ['a guard that holds', { guard: 'container.image.startsWith("nginx") && process.uid == 0' }, true],
  [
    'a guard on arguments',
    { guard: 'alert.event.args["flags"] == "O_RDWR" && "T1098" in alert.mitre' },
    true,
  ],
  ['a guard that does not hold', { guard: 'container.privileged' }, false],
];

for (const [what, more, fires] of TRIGGERS) {
  test(`triggered by ${what}: ${fires}`, () => {
    assert.equal(planActions(planInput({ rules: [ruleOf(more)] })).actions.length, fires ? 1 : 0);
  });
}

test('a guard that fails counts as false and is reported once in a while', () => {
  const input = planInput({
    rules: [ruleOf({ guard: 'alert.event.args["absent"] == "x"', actions: [PAUSE, NOTIFY] })],
  });
  const plan = planActions(input);
  assert.deepEqual(summary(plan), ['pause skipped']);
  assert.match(plan.actions[0]?.record.detail ?? '', /guard failed.*no such key: absent/);
  input.recent.note(plan);
  const again = planActions(input);
  assert.deepEqual([again.actions.length, again.suppressed], [0, 1]);
});

test('all matching rules fire, notifications last', () => {
  const rules = [ruleOf({ name: 'a', actions: [NOTIFY, PAUSE] }), ruleOf({ name: 'b', actions: [KILL] })];
  assert.deepEqual(summary(planActions(planInput({ rules }))), [
    'pause pending',
    'kill pending',
    'notify pending',
  ]);
});

test('the same action on the same target is planned once for all rules that ask', () => {
  const rules = [ruleOf({ name: 'a' }), ruleOf({ name: 'b' }), ruleOf({ name: 'c', actions: [STOP] })];
  const plan = planActions(planInput({ rules }));
  assert.deepEqual(summary(plan), ['pause pending', 'stop pending']);
  assert.deepEqual(plan.actions[0]?.rules, ['a', 'b']);
  assert.match(plan.actions[0]?.record.reason ?? '', /Also asked for by b/);
});

test('a rule that acts wins over one in dry-run mode', () => {
  const rules = [ruleOf({ name: 'dry', mode: 'dry-run' }), ruleOf({ name: 'wet' })];
  const plan = planActions(planInput({ rules }));
  assert.deepEqual(summary(plan), ['pause pending']);
  assert.equal(plan.actions[0]?.record.rule, 'wet');
});

test('dry-run records what would be done, finished at once', () => {
  const { actions } = planActions(planInput({ rules: [ruleOf({ mode: 'dry-run' })] }));
  const record = actions[0]?.record;
  assert.equal(record?.state, 'dry-run');
  assert.match(record?.detail ?? '', /Would pause/);
  assert.equal(record?.finishedAt, '2026-01-01T00:00:02.000Z');
});

const REFUSALS: readonly (readonly [string, Partial<PlanInput>, RegExp])[] = [
  ['the host', { alert: alertOf({ container: { ...WEB, id: HOST.id, name: 'host' } }) }, /host/],
  ['an unknown container', { alert: alertOf({ container: { ...WEB, id: '', name: '' } }) }, /no container/],
  ['a protected name', { protected: { containers: ['w?b-*'], pids: [] } }, /protected/],
  ['a protected id', { protected: { containers: [CONTAINER_ID], pids: [] } }, /protected/],
  ['a protected short id', { protected: { containers: [CONTAINER_ID.slice(0, 12)], pids: [] } }, /protected/],
];

for (const [what, more, reason] of REFUSALS) {
  test(`never contains ${what}`, () => {
    for (const action of [PAUSE, KILL, STOP]) {
      const { actions } = planActions(planInput({ ...more, rules: [ruleOf({ actions: [action] })] }));
      assert.equal(actions[0]?.record.state, 'skipped');
      assert.match(actions[0]?.record.detail ?? '', reason);
    }
  });
}

test('never kills a protected process, nor pid 1, nor nothing', () => {
  const { process: actor } = alertOf();
  for (const pid of [777, 1, 0]) {
    const alert = alertOf({ process: { ...actor, pid } });
    const input = planInput({
      alert,
      rules: [ruleOf({ actions: [KILL] })],
      protected: { containers: [], pids: [777] },
    });
    assert.equal(planActions(input).actions[0]?.record.state, 'skipped', String(pid));
  }
});

test('an alert on the host still notifies', () => {
  const alert = alertOf({ container: { ...WEB, id: HOST.id, name: 'host' } });
  const plan = planActions(planInput({ alert, rules: [ruleOf({ actions: [PAUSE, NOTIFY] })] }));
  assert.deepEqual(summary(plan), ['pause skipped', 'notify pending']);
});

test('within the cool-down nothing is done again, and that is recorded once', () => {
  const input = planInput({ rules: [ruleOf({ actions: [PAUSE, NOTIFY] })] });
  input.recent.note(planActions(input));
  const second = planActions({ ...input, nowMs: START_MS + 1000 });
  assert.deepEqual(summary(second), ['pause skipped', 'notify skipped']);
  assert.match(second.actions[0]?.record.detail ?? '', /Cool-down/);
  input.recent.note(second);
  const third = planActions({ ...input, nowMs: START_MS + 2000 });
  assert.deepEqual([third.actions.length, third.suppressed], [0, 2]);
  const later = planActions({ ...input, nowMs: START_MS + 300_001 });
  assert.deepEqual(summary(later), ['pause pending', 'notify pending']);
});

test('another alert rule on the same container notifies, but does not pause again', () => {
  const input = planInput({ rules: [ruleOf({ actions: [PAUSE, NOTIFY] })] });
  input.recent.note(planActions(input));
  const other = planActions({ ...input, alert: alertOf({ rule: 'Shell spawned' }) });
  assert.deepEqual(summary(other), ['pause skipped', 'notify pending']);
});

test('more targets than the limit are skipped until the cool-down is over', () => {
  const input = planInput({ rules: [ruleOf({ maxTargets: 2 })] });
  const states: string[] = [];
  for (const [index, id] of ['11', '22', '33', '11'].entries()) {
    const plan = planActions({ ...input, alert: inContainer(id.repeat(32)), nowMs: START_MS + index });
    input.recent.note(plan);
    states.push(...plan.actions.map(({ record }) => `${record.state} ${record.detail.split(':')[0]}`.trim()));
  }
  assert.deepEqual(states, ['pending', 'pending', 'skipped Limit', 'skipped Cool-down']);
  const later = planActions({ ...input, alert: inContainer('33'.repeat(32)), nowMs: START_MS + 300_010 });
  assert.equal(later.actions[0]?.record.state, 'pending');
});

test('the target limit counts targets, not actions', () => {
  const rules = [ruleOf({ maxTargets: 1, actions: [PAUSE, STOP] })];
  assert.deepEqual(summary(planActions(planInput({ rules }))), ['pause pending', 'stop pending']);
});

test('a storm of alerts on ever new targets gives a bounded number of records', () => {
  const input = planInput({ rules: [ruleOf({ actions: [KILL, NOTIFY] })] });
  const { process: actor } = alertOf();
  let [records, suppressed] = [0, 0];
  for (let i = 0; i < 2000; i++) {
    const alert = inContainer(i.toString(16).padStart(64, '0'), { process: { ...actor, pid: 5000 + i } });
    const plan = planActions({ ...input, alert, nowMs: START_MS + i });
    input.recent.note(plan);
    records += plan.actions.length;
    suppressed += plan.suppressed;
  }
  assert.equal(records, 3 + 100 + MAX_SKIP_RECORDS);
  assert.equal(records + suppressed, 4000);
});

test('a failed action may be tried again soon', () => {
  const input = planInput();
  const plan = planActions(input);
  input.recent.note(plan);
  const [planned] = plan.actions;
  assert.ok(planned);
  input.recent.failed(planned, START_MS);
  assert.equal(planActions({ ...input, nowMs: START_MS + 9000 }).actions[0]?.record.state, 'skipped');
  assert.equal(planActions({ ...input, nowMs: START_MS + 10_001 }).actions[0]?.record.state, 'pending');
});

test('a cool-down of 0 acts every time', () => {
  const input = planInput({ rules: [ruleOf({ cooldownSeconds: 0 })] });
  for (let i = 0; i < 5; i++) {
    const plan = planActions(input);
    input.recent.note(plan);
    assert.deepEqual(summary(plan), ['pause pending']);
  }
});
