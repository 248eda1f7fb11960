// What an operator is: the shape that every entry of the operator registry has.

import type { Scalar, ValueType } from '../fields/field.ts';
import type { OperatorName } from '../language/ast.ts';

export type Test = (value: Scalar) => boolean;
export type CompiledTest = { readonly test: Test } | { readonly problem: string };

export interface OperatorDefinition {
  readonly name: OperatorName;
  /** One sentence in English. */
  readonly doc: string;
  /** `none` for exists, one `value`, or a `list`. */
  readonly right: 'none' | 'value' | 'list';
  /** Field types that it applies to. */
  readonly types: readonly ValueType[];
  /** Makes the test for literals (one, unless `right` is `list`). */
  compile(type: ValueType, literals: readonly string[]): CompiledTest;
  /** Compares with another field's value; undefined where the language forbids it. */
  readonly compare?: (left: Scalar, right: Scalar) => boolean;
}

export const NUMBER_TYPES: readonly ValueType[] = [
  'int',
  'uint32',
  'uint64',
  'double',
  'port',
  'reltime',
  'abstime',
];
export const ALL_TYPES: readonly ValueType[] = ['string', 'bytes', 'bool', 'ip', 'net', ...NUMBER_TYPES];
