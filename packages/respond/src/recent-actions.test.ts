import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planActions } from './plan.ts';
import { createRecentActions } from './recent-actions.ts';
import { finish } from './record.ts';
import { planInput, ruleOf, START_MS } from './test-alert.ts';
import type { PlanNote } from './types.ts';

test('after a restart the stored records keep the cool-down', () => {
  const input = planInput();
  const [planned] = planActions(input).actions;
  assert.ok(planned);
  const record = finish(planned.record, { state: 'succeeded', detail: '', finishedAtMs: START_MS });
  const recent = createRecentActions();
  recent.seed([record], input.rules, START_MS + 1000);
  assert.equal(planActions({ ...input, recent, nowMs: START_MS + 1000 }).actions[0]?.record.state, 'skipped');
  const late = createRecentActions();
  late.seed([record], input.rules, START_MS + 400_000);
  assert.equal(late.size, 0);
});

test('failed records and records of rules that are gone are not remembered', () => {
  const input = planInput();
  const [planned] = planActions(input).actions;
  assert.ok(planned);
  const failed = finish(planned.record, { state: 'failed', detail: '', finishedAtMs: START_MS });
  const recent = createRecentActions();
  recent.seed([failed], input.rules, START_MS);
  recent.seed([planned.record], [ruleOf({ name: 'other' })], START_MS);
  assert.equal(recent.size, 0);
});

test('the memory of a rule is bounded, the oldest goes first', () => {
  const recent = createRecentActions(10);
  const note = (n: number): PlanNote => ({
    kind: 'acted',
    rule: 'r',
    key: `k${n}`,
    target: `t${n}`,
    atMs: n,
    untilMs: 1_000_000,
  });
  for (let n = 0; n < 100; n++) recent.note({ notes: [note(n)] });
  assert.equal(recent.size, 10);
  assert.equal(recent.acted('r', 'k89', 200), false);
  assert.equal(recent.acted('r', 'k90', 200), true);
  assert.equal(recent.targetCount('r', 200), 10);
});

test('the number of rules remembered is bounded', () => {
  const recent = createRecentActions(10);
  for (let n = 0; n < 5000; n++) {
    recent.note({
      notes: [{ kind: 'recorded', rule: `r${n}`, key: 'k', target: '', atMs: 0, untilMs: 1 }],
    });
  }
  assert.ok(recent.size <= 2000);
});
