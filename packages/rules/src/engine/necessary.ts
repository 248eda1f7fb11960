// What must hold for a condition to hold: conjuncts that it cannot do without, and values that a field must have.
import { operandText } from '../language/ast.ts';
import { type Guard, guardOfCheck, slowTests } from './guard-tests.ts';
import type { Part } from './specialize.ts';

/** Guards by field as written. */
export type Guards = ReadonlyMap<string, Guard>;

const NO_GUARDS: Guards = new Map();
const NO_PARTS: ReadonlySet<Part> = new Set();

export interface Necessities {
  readonly guards: Map<Part, Guards>;
  readonly conjuncts: Map<Part, ReadonlySet<Part>>;
}

export function createNecessities(): Necessities {
  return { guards: new Map(), conjuncts: new Map() };
}

/** Parts that hold whenever `part` holds. */
export function conjunctsOf(part: Part, memo: Necessities): ReadonlySet<Part> {
  if (part.kind === 'constant') return NO_PARTS;
  const known = memo.conjuncts.get(part);
  if (known !== undefined) return known;
  let found: ReadonlySet<Part> = new Set([part]);
  if (part.kind === 'and') found = new Set(part.children.flatMap((child) => [...conjunctsOf(child, memo)]));
  if (part.kind === 'or') {
    const common = part.children
      .map((child) => conjunctsOf(child, memo))
      .reduce((left, right) => left.intersection(right));
    found = new Set([part, ...common]);
  }
  memo.conjuncts.set(part, found);
  return found;
}

/** For each field the tests of which one passes whenever `part` holds. */
export function guardsOf(part: Part, memo: Necessities): Guards {
  if (part.kind === 'constant' || part.kind === 'not') return NO_GUARDS;
  const known = memo.guards.get(part);
  if (known !== undefined) return known;
  const found =
    part.kind === 'check'
      ? ofGuard(guardOfCheck(part.check))
      : part.kind === 'and'
        ? strictest(part.children.map((child) => guardsOf(child, memo)))
        : united(part.children.map((child) => guardsOf(child, memo)));
  memo.guards.set(part, found);
  return found;
}

function ofGuard(guard: Guard | undefined): Guards {
  return guard === undefined ? NO_GUARDS : new Map([[operandText(guard.operand), guard]]);
}

/** Each child's guard is necessary: per field the cheapest one serves best. */
function strictest(all: readonly Guards[]): Guards {
  const found = new Map<string, Guard>();
  for (const guards of all) {
    for (const [field, guard] of guards) {
      const other = found.get(field);
      if (other === undefined || isCheaper(guard, other)) found.set(field, guard);
    }
  }
  return found;
}

function isCheaper(left: Guard, right: Guard): boolean {
  const more = slowTests(left) - slowTests(right);
  return more < 0 || (more === 0 && left.tests.length < right.tests.length);
}

/** One child holds: its guard does, so only fields that every child guards remain. */
function united(all: readonly Guards[]): Guards {
  const [first = NO_GUARDS, ...rest] = all;
  const found = new Map<string, Guard>();
  for (const [field, guard] of first) {
    const others = rest.map((guards) => guards.get(field));
    const present = others.filter((other) => other !== undefined);
    if (present.length < others.length) continue;
    found.set(field, {
      operand: guard.operand,
      tests: [...guard.tests, ...present.flatMap((other) => other.tests)],
    });
  }
  return found;
}
