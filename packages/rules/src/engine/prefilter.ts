// Rules out, for all rules of a bucket at once, those that an event cannot match. What remains is evaluated in full.
import type { RuntimeEvent } from '@guardcell/core';
import type { Extractor, FieldEnvironment } from '../fields/field.ts';
import { type Bits, setBit } from '../operators/prefix-tree.ts';
import { chanceOf, chanceOfGuard } from './chance.ts';
import type { Predicate } from './check.ts';
import { type Compiler, compilePart, costOf, extractorOf } from './compile.ts';
import { type Guard, slowTests } from './guard-tests.ts';
import { conjunctsOf, createNecessities, type Guards, guardsOf } from './necessary.ts';
import type { Part } from './specialize.ts';
import { createValueIndex, type ValueIndex } from './value-index.ts';

/** Sets in `alive` the rules that may match; false when there are none. */
export type Prefilter = (event: RuntimeEvent, env: FieldEnvironment, alive: Bits) => boolean;

/** Evaluating one rule in full, in the units of `cost.ts`; a step that saves less than it costs is left out. */
const RULE_COST = 8;
const LOOK_UP_COST = 3;
const WALK_COST = 3;
const MAX_STEPS = 12;

interface Candidate {
  readonly cost: number;
  /** By rule: the chance of surviving the step; absent when the step says nothing about the rule. */
  readonly chances: ReadonlyMap<number, number>;
  make(): Step;
}

type Step = (event: RuntimeEvent, env: FieldEnvironment, alive: Bits) => boolean;

/** Plans the steps for these conditions, numbered in order. */
export function createPrefilter(parts: readonly Part[], compiler: Compiler): Prefilter {
  const words = Math.ceil(parts.length / 32);
  const all = new Int32Array(words);
  for (const rule of parts.keys()) setBit(all, rule);
  const steps = planSteps(
    [...gates(parts, compiler, words), ...lookUps(parts, compiler, words)],
    parts.length,
  );
  return (event, env, alive) => {
    copyBits(alive, all);
    for (const step of steps) if (!step(event, env, alive)) return false;
    return words > 0;
  };
}

/** Greedy: always the step that saves most for its cost, given what the steps before it leave. */
function planSteps(candidates: readonly Candidate[], rules: number): readonly Step[] {
  const left = new Set(candidates);
  const survival = Array.from({ length: rules }, () => 1);
  const steps: Step[] = [];
  while (steps.length < MAX_STEPS) {
    let best: Candidate | undefined;
    let bestGain = 1;
    for (const candidate of left) {
      let saved = 0;
      for (const [rule, chance] of candidate.chances)
        saved += (survival[rule] ?? 0) * (1 - chance) * RULE_COST;
      const gain = saved / candidate.cost;
      if (gain > bestGain) {
        best = candidate;
        bestGain = gain;
      }
    }
    if (best === undefined) break;
    for (const [rule, chance] of best.chances) survival[rule] = (survival[rule] ?? 0) * chance;
    steps.push(best.make());
    left.delete(best);
  }
  return steps;
}

/** Conjuncts that several rules share. */
function gates(parts: readonly Part[], compiler: Compiler, words: number): readonly Candidate[] {
  const memo = createNecessities();
  const users = new Map<Part, number[]>();
  for (const [rule, part] of parts.entries()) {
    for (const conjunct of conjunctsOf(part, memo)) {
      const rules = users.get(conjunct) ?? [];
      users.set(conjunct, rules);
      rules.push(rule);
    }
  }
  return [...users]
    .filter(([, rules]) => rules.length > 1)
    .map(([part, rules]) => {
      const chance = chanceOf(part);
      return {
        cost: 1 + costOf(part, compiler),
        chances: new Map(rules.map((rule) => [rule, chance])),
        make: () => gateStep(compilePart(part, compiler), without(rules, words)),
      };
    });
}

function gateStep(holds: Predicate, others: Bits): Step {
  return (event, env, alive) => holds(event, env) || keep(alive, others);
}

/** One look-up for each field on which some rules have tests. */
function lookUps(parts: readonly Part[], compiler: Compiler, words: number): readonly Candidate[] {
  const memo = createNecessities();
  const byField = new Map<string, { readonly rule: number; readonly guard: Guard }[]>();
  for (const [rule, part] of parts.entries()) {
    const guards: Guards = guardsOf(part, memo);
    for (const [field, guard] of guards) {
      const entries = byField.get(field) ?? [];
      byField.set(field, entries);
      entries.push({ rule, guard });
    }
  }
  const found: Candidate[] = [];
  for (const entries of byField.values()) {
    const [first] = entries;
    const extract = first === undefined ? undefined : extractorOf(first.guard.operand, compiler);
    if (first === undefined || extract === undefined) continue;
    const rules = entries.map(({ rule }) => rule);
    const isWalked = entries.some(({ guard }) => slowTests(guard) > 0);
    found.push({
      cost: LOOK_UP_COST + extract.cost + (isWalked ? WALK_COST : 0),
      chances: new Map(entries.map(({ rule, guard }) => [rule, chanceOfGuard(guard)])),
      make: () => {
        const tests = entries.map(({ rule, guard }) => ({ rule, tests: guard.tests }));
        return lookUpStep(extract.extract, createValueIndex(tests, words), without(rules, words));
      },
    });
  }
  return found;
}

function lookUpStep(extract: Extractor, index: ValueIndex, others: Bits): Step {
  const found = new Int32Array(others.length);
  return (event, env, alive) => {
    const value = extract(event, env);
    if (value === undefined) return keep(alive, others);
    copyBits(found, others);
    index(value, found, alive);
    return keep(alive, found);
  };
}

/** By hand: a call into the runtime costs more than a few words. */
function copyBits(target: Bits, bits: Bits): void {
  for (let word = 0; word < target.length; word += 1) target[word] = bits[word] ?? 0;
}

/** Every bit except those of `rules`. */
function without(rules: readonly number[], words: number): Bits {
  const named = new Int32Array(words);
  for (const rule of rules) setBit(named, rule);
  return named.map((word) => ~word);
}

/** Leaves in `alive` what `kept` has too; false when that is nothing. */
function keep(alive: Bits, kept: Bits): boolean {
  let any = 0;
  for (let word = 0; word < alive.length; word += 1) {
    const rest = (alive[word] ?? 0) & (kept[word] ?? 0);
    alive[word] = rest;
    any |= rest;
  }
  return any !== 0;
}
