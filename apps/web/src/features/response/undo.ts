// Whether an action can be undone now, and which actions make sense for a container. Pure.
import type { ContainerView } from '@guardcell/contract';
import { type ActionKind, type ActionRecord, UNDO_OF } from '@guardcell/core';

/** What a person can ask for by hand. */
export type ManualKind = Exclude<ActionKind, 'notify'>;

export function canUndo(record: ActionRecord): boolean {
  return record.state === 'succeeded' && record.undoneBy === '' && UNDO_OF[record.action] !== undefined;
}

/** Actions that cannot be taken back ask for more than a click. */
export function isReversible(kind: ManualKind): boolean {
  return kind !== 'kill' && kind !== 'stop';
}

/** The actions offered for a container, given what is in force; none for the host or what is gone. */
export function offeredActions(view: ContainerView | undefined, containerId: string): readonly ManualKind[] {
  if (containerId === 'host' || containerId === '') return [];
  if (view === undefined) return ['pause', 'quarantine', 'stop'];
  const { state } = view.container;
  if (state === 'exited' || state === 'removed') return view.quarantined ? ['release'] : [];
  return [view.paused ? 'resume' : 'pause', view.quarantined ? 'release' : 'quarantine', 'stop'];
}
