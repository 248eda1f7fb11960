// Which event types a condition can match at all: sets of names, or everything but a set of names.

import { EVENT_TYPES } from '../events/event-table.ts';
import type { Check, Expression } from '../language/ast.ts';

/** `except: false` means exactly these names, `except: true` all others. */
export interface TypeSet {
  readonly except: boolean;
  readonly names: ReadonlySet<string>;
}

const ALL: TypeSet = { except: true, names: new Set() };
const NONE: TypeSet = { except: false, names: new Set() };

/** `and` intersects, `or` unites, `not` complements; checks on other fields allow every type. */
export function eventTypesOf(expression: Expression): TypeSet {
  return visit(expression, false, new Map());
}

/** The type of all events of other sources than `syscall`. */
const PLUGIN_EVENT = 'pluginevent';

/** The set as names out of the event table, of those that the source has. */
export function namesIn(types: TypeSet, source = 'syscall'): ReadonlySet<string> {
  if (source !== 'syscall') return new Set(includesType(types, PLUGIN_EVENT) ? [PLUGIN_EVENT] : []);
  return types.except ? EVENT_TYPES.difference(types.names) : types.names;
}

export function includesType(types: TypeSet, type: string): boolean {
  return types.names.has(type) !== types.except;
}

type Memo = Map<Expression, readonly [TypeSet | undefined, TypeSet | undefined]>;

/** `negated` pushes the negation inwards, so that neutral checks stay neutral under it. */
function visit(expression: Expression, negated: boolean, memo: Memo): TypeSet {
  const known = memo.get(expression);
  const found = known?.[negated ? 1 : 0];
  if (found !== undefined) return found;
  const result = compute(expression, negated, memo);
  memo.set(expression, negated ? [known?.[0], result] : [result, known?.[1]]);
  return result;
}

function compute(expression: Expression, negated: boolean, memo: Memo): TypeSet {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const sets = expression.children.map((child) => visit(child, negated, memo));
      const intersects = (expression.kind === 'and') !== negated;
      return intersects ? sets.reduce(intersection, ALL) : sets.reduce(union, NONE);
    }
    case 'not':
      return visit(expression.child, !negated, memo);
    case 'macro':
      return visit(expression.body, negated, memo);
    case 'check':
      return ofCheck(expression, negated);
    case 'reference':
      return ALL;
  }
}

function ofCheck(check: Check, negated: boolean): TypeSet {
  if (check.left.kind !== 'field') return ALL;
  if (check.left.name === 'evt.num') {
    const constant = constantOfNumber(check);
    if (constant === undefined) return ALL;
    return constant === negated ? NONE : ALL;
  }
  if (check.left.name !== 'evt.type' || check.left.argument !== undefined) return ALL;
  const names = typeNames(check);
  if (names === undefined) return ALL;
  return { except: (check.operator === '!=') !== negated, names };
}

/** Names that a check on evt.type compares with; undefined for operators that the index does not read. */
export function typeNames(check: Check): ReadonlySet<string> | undefined {
  if (check.quantifier !== undefined) return undefined;
  if (check.operator === 'in' && check.right.kind === 'list')
    return new Set(check.right.items.map((item) => item.text));
  if (check.right.kind !== 'value') return undefined;
  if (check.operator !== '=' && check.operator !== '==' && check.operator !== '!=') return undefined;
  return new Set([check.right.value.text]);
}

/** evt.num is at least 1: whether the check is always true or always false for that reason. */
export function constantOfNumber(check: Check): boolean | undefined {
  if (check.operator === 'exists') return true;
  if (check.right.kind !== 'value' || check.quantifier !== undefined) return undefined;
  const number = Number(check.right.value.text);
  // Negative literals of unsigned fields wrap around to the largest numbers.
  if (!Number.isFinite(number) || number < 0) return undefined;
  switch (check.operator) {
    case '=':
    case '==':
      return number < 1 ? false : undefined;
    case '!=':
      return number < 1 ? true : undefined;
    case '>':
      return number < 1 ? true : undefined;
    case '>=':
      return number <= 1 ? true : undefined;
    case '<':
      return number <= 1 ? false : undefined;
    case '<=':
      return number < 1 ? false : undefined;
    default:
      return undefined;
  }
}

function intersection(left: TypeSet, right: TypeSet): TypeSet {
  if (left.except && right.except) return { except: true, names: left.names.union(right.names) };
  if (left.except) return { except: false, names: right.names.difference(left.names) };
  if (right.except) return { except: false, names: left.names.difference(right.names) };
  return { except: false, names: left.names.intersection(right.names) };
}

function union(left: TypeSet, right: TypeSet): TypeSet {
  const flip = (set: TypeSet): TypeSet => ({ except: !set.except, names: set.names });
  return flip(intersection(flip(left), flip(right)));
}
