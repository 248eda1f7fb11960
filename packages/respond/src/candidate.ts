// One action that one rule asks for on one alert, and what becomes of it.
import type { ActionTarget, Alert, ResponseAction, ResponseRule } from '@guardcell/core';
import { refusal, targetKey, targetOf } from './target.ts';
import type { PlanInput, PlanNote } from './types.ts';

/** A rule sends at most this many different notifications within its cool-down. */
const MAX_NOTIFICATIONS = 100;
/** Notifications of one kind are at least this far apart, even without a cool-down. */
const MIN_NOTIFY_MS = 1000;
/** A short cool-down does not shorten the bound on records of what was not done. */
const MIN_RECORD_WINDOW_MS = 60_000;

export interface Candidate {
  readonly rule: ResponseRule;
  readonly action: ResponseAction;
  readonly target: ActionTarget;
  /** The same for the same action on the same target, whichever rule asks. */
  readonly key: string;
  readonly state: 'pending' | 'dry-run' | 'skipped';
  readonly detail: string;
  /** What to remember when it is carried out (or would be). */
  readonly note: PlanNote | undefined;
}

export function recordWindowMs(rule: ResponseRule): number {
  return Math.max(rule.cooldownSeconds * 1000, MIN_RECORD_WINDOW_MS);
}

/** `pause container:abc`; for notifications the receiver, and what they tell of. */
function actionKey(action: ResponseAction, target: ActionTarget, alert: Alert): string {
  if (action.do !== 'notify') return `${action.do} ${targetKey(target)}`;
  return `notify ${String(action.with['url'] ?? '')} ${targetKey(target)} ${alert.rule}`;
}

function skip(base: Omit<Candidate, 'state' | 'detail' | 'note'>, detail: string): Candidate {
  return { ...base, state: 'skipped', detail, note: undefined };
}

/** Why a rule may not act now, apart from who the target is. */
function restraint(
  rule: ResponseRule,
  action: ResponseAction,
  key: string,
  target: ActionTarget,
  input: PlanInput,
  fresh: ReadonlySet<string>,
): string | undefined {
  const { recent, nowMs } = input;
  if (recent.acted(rule.name, key, nowMs)) {
    return `Cool-down: this was done less than ${rule.cooldownSeconds} s ago.`;
  }
  if (action.do === 'notify') {
    return recent.notifyCount(rule.name, nowMs) >= MAX_NOTIFICATIONS
      ? `Limit: ${MAX_NOTIFICATIONS} notifications were sent within the cool-down.`
      : undefined;
  }
  const name = targetKey(target);
  const isNew = !fresh.has(name) && !recent.hasTarget(rule.name, name, nowMs);
  return isNew && recent.targetCount(rule.name, nowMs) + fresh.size >= rule.maxTargets
    ? `Limit: the rule acted on ${rule.maxTargets} targets within its cool-down.`
    : undefined;
}

/**
 * What becomes of one action of a rule whose trigger and guard hold.
 * @param fresh targets that the same rule acts on in this plan.
 */
export function candidateOf(
  rule: ResponseRule,
  action: ResponseAction,
  input: PlanInput,
  fresh: ReadonlySet<string>,
): Candidate {
  const target = targetOf(action.do, input.alert);
  const key = actionKey(action, target, input.alert);
  const base = { rule, action, target, key };
  const refused = refusal(target, input.protected) ?? restraint(rule, action, key, target, input, fresh);
  if (refused !== undefined) return skip(base, refused);
  const isNotify = action.do === 'notify';
  const cooldownMs = rule.cooldownSeconds * 1000;
  const note: PlanNote = {
    kind: 'acted',
    rule: rule.name,
    key,
    target: isNotify ? '' : targetKey(target),
    atMs: input.nowMs,
    untilMs: input.nowMs + (isNotify ? Math.max(cooldownMs, MIN_NOTIFY_MS) : cooldownMs),
  };
  return rule.mode === 'dry-run'
    ? { ...base, state: 'dry-run', detail: `Would ${action.do}: the rule is in dry-run mode.`, note }
    : { ...base, state: 'pending', detail: '', note };
}
