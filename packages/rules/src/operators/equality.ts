// =, ==, !=.

import type { Scalar, ValueType } from '../fields/field.ts';
import { cachedAddress, networkContains, parseNetwork } from './ip-address.ts';
import { ALL_TYPES, type CompiledTest, type OperatorDefinition } from './operator.ts';
import { parseValue } from './value-parser.ts';

/** Numbers of either kind by value, bytes by content, everything else by identity. */
export function sameValue(left: Scalar, right: Scalar): boolean {
  if (left === right) return true;
  if (typeof left === 'bigint' || typeof right === 'bigint') {
    return (typeof left === 'bigint' || typeof left === 'number') &&
      (typeof right === 'bigint' || typeof right === 'number')
      ? BigInt(left) === BigInt(right)
      : false;
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return left.length === right.length && left.every((byte, at) => byte === right[at]);
  }
  return false;
}

function compileEqual(type: ValueType, literals: readonly string[]): CompiledTest {
  const text = literals[0] ?? '';
  if (type === 'net') return compileNetwork(text);
  const parsed = parseValue(type, text);
  if ('problem' in parsed) return parsed;
  const expected = parsed.value;
  if (type === 'string' || type === 'bool' || type === 'ip') return { test: (value) => value === expected };
  return { test: (value) => sameValue(value, expected) };
}

function compileNetwork(text: string): CompiledTest {
  const network = parseNetwork(text);
  if (network === undefined) return { problem: `unrecognized IP address or network '${text}'` };
  return {
    test: (value) => {
      const address = typeof value === 'string' ? cachedAddress(value) : undefined;
      return address !== undefined && networkContains(network, address);
    },
  };
}

function equality(name: '=' | '=='): OperatorDefinition {
  return {
    name,
    doc: 'Equal; for networks: the address lies within.',
    right: 'value',
    types: ALL_TYPES,
    compile: compileEqual,
    compare: sameValue,
  };
}

export const EQUALITY_OPERATORS: readonly OperatorDefinition[] = [
  equality('='),
  equality('=='),
  {
    name: '!=',
    doc: 'Has a value, and it differs.',
    right: 'value',
    types: ALL_TYPES,
    compile: (type, literals) => {
      const equal = compileEqual(type, literals);
      return 'problem' in equal ? equal : { test: (value) => !equal.test(value) };
    },
    compare: (left, right) => !sameValue(left, right),
  },
];
