import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionRecord, ActionState } from '@guardcell/core';
import { planActions } from './plan.ts';
import { abandon, finish, isOpen, markUndone } from './record.ts';
import { targetOf } from './target.ts';
import { alertOf, planInput, ruleOf, START_MS } from './test-alert.ts';
import { planManual, planUndo } from './undo.ts';

const INPUT = { actor: 'ann', reason: 'false alarm', nowMs: START_MS, newId: () => 'undo-1' };

function recordOf(action: ActionRecord['action'], state: ActionState): ActionRecord {
  const [planned] = planActions(
    planInput({ rules: [ruleOf({ actions: [{ do: action, with: {} }] })] }),
  ).actions;
  assert.ok(planned);
  return { ...planned.record, state };
}

test('pause is undone by resume, quarantine by release, on the same target', () => {
  for (const [action, undo] of [
    ['pause', 'resume'],
    ['quarantine', 'release'],
  ] as const) {
    const record = recordOf(action, 'succeeded');
    const plan = planUndo(record, INPUT);
    assert.ok(plan.ok);
    const { record: undoing } = plan.planned;
    assert.deepEqual(
      [undoing.action, undoing.state, undoing.undoes, undoing.actor, undoing.alertId],
      [undo, 'pending', record.id, 'ann', record.alertId],
    );
    assert.deepEqual(undoing.target, record.target);
    const undone = markUndone(record, undoing.id);
    assert.deepEqual([undone.state, undone.undoneBy], ['undone', 'undo-1']);
  }
});

test('says why something cannot be undone', () => {
  const cases: readonly (readonly [ActionRecord, string])[] = [
    [recordOf('kill', 'succeeded'), 'GC_UNDO_IMPOSSIBLE'],
    [recordOf('stop', 'succeeded'), 'GC_UNDO_IMPOSSIBLE'],
    [recordOf('resume', 'succeeded'), 'GC_UNDO_IMPOSSIBLE'],
    [recordOf('pause', 'failed'), 'GC_UNDO_IMPOSSIBLE'],
    [recordOf('pause', 'skipped'), 'GC_UNDO_IMPOSSIBLE'],
    [recordOf('pause', 'dry-run'), 'GC_UNDO_IMPOSSIBLE'],
    [recordOf('pause', 'pending'), 'GC_UNDO_IMPOSSIBLE'],
    [recordOf('pause', 'undone'), 'GC_UNDO_DONE'],
  ];
  for (const [record, code] of cases) {
    const plan = planUndo(record, INPUT);
    assert.ok(!plan.ok);
    assert.equal(plan.code, code);
    assert.match(plan.message, /\.$/);
  }
});

test('an action with unknown result may be undone', () => {
  assert.ok(planUndo(recordOf('pause', 'unknown'), INPUT).ok);
});

test('the first end of a record counts', () => {
  const open = recordOf('pause', 'pending');
  assert.ok(isOpen(open));
  const done = finish(open, {
    state: 'succeeded',
    detail: 'Paused.',
    mechanism: 'docker-api',
    finishedAtMs: START_MS + 5,
  });
  assert.deepEqual(
    [done.state, done.mechanism, done.finishedAt],
    ['succeeded', 'docker-api', '2026-01-01T00:00:02.005Z'],
  );
  assert.equal(isOpen(done), false);
  assert.equal(finish(done, { state: 'failed', detail: 'late', finishedAtMs: 0 }), done);
  assert.equal(abandon(done, 0), done);
  assert.deepEqual(
    [abandon(open, START_MS).state, abandon(open, START_MS).errorCode],
    ['unknown', 'GC_ACTION_INTERRUPTED'],
  );
  assert.equal(markUndone(recordOf('pause', 'failed'), 'x').state, 'failed');
});

test('a person may act on any container but not on what is protected', () => {
  const base = {
    action: { do: 'pause', with: {} },
    target: targetOf('pause', alertOf()),
    actor: 'ann',
    reason: 'looks odd',
    dryRun: false,
    protected: { containers: [], pids: [] },
    nowMs: START_MS,
    newId: () => 'm-1',
  } as const;
  assert.equal(planManual(base).record.state, 'pending');
  assert.equal(planManual({ ...base, dryRun: true }).record.state, 'dry-run');
  const refused = planManual({ ...base, dryRun: true, protected: { containers: ['web-*'], pids: [] } });
  assert.equal(refused.record.state, 'skipped');
  assert.equal(
    planManual({ ...base, target: { ...base.target, containerId: 'host' } }).record.state,
    'skipped',
  );
});
