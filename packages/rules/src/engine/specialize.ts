// Rewrites conditions for one event type: checks on evt.type become constants and fall away; equal parts are shared.
import { type Check, type Expression, operandText } from '../language/ast.ts';
import { constantOfNumber, typeNames } from './event-types.ts';

/** A part of one or more conditions. Equal parts are the same object. */
export type Part =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'check'; readonly check: Check; uses: number }
  | { readonly kind: 'not'; readonly child: Part; uses: number }
  | { readonly kind: 'and' | 'or'; readonly children: readonly Part[]; uses: number };

const TRUE: Part = { kind: 'constant', value: true };
const FALSE: Part = { kind: 'constant', value: false };

export interface Specializer {
  readonly type: string;
  readonly byKey: Map<string, Part>;
  readonly ids: Map<Part, number>;
  readonly byExpression: Map<Expression, Part>;
}

export function createSpecializer(type: string): Specializer {
  return { type, byKey: new Map(), ids: new Map(), byExpression: new Map() };
}

/** The condition as it reads for events of this type. */
export function specialize(expression: Expression, to: Specializer): Part {
  const known = to.byExpression.get(expression);
  if (known !== undefined) return known;
  const part = compute(expression, to);
  to.byExpression.set(expression, part);
  return part;
}

function compute(expression: Expression, to: Specializer): Part {
  switch (expression.kind) {
    case 'macro':
      return specialize(expression.body, to);
    case 'not': {
      const child = specialize(expression.child, to);
      if (child.kind === 'constant') return child.value ? FALSE : TRUE;
      if (child.kind === 'not') return child.child;
      return intern(to, `!${idOf(to, child)}`, () => ({ kind: 'not', child, uses: 0 }));
    }
    case 'and':
    case 'or':
      return combine(
        expression.kind,
        expression.children.map((child) => specialize(child, to)),
        to,
      );
    case 'check':
      return specializeCheck(expression, to);
    case 'reference':
      return FALSE;
  }
}

function combine(kind: 'and' | 'or', parts: readonly Part[], to: Specializer): Part {
  const absorbing = kind === 'or';
  const children: Part[] = [];
  for (const part of parts) {
    if (part.kind === 'constant') {
      if (part.value === absorbing) return part;
    } else if (part.kind === kind) {
      children.push(...part.children);
    } else {
      children.push(part);
    }
  }
  const unique = [...new Set(children)];
  const [only] = unique;
  if (only === undefined) return absorbing ? FALSE : TRUE;
  if (unique.length === 1) return only;
  const key = `${kind} ${unique.map((child) => idOf(to, child)).join(' ')}`;
  return intern(to, key, () => ({ kind, children: unique, uses: 0 }));
}

function specializeCheck(check: Check, to: Specializer): Part {
  if (check.left.kind === 'field' && check.left.name === 'evt.type') {
    const names = typeNames(check);
    if (names !== undefined) return names.has(to.type) === (check.operator !== '!=') ? TRUE : FALSE;
  }
  if (check.left.kind === 'field' && check.left.name === 'evt.num') {
    const constant = constantOfNumber(check);
    if (constant !== undefined) return constant ? TRUE : FALSE;
  }
  return intern(to, checkKey(check), () => ({ kind: 'check', check, uses: 0 }));
}

/** Equal for checks that always have the same result. */
function checkKey(check: Check): string {
  const right =
    check.right.kind === 'operand'
      ? ['val', operandText(check.right.operand)]
      : check.right.kind === 'value'
        ? [check.right.value.text]
        : check.right.kind === 'list'
          ? check.right.items.map((item) => item.text)
          : [];
  return JSON.stringify([
    operandText(check.left),
    check.operator,
    check.quantifier ?? '',
    check.right.kind,
    ...right,
  ]);
}

function intern(to: Specializer, key: string, make: () => Part): Part {
  const known = to.byKey.get(key);
  if (known !== undefined) return known;
  const made = make();
  to.byKey.set(key, made);
  return made;
}

function idOf(to: Specializer, part: Part): number {
  const known = to.ids.get(part);
  if (known !== undefined) return known;
  const id = to.ids.size;
  to.ids.set(part, id);
  return id;
}
