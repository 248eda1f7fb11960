// Evaluates events against the enabled rules, bucket by event type.
import type { EvaluatedNode, MatchedClause, OutputValue, RuntimeEvent } from '@guardcell/core';
import { explainWith } from '../explain/explain-tree.ts';
import { ALERT_NODES, ALERT_TEXT, flattenTree } from '../explain/flat-tree.ts';
import { formattedArgs } from '../fields/event-fields.ts';
import type { FieldEnvironment } from '../fields/field.ts';
import type { CompiledRule, LoadResult } from '../loader/load-rules.ts';
import type { Bits } from '../operators/prefix-tree.ts';
import { fillTemplate, templateValues } from '../output/template.ts';
import type { Predicate } from './check.ts';
import { compilePart, countUses, createCompiler, type EventClock } from './compile.ts';
import { completeEnvironment, type EngineEnvironment } from './environment.ts';
import { includesType } from './event-types.ts';
import { explain } from './explain.ts';
import { createPrefilter, type Prefilter } from './prefilter.ts';
import { createSpecializer, specialize } from './specialize.ts';

/** One rule and one event. Its functions may only be called within the callback that receives it. */
export interface RuleMatch {
  readonly rule: CompiledRule;
  message(): string;
  outputFields(): Record<string, OutputValue>;
  /** The leaves of the condition that held, in order, at most 40. */
  matched(): readonly MatchedClause[];
  /** The whole condition with every verdict, bounded as alerts need it. */
  evaluated(): readonly EvaluatedNode[];
  /** Every parameter of the event as text. */
  eventArgs(): Readonly<Record<string, string>>;
}

export interface RuleStats {
  readonly rule: string;
  readonly hits: number;
}

export interface EngineStats {
  readonly events: number;
  readonly matches: number;
  readonly rules: readonly RuleStats[];
}

export interface Engine {
  /** Event types of the `syscall` source that some enabled rule can match. */
  readonly eventTypes: ReadonlySet<string>;
  /** Sources of the enabled rules. */
  readonly sources: ReadonlySet<string>;
  readonly ruleCount: number;
  /** Synchronous; errors thrown by `onMatch` reach the caller. `onMatch` must not call `evaluate` again. */
  evaluate(event: RuntimeEvent, onMatch: (match: RuleMatch) => void): void;
  stats(): EngineStats;
}

interface Entry {
  readonly rule: CompiledRule;
  readonly holds: Predicate;
  readonly counter: { hits: number };
}

/** The rules for one event type. */
interface Bucket {
  readonly entries: readonly Entry[];
  readonly prefilter: Prefilter;
  /** Rules that the event at hand may match, by position in `entries`. */
  readonly alive: Bits;
}

/** Compiles the enabled rules. Rules are evaluated in file order. */
export function createEngine(load: LoadResult, environment: EngineEnvironment = {}): Engine {
  const env = completeEnvironment(environment);
  const clock: EventClock = { now: 0 };
  const firstOnly = environment.matching === 'first';
  const enabled = load.rules.filter((rule) => rule.enabled);
  const counters = new Map(enabled.map((rule) => [rule, { hits: 0 }]));
  const bySource = groupBySource(enabled);
  const syscallRules = bySource.get('syscall') ?? [];
  const buckets = new Map<string, Bucket>();
  let matches = 0;

  const bucketOf = (type: string, source: string | undefined): Bucket => {
    const key = source === undefined ? type : `${source} ${type}`;
    const known = buckets.get(key);
    if (known !== undefined) return known;
    const made = buildBucket(type, bySource.get(source ?? 'syscall') ?? [], counters, clock);
    buckets.set(key, made);
    return made;
  };

  return {
    eventTypes: new Set(syscallRules.flatMap((rule) => [...rule.eventTypes])),
    sources: new Set(bySource.keys()),
    ruleCount: enabled.length,
    evaluate(event, onMatch) {
      clock.now += 1;
      const bucket = bucketOf(event.type, event.source);
      const { entries, alive } = bucket;
      if (entries.length === 0 || !bucket.prefilter(event, env, alive)) return;
      for (let word = 0; word < alive.length; word += 1) {
        for (let rest = alive[word] ?? 0; rest !== 0; rest &= rest - 1) {
          const entry = entries[word * 32 + lowestBit(rest)];
          if (entry === undefined || !entry.holds(event, env)) continue;
          entry.counter.hits += 1;
          matches += 1;
          onMatch(createMatch(entry.rule, event, env));
          if (firstOnly) return;
        }
      }
    },
    stats: () => ({
      events: clock.now,
      matches,
      rules: enabled.map((rule) => ({ rule: rule.name, hits: counters.get(rule)?.hits ?? 0 })),
    }),
  };
}

function groupBySource(rules: readonly CompiledRule[]): ReadonlyMap<string, readonly CompiledRule[]> {
  return Map.groupBy(rules, (rule) => rule.source);
}

function buildBucket(
  type: string,
  rules: readonly CompiledRule[],
  counters: ReadonlyMap<CompiledRule, { hits: number }>,
  clock: EventClock,
): Bucket {
  const specializer = createSpecializer(type);
  const parts = rules
    .filter((rule) => includesType(rule.types, type))
    .map((rule) => ({ rule, part: specialize(rule.expression, specializer) }))
    .filter(({ part }) => part.kind !== 'constant' || part.value);
  for (const { part } of parts) countUses(part);
  const compiler = createCompiler(clock);
  const prefilter = createPrefilter(
    parts.map(({ part }) => part),
    compiler,
  );
  const entries = parts.map(({ rule, part }) => ({
    rule,
    holds: compilePart(part, compiler),
    counter: counters.get(rule) ?? { hits: 0 },
  }));
  return { entries, prefilter, alive: new Int32Array(Math.ceil(entries.length / 32)) };
}

/** Position of the lowest bit that is set. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function createMatch(rule: CompiledRule, event: RuntimeEvent, env: FieldEnvironment): RuleMatch {
  return {
    rule,
    message: () => fillTemplate(rule.template, event, env),
    outputFields: () => templateValues(rule.template, event, env),
    matched: () => explain(rule.expression, event, env),
    evaluated: () =>
      flattenTree(explainWith(rule.expression, event, env, { maxNodes: ALERT_NODES, maxText: ALERT_TEXT })),
    eventArgs: () => formattedArgs(event, env),
  };
}
