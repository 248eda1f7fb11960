// From an alert to what is to be done about it. Every matching rule fires; the same action on the same target is done
// once; what is not done is recorded with its reason, but never so often that a storm of alerts becomes a storm of
// records.
import { type Alert, isAtLeast, type ResponseAction, type ResponseRule } from '@guardcell/core';
import { type Candidate, candidateOf, recordWindowMs } from './candidate.ts';
import { evaluateGuard } from './guard.ts';
import { AUTOMATIC_ACTOR, newRecord } from './record.ts';
import { NO_TARGET, targetKey } from './target.ts';
import type { ActionPlan, PlanInput, PlanNote, PlannedAction } from './types.ts';

/** Skips that get a record, for each rule within its cool-down (or a minute); more are only counted. */
export const MAX_SKIP_RECORDS = 20;

function triggered(rule: ResponseRule, alert: Alert): boolean {
  const { rules, tags, minSeverity } = rule.trigger;
  return (
    rule.enabled &&
    isAtLeast(alert.severity, minSeverity) &&
    (rules.length === 0 || rules.includes(alert.rule)) &&
    (tags.length === 0 || tags.some((tag) => alert.tags.includes(tag)))
  );
}

const NOTHING: ResponseAction = { do: 'notify', with: {} };

function guardFailure(rule: ResponseRule, alert: Alert, error: string): Candidate {
  const action = rule.actions[0] ?? NOTHING;
  const target = { ...NO_TARGET, containerId: alert.container.id, containerName: alert.container.name };
  return {
    rule,
    action,
    target,
    key: `guard ${rule.name}`,
    state: 'skipped',
    detail: `The guard failed and counts as false: ${error.slice(0, 300)}`,
    note: undefined,
  };
}

function candidatesOf(rule: ResponseRule, input: PlanInput): readonly Candidate[] {
  const { alert } = input;
  if (!triggered(rule, alert)) return [];
  const guard = evaluateGuard(rule, alert);
  if (guard.error !== '') return [guardFailure(rule, alert, guard.error)];
  if (!guard.holds) return [];
  const fresh = new Set<string>();
  return rule.actions.map((action) => {
    const candidate = candidateOf(rule, action, input, fresh);
    if (candidate.state !== 'skipped' && action.do !== 'notify') fresh.add(targetKey(candidate.target));
    return candidate;
  });
}

const RANK: Readonly<Record<Candidate['state'], number>> = { pending: 0, 'dry-run': 1, skipped: 2 };

/** The candidates of one key: the one that does most speaks for all. */
interface Group {
  readonly best: Candidate;
  readonly all: readonly Candidate[];
}

function grouped(candidates: readonly Candidate[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const candidate of candidates) {
    const known = groups.get(candidate.key);
    const better = known === undefined || RANK[candidate.state] < RANK[known.best.state];
    groups.set(candidate.key, {
      best: better ? candidate : known.best,
      all: [...(known?.all ?? []), candidate],
    });
  }
  // Notifications go last: they then can tell what became of the rest.
  const isNotify = ({ best }: Group): number => Number(best.action.do === 'notify');
  return [...groups.values()].toSorted((a, b) => isNotify(a) - isNotify(b));
}

function ruleNames({ best, all }: Group): readonly string[] {
  return [...new Set([best.rule.name, ...all.map(({ rule }) => rule.name)])];
}

function planned(group: Group, input: PlanInput): PlannedAction {
  const { best } = group;
  const { alert } = input;
  const rules = ruleNames(group);
  const others = rules.length > 1 ? ` Also asked for by ${rules.slice(1).join(', ')}.` : '';
  const record = newRecord({
    id: input.newId(),
    action: best.action.do,
    target: best.target,
    state: best.state,
    detail: best.detail,
    rule: best.rule.name,
    alertId: alert.id,
    actor: AUTOMATIC_ACTOR,
    reason: `Alert "${alert.rule}" (${alert.severity}).${others}`,
    nowMs: input.nowMs,
  });
  return { record, action: best.action, rules, key: best.key };
}

/** What to remember of a skip, or undefined when it must not get a record now. */
function skipNote(best: Candidate, input: PlanInput, already: number): PlanNote | undefined {
  const { recent, nowMs } = input;
  const rule = best.rule.name;
  if (recent.recorded(rule, best.key, nowMs)) return undefined;
  if (recent.recordedCount(rule, nowMs) + already >= MAX_SKIP_RECORDS) return undefined;
  const untilMs = nowMs + recordWindowMs(best.rule);
  return { kind: 'recorded', rule, key: best.key, target: '', atMs: nowMs, untilMs };
}

/**
 * Plans what all rules ask for on one alert. Pure: call `recent.note(plan)` once the records are stored, before the
 * next alert is planned.
 */
export function planActions(input: PlanInput): ActionPlan {
  const actions: PlannedAction[] = [];
  const notes: PlanNote[] = [];
  let suppressed = 0;
  for (const group of grouped(input.rules.flatMap((rule) => candidatesOf(rule, input)))) {
    for (const { note } of group.all) if (note !== undefined) notes.push(note);
    const { best } = group;
    if (best.state === 'skipped') {
      const already = notes.filter(({ kind, rule }) => kind === 'recorded' && rule === best.rule.name).length;
      const note = skipNote(best, input, already);
      if (note === undefined) {
        suppressed += 1;
        continue;
      }
      notes.push(note);
    }
    actions.push(planned(group, input));
  }
  return { actions, suppressed, notes };
}
