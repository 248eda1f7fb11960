// <, <=, >, >=: numbers by size, texts by code unit.
import type { Scalar, ValueType } from '../fields/field.ts';
import { type CompiledTest, NUMBER_TYPES, type OperatorDefinition } from './operator.ts';
import { parseValue } from './value-parser.ts';

type Order = '<' | '<=' | '>' | '>=';

const COMPARISONS: Readonly<Record<Order, (left: Scalar, right: Scalar) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function ordering(name: Order, doc: string): OperatorDefinition {
  const compare = COMPARISONS[name];
  return {
    name,
    doc,
    right: 'value',
    types: ['string', ...NUMBER_TYPES],
    compile: (type: ValueType, literals: readonly string[]): CompiledTest => {
      const parsed = parseValue(type, literals[0] ?? '');
      if ('problem' in parsed) return parsed;
      const expected = parsed.value;
      return { test: (value) => compare(value, expected) };
    },
    compare,
  };
}

export const ORDERING_OPERATORS: readonly OperatorDefinition[] = [
  ordering('<=', 'Less or equal.'),
  ordering('<', 'Less.'),
  ordering('>=', 'Greater or equal.'),
  ordering('>', 'Greater.'),
];
