// What must hold for a condition to hold: conjuncts that it cannot do without, and values that a field must have.
import { type Check, operandText } from '../language/ast.ts';
import { type GuardTest, guardTests } from './guard-tests.ts';
import type { Part } from './specialize.ts';

/** The condition holds only if the field's value, or one of its values, passes one of the tests. */
export interface Guard {
  /** Some check on the field, to read it by. */
  readonly check: Check;
  readonly tests: readonly GuardTest[];
}

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
      ? ofCheck(part.check)
      : part.kind === 'and'
        ? strictest(part.children.map((child) => guardsOf(child, memo)))
        : united(part.children.map((child) => guardsOf(child, memo)));
  memo.guards.set(part, found);
  return found;
}

function ofCheck(check: Check): Guards {
  const tests = guardTests(check);
  return tests === undefined ? NO_GUARDS : new Map([[operandText(check.left), { check, tests }]]);
}

/** Each child's guard is necessary: per field the shortest one serves best. */
function strictest(all: readonly Guards[]): Guards {
  const found = new Map<string, Guard>();
  for (const guards of all) {
    for (const [field, guard] of guards) {
      const other = found.get(field);
      if (other === undefined || guard.tests.length < other.tests.length) found.set(field, guard);
    }
  }
  return found;
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
      check: guard.check,
      tests: [...guard.tests, ...present.flatMap((other) => other.tests)],
    });
  }
  return found;
}
