// Turns specialised conditions into closures. Parts used more than once are evaluated once an event.
import { compileCheck, type Predicate } from './check.ts';
import { costOfCheck } from './cost.ts';
import type { Part } from './specialize.ts';

/** Grows by one for each event; what was computed for an older value is stale. */
export interface EventClock {
  now: number;
}

export interface Compiler {
  readonly clock: EventClock;
  readonly predicates: Map<Part, Predicate>;
  readonly costs: Map<Part, number>;
}

export function createCompiler(clock: EventClock): Compiler {
  return { clock, predicates: new Map(), costs: new Map() };
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

function compileBare(part: Exclude<Part, { kind: 'constant' }>, compiler: Compiler): Predicate {
  switch (part.kind) {
    case 'check': {
      const compiled = compileCheck(part.check);
      // The loader has compiled every check before; a rule with a broken one never gets here.
      return 'problem' in compiled ? never : compiled.holds;
    }
    case 'not': {
      const child = compilePart(part.child, compiler);
      return (event, env) => !child(event, env);
    }
    case 'and':
      return conjunction(inOrder(part.children, compiler));
    case 'or':
      return disjunction(inOrder(part.children, compiler));
  }
}

/** Cheap parts first: the order of evaluation cannot be observed. */
function inOrder(parts: readonly Part[], compiler: Compiler): readonly Predicate[] {
  return [...parts]
    .sort((left, right) => costOf(left, compiler) - costOf(right, compiler))
    .map((part) => compilePart(part, compiler));
}

function costOf(part: Part, compiler: Compiler): number {
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
