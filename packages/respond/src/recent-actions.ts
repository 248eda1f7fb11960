// Who was acted on when: the memory behind cool-downs, target limits and the bound on records.
import type { ActionRecord, ResponseRule } from '@guardcell/core';
import type { ActionPlan } from './types.ts';

/** One thing to remember. `acted` starts a cool-down; `recorded` says that a skip has its record for now. */
export interface PlanNote {
  readonly kind: 'acted' | 'recorded';
  readonly rule: string;
  /** Action and target, see `noteKey`. */
  readonly key: string;
  /** Identity of the target alone; empty for notifications, which the target limit does not count. */
  readonly target: string;
  readonly atMs: number;
  /** Forgotten after this. */
  readonly untilMs: number;
}

/** What planning reads. */
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

export interface RecentActions extends RecentView {
  /** Remembers a plan; call it when the plan's records are stored. */
  note(plan: ActionPlan): void;
  /** After a failure the target may be tried again in 10 s, whatever the cool-down. */
  failed(record: ActionRecord, nowMs: number): void;
  /** Rebuilds the memory from stored records, after a restart. */
  seed(records: readonly ActionRecord[], rules: readonly ResponseRule[], nowMs: number): void;
  /** Entries held; bounded by `maxEntries`. */
  readonly size: number;
}
