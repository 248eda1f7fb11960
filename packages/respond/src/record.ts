// Action records: how they begin, and how they end.
import type { ActionRecord, ActionState } from '@guardcell/core';
import type { ActionResult } from './types.ts';

/** Who acts when a response rule does. */
export const AUTOMATIC_ACTOR = 'guardcell';

export type Draft = Pick<ActionRecord, 'id' | 'action' | 'target' | 'detail' | 'actor' | 'reason'> & {
  readonly state: Extract<ActionState, 'pending' | 'dry-run' | 'skipped'>;
  readonly nowMs: number;
  readonly rule?: string;
  readonly alertId?: string;
  readonly undoes?: string;
};

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

/** A complete record; one that will not be carried out is finished at once. */
export function newRecord(draft: Draft): ActionRecord {
  const { nowMs, rule = '', alertId = '', undoes = '', ...given } = draft;
  const at = timeText(nowMs);
  return {
    ...given,
    rule,
    alertId,
    undoes,
    errorCode: '',
    createdAt: at,
    finishedAt: draft.state === 'pending' ? '' : at,
    mechanism: '',
    undoneBy: '',
  };
}

/** Whether the record still waits for its end. */
export function isOpen(record: ActionRecord): boolean {
  return record.state === 'pending';
}

/** The record with its end. A record that has ended stays as it is: the first end counts. */
export function finish(record: ActionRecord, result: ActionResult): ActionRecord {
  if (!isOpen(record)) return record;
  return {
    ...record,
    state: result.state,
    detail: result.detail,
    errorCode: result.errorCode ?? '',
    mechanism: result.mechanism ?? '',
    finishedAt: timeText(result.finishedAtMs),
  };
}

/** The end of a record that was open when the platform died and of which nothing can be found out. */
export function abandon(record: ActionRecord, nowMs: number): ActionRecord {
  return finish(record, {
    state: 'unknown',
    detail: 'Guardcell stopped before the result was known.',
    errorCode: 'GC_ACTION_INTERRUPTED',
    finishedAtMs: nowMs,
  });
}

/** A succeeded record after the record with id `undoneBy` undid it. */
export function markUndone(record: ActionRecord, undoneBy: string): ActionRecord {
  return record.state === 'succeeded' || record.state === 'unknown'
    ? { ...record, state: 'undone', undoneBy }
    : record;
}
