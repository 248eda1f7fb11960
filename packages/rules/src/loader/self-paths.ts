// Conditions that name `/proc/self/…`: the path as it was given. fd.name is what the kernel resolved such a path to, the
// file behind the link, and never begins like that; so who writes these paths can only mean the text of the call.
import type { Check, Expression, RightSide } from '../language/ast.ts';

const AS_GIVEN = /^\/proc\/(?:self|thread-self)\//;
const OPERATORS: ReadonlySet<string> = new Set(['=', '==', 'in', 'startswith', 'glob', 'pmatch']);

/** Adds a check on fd.nameraw beside each check that compares fd.name with paths below `/proc/self`. */
export function withPathsAsGiven(expression: Expression): Expression {
  return rewritten(expression, new Map());
}

/** Trees are shared between uses, and stay shared; what has nothing to change is returned as it is. */
function rewritten(expression: Expression, done: Map<Expression, Expression>): Expression {
  const known = done.get(expression);
  if (known !== undefined) return known;
  const result = compute(expression, done);
  done.set(expression, result);
  return result;
}

function compute(expression: Expression, done: Map<Expression, Expression>): Expression {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const children = expression.children.map((child) => rewritten(child, done));
      const isSame = children.every((child, index) => child === expression.children[index]);
      return isSame ? expression : { kind: expression.kind, children };
    }
    case 'not': {
      const child = rewritten(expression.child, done);
      return child === expression.child ? expression : { kind: 'not', child };
    }
    case 'macro': {
      const body = rewritten(expression.body, done);
      return body === expression.body ? expression : { ...expression, body };
    }
    case 'check': {
      const asGiven = onGivenText(expression);
      return asGiven === undefined ? expression : { kind: 'or', children: [expression, asGiven] };
    }
    case 'reference':
      return expression;
  }
}

function onGivenText(check: Check): Check | undefined {
  const { left, operator, quantifier } = check;
  if (left.kind !== 'field' || left.name !== 'fd.name' || quantifier !== undefined) return undefined;
  if (!OPERATORS.has(operator)) return undefined;
  const right = selfPathsOf(check.right);
  return right === undefined ? undefined : { ...check, left: { ...left, name: 'fd.nameraw' }, right };
}

function selfPathsOf(right: RightSide): RightSide | undefined {
  if (right.kind === 'value') return AS_GIVEN.test(right.value.text) ? right : undefined;
  if (right.kind !== 'list') return undefined;
  const items = right.items.filter(({ text }) => AS_GIVEN.test(text));
  return items.length === 0 ? undefined : { kind: 'list', items };
}
