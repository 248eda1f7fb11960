// in, intersects: one of a set. How lists of values are treated is decided where the check is compiled.
import type { Scalar, ValueType } from '../fields/field.ts';
import { sameValue } from './equality.ts';
import { cachedAddress, type Network, networkContains, parseNetwork } from './ip-address.ts';
import type { CompiledTest, OperatorDefinition } from './operator.ts';
import { ALL_TYPES } from './operator.ts';
import { narrow, parseValue } from './value-parser.ts';

function compileSet(type: ValueType, literals: readonly string[]): CompiledTest {
  if (type === 'net') return compileNetworks(literals);
  const set = new Set<Scalar>();
  for (const literal of literals) {
    const parsed = parseValue(type, literal);
    if ('problem' in parsed) return parsed;
    set.add(parsed.value);
  }
  if (type === 'string' || type === 'ip' || type === 'bool') return { test: (value) => set.has(value) };
  return { test: (value) => set.has(typeof value === 'bigint' ? narrow(value) : value) };
}

function compileNetworks(literals: readonly string[]): CompiledTest {
  const networks: Network[] = [];
  for (const literal of literals) {
    const network = parseNetwork(literal);
    if (network === undefined) return { problem: `unrecognized IP address or network '${literal}'` };
    networks.push(network);
  }
  return {
    test: (value) => {
      const address = typeof value === 'string' ? cachedAddress(value) : undefined;
      return address !== undefined && networks.some((network) => networkContains(network, address));
    },
  };
}

const SET_TYPES: readonly ValueType[] = ALL_TYPES.filter((type) => type !== 'bytes');

export const MEMBERSHIP_OPERATORS: readonly OperatorDefinition[] = [
  {
    name: 'intersects',
    doc: 'At least one of the values is in the list.',
    right: 'list',
    types: SET_TYPES,
    compile: compileSet,
    compare: sameValue,
  },
  {
    name: 'in',
    doc: 'The value, and for list fields each value, is in the list.',
    right: 'list',
    types: SET_TYPES,
    compile: compileSet,
    compare: sameValue,
  },
];
