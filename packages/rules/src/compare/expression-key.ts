// Whether two conditions mean the same, whatever their order and the names of their lists and macros.
import { type Check, type Expression, operandText } from '../language/ast.ts';

/** Gives equal numbers to conditions that differ only in order, repetition, macro names or white space. */
export type KeyOf = (expression: Expression) => number;

/** Keys of one function can be compared with each other only. Shared trees are looked at once. */
export function createKeys(): KeyOf {
  const byText = new Map<string, number>();
  const byExpression = new Map<Expression, number>();
  const intern = (text: string): number => {
    const known = byText.get(text);
    if (known !== undefined) return known;
    byText.set(text, byText.size);
    return byText.size - 1;
  };
  const keyOf: KeyOf = (expression) => {
    const known = byExpression.get(expression);
    if (known !== undefined) return known;
    const key = compute(expression);
    byExpression.set(expression, key);
    return key;
  };
  const compute = (expression: Expression): number => {
    switch (expression.kind) {
      case 'macro':
        return keyOf(expression.body);
      case 'not':
        return intern(`not ${keyOf(expression.child)}`);
      case 'and':
      case 'or': {
        const flat = flatten(expression, expression.kind);
        const keys = [...new Set(flat.map(keyOf))].sort((left, right) => left - right);
        return keys.length === 1 ? (keys[0] ?? 0) : intern(`${expression.kind} ${keys.join(' ')}`);
      }
      case 'check':
        return intern(checkText(expression));
      case 'reference':
        return intern(`reference ${expression.name}`);
    }
  };
  return keyOf;
}

/** `a and (b and c)` is `a and b and c`, through macros too; at most one level of macro at a time to stay small. */
function flatten(expression: Expression, kind: 'and' | 'or'): readonly Expression[] {
  if (expression.kind !== kind) return [expression];
  return expression.children.flatMap((child) => {
    const inner = child.kind === 'macro' ? child.body : child;
    return inner.kind === kind ? inner.children : [child];
  });
}

function checkText({ left, operator, quantifier, right }: Check): string {
  const wanted =
    right.kind === 'list'
      ? [...new Set(right.items.map(({ text }) => text))].sort()
      : right.kind === 'value'
        ? [right.value.text]
        : right.kind === 'operand'
          ? { val: operandText(right.operand) }
          : [];
  return JSON.stringify([operandText(left), operator === '==' ? '=' : operator, quantifier ?? '', wanted]);
}
