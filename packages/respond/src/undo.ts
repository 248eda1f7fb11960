// Undoing an action, and actions that a person asks for.
import { type ActionRecord, UNDO_OF } from '@guardcell/core';
import { newRecord } from './record.ts';
import { refusal, targetKey } from './target.ts';
import type { ManualInput, PlannedAction, UndoInput, UndoPlan } from './types.ts';

/**
 * The action that undoes a record, or why there is none. When it succeeded, store `markUndone(record, planned.record.id)`.
 */
export function planUndo(record: ActionRecord, input: UndoInput): UndoPlan {
  const undo = UNDO_OF[record.action];
  if (record.state === 'undone') {
    return { ok: false, code: 'GC_UNDO_DONE', message: `This ${record.action} is undone already.` };
  }
  if (undo === undefined) {
    return { ok: false, code: 'GC_UNDO_IMPOSSIBLE', message: `A ${record.action} cannot be undone.` };
  }
  // An action whose result is unknown may have been carried out; undoing what was not done does no harm.
  if (record.state !== 'succeeded' && record.state !== 'unknown') {
    const message = `This ${record.action} was not carried out (${record.state}), so there is nothing to undo.`;
    return { ok: false, code: 'GC_UNDO_IMPOSSIBLE', message };
  }
  const undoing = newRecord({
    id: input.newId(),
    action: undo,
    target: record.target,
    state: 'pending',
    detail: '',
    actor: input.actor,
    reason: input.reason,
    alertId: record.alertId,
    undoes: record.id,
    nowMs: input.nowMs,
  });
  const key = `${undo} ${targetKey(record.target)}`;
  return { ok: true, planned: { record: undoing, action: { do: undo, with: {} }, rules: [], key } };
}

/** An action that a person asks for: no cool-down, but the host and what is protected stay out of reach. */
export function planManual(input: ManualInput): PlannedAction {
  const refused = refusal(input.target, input.protected);
  const state = refused === undefined ? (input.dryRun ? 'dry-run' : 'pending') : 'skipped';
  const record = newRecord({
    id: input.newId(),
    action: input.action.do,
    target: input.target,
    state,
    detail: refused ?? (input.dryRun ? `Would ${input.action.do}.` : ''),
    actor: input.actor,
    reason: input.reason,
    nowMs: input.nowMs,
  });
  return { record, action: input.action, rules: [], key: `${input.action.do} ${targetKey(input.target)}` };
}
