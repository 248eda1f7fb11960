// Checks that can be looked up: equal to a value, or beginning or ending with a text. Never narrower than the check.
import type { BoundField, Scalar } from '../fields/field.ts';
import type { Check } from '../language/ast.ts';
import { literalPart } from '../operators/path-prefix.ts';
import { parseValue } from '../operators/value-parser.ts';
import { bindOperand } from './operand.ts';

export type GuardTest =
  | { readonly kind: 'equal'; readonly value: Scalar }
  | { readonly kind: 'prefix' | 'suffix' | 'path'; readonly text: string };

/** Tests of which one passes whenever the check holds; undefined when the check allows no such statement. */
export function guardTests(check: Check): readonly GuardTest[] | undefined {
  const bound = bindOperand(check.left, 'left');
  if ('problem' in bound || !canGuard(bound)) return undefined;
  const literals =
    check.right.kind === 'value'
      ? [check.right.value.text]
      : check.right.kind === 'list'
        ? check.right.items.map((item) => item.text)
        : [];
  if (literals.length === 0) return undefined;
  const tests: GuardTest[] = [];
  for (const literal of literals) {
    const test = testFor(check, bound, literal);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  return tests;
}

/** A list that has no items passes `in`; a truth value has too few values to be worth looking up. */
function canGuard(field: BoundField): boolean {
  if (field.multiplicity === 'list' || field.multiplicity === 'either') return false;
  return field.type !== 'bool' && field.type !== 'bytes' && field.type !== 'net' && field.type !== 'double';
}

function testFor(check: Check, field: BoundField, literal: string): GuardTest | undefined {
  switch (check.operator) {
    case '=':
    case '==':
    case 'in':
    case 'intersects': {
      const parsed = parseValue(field.type, literal);
      return 'problem' in parsed ? undefined : { kind: 'equal', value: parsed.value };
    }
    case 'startswith':
      return textTest('prefix', literal);
    case 'endswith':
      return textTest('suffix', literal);
    case 'glob':
      return globTest(literal);
    case 'pmatch': {
      const path = literalPart(literal);
      return path === '/' ? undefined : { kind: 'path', text: path };
    }
    default:
      return undefined;
  }
}

function textTest(kind: 'prefix' | 'suffix', text: string): GuardTest | undefined {
  return text === '' ? undefined : { kind, text };
}

function globTest(pattern: string): GuardTest | undefined {
  const start = pattern.search(/[*?[\\]/);
  return start < 0 ? { kind: 'equal', value: pattern } : textTest('prefix', pattern.slice(0, start));
}
