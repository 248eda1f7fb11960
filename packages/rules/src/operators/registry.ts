// The one table of all operators.
import type { OperatorName } from '../language/ast.ts';
import { EQUALITY_OPERATORS } from './equality.ts';
import { MEMBERSHIP_OPERATORS } from './membership.ts';
import { ALL_TYPES, type OperatorDefinition } from './operator.ts';
import { ORDERING_OPERATORS } from './ordering.ts';
import { PATH_PREFIX_OPERATOR } from './path-prefix.ts';
import { PATTERN_OPERATORS } from './pattern.ts';
import { SUBSTRING_OPERATORS } from './substring.ts';

export const OPERATORS: readonly OperatorDefinition[] = [
  {
    name: 'exists',
    doc: 'The field has a value, an empty text too.',
    right: 'none',
    types: ALL_TYPES,
    compile: () => ({ test: () => true }),
  },
  ...ORDERING_OPERATORS,
  ...EQUALITY_OPERATORS,
  ...PATTERN_OPERATORS,
  ...SUBSTRING_OPERATORS,
  ...MEMBERSHIP_OPERATORS,
  PATH_PREFIX_OPERATOR,
];

const BY_NAME: ReadonlyMap<string, OperatorDefinition> = new Map(
  OPERATORS.map((operator) => [operator.name, operator]),
);

/** Undefined for names that are no operator. */
export function findOperator(name: OperatorName | string): OperatorDefinition | undefined {
  return BY_NAME.get(name);
}
