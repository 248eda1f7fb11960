// Who was acted on when: the memory behind cool-downs, target limits and the bound on records.
import type { ActionRecord, ResponseRule } from '@guardcell/core';
import { targetKey } from './target.ts';
import type { ActionPlan, PlanNote, PlannedAction, RecentView } from './types.ts';

export interface RecentActions extends RecentView {
  /** Remembers a plan; call it when the plan's records are stored. */
  note(plan: Pick<ActionPlan, 'notes'>): void;
  /** After a failure the target may be tried again in 10 s, whatever the cool-down. */
  failed(planned: Pick<PlannedAction, 'key' | 'rules'>, nowMs: number): void;
  /**
   * Rebuilds the memory of containment from stored records, after a restart. Notifications are not remembered, so one
   * may be repeated.
   */
  seed(records: readonly ActionRecord[], rules: readonly ResponseRule[], nowMs: number): void;
  /** Entries held. */
  readonly size: number;
}

const RETRY_AFTER_MS = 10_000;
const DEFAULT_MAX_PER_RULE = 5000;
const MAX_RULES = 2000;

type Notes = Map<string, PlanNote>;

interface RuleNotes {
  readonly acted: Notes;
  readonly recorded: Notes;
}

function addBounded(notes: Notes, note: PlanNote, maxEntries: number): void {
  notes.delete(note.key); // so that it becomes the youngest
  if (notes.size >= 64) for (const [key, { untilMs }] of notes) if (untilMs <= note.atMs) notes.delete(key);
  while (notes.size >= maxEntries) notes.delete(notes.keys().next().value ?? '');
  notes.set(note.key, note);
}

function* live(notes: Notes | undefined, nowMs: number): Generator<PlanNote> {
  if (notes !== undefined) for (const note of notes.values()) if (note.untilMs > nowMs) yield note;
}

function seedNote(record: ActionRecord, rules: readonly ResponseRule[]): PlanNote | undefined {
  const rule = rules.find(({ name }) => name === record.rule);
  const atMs = Date.parse(record.createdAt);
  if (rule === undefined || record.action === 'notify' || Number.isNaN(atMs)) return undefined;
  if (record.state === 'failed') return undefined;
  const untilMs = atMs + rule.cooldownSeconds * 1000;
  const isSkip = record.state === 'skipped';
  const target = targetKey(record.target);
  return {
    kind: isSkip ? 'recorded' : 'acted',
    rule: rule.name,
    key: `${record.action} ${target}`,
    target: isSkip ? '' : target,
    atMs,
    untilMs,
  };
}

/** An empty memory; each rule has at most `maxPerRule` entries of each kind, the oldest go first. */
export function createRecentActions(maxPerRule: number = DEFAULT_MAX_PER_RULE): RecentActions {
  const byRule = new Map<string, RuleNotes>();

  function notesOf(rule: string): RuleNotes {
    const known = byRule.get(rule);
    if (known !== undefined) return known;
    if (byRule.size >= MAX_RULES) byRule.delete(byRule.keys().next().value ?? '');
    const fresh: RuleNotes = { acted: new Map(), recorded: new Map() };
    byRule.set(rule, fresh);
    return fresh;
  }

  function add(note: PlanNote): void {
    addBounded(notesOf(note.rule)[note.kind], note, maxPerRule);
  }

  function liveTargets(rule: string, nowMs: number): Set<string> {
    const targets = new Set<string>();
    for (const { target } of live(byRule.get(rule)?.acted, nowMs)) if (target !== '') targets.add(target);
    return targets;
  }

  return {
    acted: (rule, key, nowMs) => (byRule.get(rule)?.acted.get(key)?.untilMs ?? 0) > nowMs,
    recorded: (rule, key, nowMs) => (byRule.get(rule)?.recorded.get(key)?.untilMs ?? 0) > nowMs,
    hasTarget: (rule, target, nowMs) => liveTargets(rule, nowMs).has(target),
    targetCount: (rule, nowMs) => liveTargets(rule, nowMs).size,
    notifyCount: (rule, nowMs) => {
      let count = 0;
      for (const { target } of live(byRule.get(rule)?.acted, nowMs)) if (target === '') count += 1;
      return count;
    },
    recordedCount: (rule, nowMs) => [...live(byRule.get(rule)?.recorded, nowMs)].length,
    note: ({ notes }) => notes.forEach(add),
    failed: ({ key, rules }, nowMs) => {
      for (const rule of rules) {
        const acted = byRule.get(rule)?.acted;
        const note = acted?.get(key);
        if (acted === undefined || note === undefined) continue;
        const soon = nowMs + RETRY_AFTER_MS;
        acted.set(key, { ...note, untilMs: Math.min(note.untilMs, soon) });
      }
    },
    seed: (records, rules, nowMs) => {
      for (const record of records) {
        const note = seedNote(record, rules);
        if (note !== undefined && note.untilMs > nowMs) add(note);
      }
    },
    get size() {
      let size = 0;
      for (const { acted, recorded } of byRule.values()) size += acted.size + recorded.size;
      return size;
    },
  };
}
