import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerView } from '@guardcell/contract';
import type { ActionRecord } from '@guardcell/core';
import { canUndo, isReversible, offeredActions } from './undo.ts';

function record(changes: Partial<ActionRecord>): ActionRecord {
  return { action: 'pause', state: 'succeeded', undoneBy: '', ...changes } as unknown as ActionRecord;
}

function view(state: string, paused = false, quarantined = false): ContainerView {
  return { container: { id: 'abc', state }, paused, quarantined } as unknown as ContainerView;
}

test('only what succeeded, has an undo, and is not undone yet can be undone', () => {
  assert.equal(canUndo(record({})), true);
  assert.equal(canUndo(record({ undoneBy: 'x' })), false);
  assert.equal(canUndo(record({ state: 'failed' })), false);
  assert.equal(canUndo(record({ action: 'stop' })), false);
});

test('a paused container can be resumed, not paused again', () => {
  assert.deepEqual(offeredActions(view('paused', true), 'abc'), ['resume', 'quarantine', 'stop']);
  assert.deepEqual(offeredActions(view('running', false, true), 'abc'), ['pause', 'release', 'stop']);
});

test('nothing is offered for the host or for what has ended', () => {
  assert.deepEqual(offeredActions(undefined, 'host'), []);
  assert.deepEqual(offeredActions(view('exited'), 'abc'), []);
});

test('killing and stopping cannot be taken back', () => {
  assert.deepEqual([isReversible('kill'), isReversible('stop'), isReversible('pause')], [false, false, true]);
});
