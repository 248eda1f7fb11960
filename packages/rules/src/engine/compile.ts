// Turns specialised conditions into closures. Parts used more than once are evaluated once an event.
import type { Extractor } from '../fields/field.ts';
import { type Operand, operandText } from '../language/ast.ts';
import { chanceOf } from './chance.ts';
import { type CompiledCheck, compileCheck, type Predicate, type ShareExtractor } from './check.ts';
import { costOfCheck, costOfOperand } from './cost.ts';
import { groupChecks } from './group.ts';
import { bindOperand } from './operand.ts';
import type { Part } from './specialize.ts';

/** Grows by one for each event; what was computed for an older value is stale. */
export interface EventClock {
  now: number;
}

export interface Compiler {
  readonly clock: EventClock;
  readonly predicates: Map<Part, Predicate>;
  readonly costs: Map<Part, number>;
  readonly checks: Map<Part, CompiledCheck | undefined>;
  /** Extractors by operand, so that each costly field is computed once an event. */
  readonly extractors: Map<string, Extractor>;
}

export function createCompiler(clock: EventClock): Compiler {
  return { clock, predicates: new Map(), costs: new Map(), checks: new Map(), extractors: new Map() };
}

/** Checks that cost less than looking up a remembered result. */
const CHEAP = 2;

/** Counts how often each part is used; call for every rule before compiling any. */
export function countUses(part: Part): void {
  if (part.kind === 'constant') return;
  part.uses += 1;
  if (part.uses > 1) return;
  if (part.kind === 'not') countUses(part.child);
  else if (part.kind !== 'check') for (const child of part.children) countUses(child);
}

export function compilePart(part: Part, compiler: Compiler): Predicate {
  if (part.kind === 'constant') return part.value ? always : never;
  const known = compiler.predicates.get(part);
  if (known !== undefined) return known;
  const bare = compileBare(part, compiler);
  const shared = part.uses > 1 && costOf(part, compiler) > CHEAP;
  const predicate = shared ? remember(bare, compiler.clock) : bare;
  compiler.predicates.set(part, predicate);
  return predicate;
}

const always: Predicate = () => true;
const never: Predicate = () => false;

function remember(predicate: Predicate, clock: EventClock): Predicate {
  let at = -1;
  let result = false;
  return (event, env) => {
    if (at !== clock.now) {
      result = predicate(event, env);
      at = clock.now;
    }
    return result;
  };
}

function rememberValue(extract: Extractor, clock: EventClock): Extractor {
  let at = -1;
  let value: ReturnType<Extractor>;
  return (event, env) => {
    if (at !== clock.now) {
      value = extract(event, env);
      at = clock.now;
    }
    return value;
  };
}

/** Undefined for a check that cannot be compiled; the loader refuses rules with such checks. */
function compiledCheck(part: CheckPart, compiler: Compiler): CompiledCheck | undefined {
  if (compiler.checks.has(part)) return compiler.checks.get(part);
  const compiled = compileCheck(part.check, shareWithin(compiler, part.check.left));
  const usable = 'problem' in compiled ? undefined : compiled;
  compiler.checks.set(part, usable);
  return usable;
}

function shareWithin(compiler: Compiler, operand: Operand): ShareExtractor {
  const costly = costOfOperand(operand) > 1;
  return (text, extract) => {
    const known = compiler.extractors.get(text);
    if (known !== undefined) return known;
    const shared = costly ? rememberValue(extract, compiler.clock) : extract;
    compiler.extractors.set(text, shared);
    return shared;
  };
}

/** How the bucket's checks read the operand, and what reading it costs; undefined for one that cannot be bound. */
export function extractorOf(
  operand: Operand,
  compiler: Compiler,
): { readonly extract: Extractor; readonly cost: number } | undefined {
  const bound = bindOperand(operand, 'left');
  if ('problem' in bound) return undefined;
  const share = shareWithin(compiler, operand);
  return { extract: share(operandText(operand), bound.extract), cost: costOfOperand(operand) };
}

type CheckPart = Extract<Part, { kind: 'check' }>;

function compileBare(part: Exclude<Part, { kind: 'constant' }>, compiler: Compiler): Predicate {
  switch (part.kind) {
    case 'check':
      return compiledCheck(part, compiler)?.holds ?? never;
    case 'not': {
      const child = compilePart(part.child, compiler);
      return (event, env) => !child(event, env);
    }
    case 'and':
      return conjunction(inOrder(part.children, compiler));
    case 'or':
      return disjunction(alternatives(part.children, compiler));
  }
}

/** First what is cheap and rarely holds: the order of evaluation cannot be observed. */
function inOrder(parts: readonly Part[], compiler: Compiler): readonly Predicate[] {
  return [...parts]
    .map((part) => ({ part, rank: (1 + costOf(part, compiler)) / (1.02 - chanceOf(part)) }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ part }) => compilePart(part, compiler));
}

/** As `inOrder`, with checks on the same field drawn together so that the field is read once. */
function alternatives(parts: readonly Part[], compiler: Compiler): readonly Predicate[] {
  const byField = new Map<string, CheckPart[]>();
  const rest: Part[] = [];
  for (const part of parts) {
    if (part.kind !== 'check' || compiledCheck(part, compiler)?.test === undefined) {
      rest.push(part);
      continue;
    }
    const operand = operandText(part.check.left);
    const group = byField.get(operand) ?? [];
    byField.set(operand, group);
    group.push(part);
  }
  const found: { readonly cost: number; readonly predicate: Predicate }[] = [];
  for (const group of byField.values()) {
    const checks = group.map((part) => compiledCheck(part, compiler)).filter((check) => check !== undefined);
    const cost = group.reduce((sum, part) => sum + costOf(part, compiler), 0);
    found.push({
      cost,
      predicate: groupChecks(
        checks,
        group.map((part) => part.check),
      ),
    });
  }
  for (const part of rest)
    found.push({ cost: costOf(part, compiler), predicate: compilePart(part, compiler) });
  return found.sort((left, right) => left.cost - right.cost).map((one) => one.predicate);
}

/** In the units of `cost.ts`. */
export function costOf(part: Part, compiler: Compiler): number {
  const known = compiler.costs.get(part);
  if (known !== undefined) return known;
  let cost = 0;
  if (part.kind === 'check') cost = costOfCheck(part.check);
  else if (part.kind === 'not') cost = costOf(part.child, compiler);
  else if (part.kind !== 'constant') for (const child of part.children) cost += costOf(child, compiler);
  compiler.costs.set(part, cost);
  return cost;
}

function conjunction(parts: readonly Predicate[]): Predicate {
  const [first = always, second = always, third = always, fourth = always] = parts;
  switch (parts.length) {
    case 2:
      return (event, env) => first(event, env) && second(event, env);
    case 3:
      return (event, env) => first(event, env) && second(event, env) && third(event, env);
    case 4:
      return (event, env) =>
        first(event, env) && second(event, env) && third(event, env) && fourth(event, env);
    default:
      return (event, env) => {
        for (const part of parts) if (!part(event, env)) return false;
        return true;
      };
  }
}

function disjunction(parts: readonly Predicate[]): Predicate {
  const [first = never, second = never, third = never, fourth = never] = parts;
  switch (parts.length) {
    case 1:
      return first;
    case 2:
      return (event, env) => first(event, env) || second(event, env);
    case 3:
      return (event, env) => first(event, env) || second(event, env) || third(event, env);
    case 4:
      return (event, env) =>
        first(event, env) || second(event, env) || third(event, env) || fourth(event, env);
    default:
      return (event, env) => {
        for (const part of parts) if (part(event, env)) return true;
        return false;
      };
  }
}
