// What planning takes and gives.
import type { ActionRecord, ActionTarget, Alert, ResponseAction, ResponseRule } from '@guardcell/core';

/** A response rule without where it comes from: what users write. */
export type ResponseRuleInput = Omit<ResponseRule, 'origin'>;

/** Never acted on, besides the host itself. */
export interface ProtectedTargets {
  /** Full ids, short ids (12 or more hex digits), or globs (`*`, `?`) over container names. */
  readonly containers: readonly string[];
  /** Pids in the host's pid namespace: Guardcell's own processes. */
  readonly pids: readonly number[];
}

/** One action to store as a record and, when the record is `pending`, to carry out. */
export interface PlannedAction {
  /** `pending`, `dry-run` or `skipped` (then `detail` says why). Store it before anything is done. */
  readonly record: ActionRecord;
  /** What to do, with its parameters. */
  readonly action: ResponseAction;
  /** Every response rule that asked for this; `record.rule` is the first. */
  readonly rules: readonly string[];
  /** Action and target as text: what cool-downs are kept by. */
  readonly key: string;
}

/** One thing to remember. `acted` starts a cool-down; `recorded` says that a skip has its record for now. */
export interface PlanNote {
  readonly kind: 'acted' | 'recorded';
  readonly rule: string;
  /** Action and target, as in `PlannedAction`. */
  readonly key: string;
  /** The target alone; empty for notifications, which the target limit does not count. */
  readonly target: string;
  readonly atMs: number;
  /** The same is not done again before this; then it is forgotten. */
  readonly untilMs: number;
}

/** What planning reads of the past. */
export interface RecentView {
  /** Whether the rule did this within its cool-down. */
  acted(rule: string, key: string, nowMs: number): boolean;
  /** Whether a skip of this has a record already. */
  recorded(rule: string, key: string, nowMs: number): boolean;
  /** Whether the rule acted on this target in any way within its cool-down. */
  hasTarget(rule: string, target: string, nowMs: number): boolean;
  /** Distinct targets that the rule acted on within its cool-down. */
  targetCount(rule: string, nowMs: number): number;
  /** Notifications of the rule within its cool-down. */
  notifyCount(rule: string, nowMs: number): number;
  /** Skips of the rule that have a record within its cool-down. */
  recordedCount(rule: string, nowMs: number): number;
}

export interface PlanInput {
  readonly alert: Alert;
  readonly rules: readonly ResponseRule[];
  readonly recent: RecentView;
  readonly protected: ProtectedTargets;
  readonly nowMs: number;
  readonly newId: () => string;
}

export interface ActionPlan {
  /** Containment first, notifications last, so that a notification can tell what became of the containment. */
  readonly actions: readonly PlannedAction[];
  /** Actions left out without a record, because an equal one was recorded within the cool-down. */
  readonly suppressed: number;
  /** What `recent.note(plan)` remembers. */
  readonly notes: readonly PlanNote[];
}

export interface ManualInput {
  readonly action: ResponseAction;
  readonly target: ActionTarget;
  /** User or API key. */
  readonly actor: string;
  readonly reason: string;
  readonly dryRun: boolean;
  readonly protected: ProtectedTargets;
  readonly nowMs: number;
  readonly newId: () => string;
}

export interface UndoInput {
  readonly actor: string;
  readonly reason: string;
  readonly nowMs: number;
  readonly newId: () => string;
}

export type UndoPlan =
  | { readonly ok: true; readonly planned: PlannedAction }
  | { readonly ok: false; readonly code: 'GC_UNDO_IMPOSSIBLE' | 'GC_UNDO_DONE'; readonly message: string };

/** How an action ended. */
export interface ActionResult {
  readonly state: 'succeeded' | 'failed' | 'skipped' | 'unknown';
  readonly detail: string;
  /** `GC_…` when it failed. */
  readonly errorCode?: string;
  readonly mechanism?: string;
  readonly finishedAtMs: number;
}
