// Operators: arithmetic, order, negation, indexing and membership. `==`, `!=`, `&&`, `||`, `?:` are the evaluator's.
import { compare, equal } from '../compare.ts';
import { fail } from '../failure.ts';
import { checkedInt, checkedUint } from '../integers.ts';
import { allowSize, allowText, charge, type Meter } from '../limits.ts';
import { type CelFunction, type CelLibrary, type CelOverload, global } from '../overload.ts';
import { addDuration, checkedDuration, timestampDifference } from '../time.ts';
import type { CelTypeName } from '../types.ts';
import type { CelMap, CelValue } from '../values.ts';

function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const ADD: readonly CelOverload[] = [
  global(['int', 'int'], 'int', ([a, b]) => checkedInt(a + b)),
  global(['uint', 'uint'], 'uint', ([a, b]) => checkedUint(a.value + b.value)),
  global(['double', 'double'], 'double', ([a, b]) => a + b),
  global(['string', 'string'], 'string', ([a, b], meter) => {
    allowText(meter, a.length + b.length);
    return a + b;
  }),
  global(['bytes', 'bytes'], 'bytes', ([a, b], meter) => {
    allowText(meter, a.length + b.length);
    return concatBytes(a, b);
  }),
  global(['list', 'list'], 'list', ([a, b], meter) => {
    allowSize(meter, a.length + b.length);
    return [...a, ...b];
  }),
  global(['timestamp', 'duration'], 'timestamp', ([a, b]) => addDuration(a, b.ns)),
  global(['duration', 'timestamp'], 'timestamp', ([a, b]) => addDuration(b, a.ns)),
  global(['duration', 'duration'], 'duration', ([a, b]) => checkedDuration(a.ns + b.ns)),
];

const SUBTRACT: readonly CelOverload[] = [
  global(['int', 'int'], 'int', ([a, b]) => checkedInt(a - b)),
  global(['uint', 'uint'], 'uint', ([a, b]) => checkedUint(a.value - b.value)),
  global(['double', 'double'], 'double', ([a, b]) => a - b),
  global(['timestamp', 'timestamp'], 'duration', ([a, b]) => timestampDifference(a, b)),
  global(['timestamp', 'duration'], 'timestamp', ([a, b]) => addDuration(a, -b.ns)),
  global(['duration', 'duration'], 'duration', ([a, b]) => checkedDuration(a.ns - b.ns)),
];

function nonZero(divisor: bigint, what: string): bigint {
  if (divisor === 0n) throw fail(what);
  return divisor;
}

const ORDERED: readonly (readonly [CelTypeName, CelTypeName])[] = [
  ...(['int', 'uint', 'double'] as const).flatMap((a) =>
    (['int', 'uint', 'double'] as const).map((b) => [a, b] as const),
  ),
  ['string', 'string'],
  ['bool', 'bool'],
  ['bytes', 'bytes'],
  ['timestamp', 'timestamp'],
  ['duration', 'duration'],
];

function relation(name: string, holds: (order: number) => boolean): CelFunction {
  return {
    name,
    overloads: ORDERED.map((params) =>
      global<readonly CelTypeName[]>(params, 'bool', ([a, b], meter) =>
        holds(compare(a ?? null, b ?? null, meter)),
      ),
    ),
  };
}

function listItem(list: readonly CelValue[], index: bigint | number): CelValue {
  const item = list[Number(index)];
  if (index < 0 || item === undefined) throw fail(`index ${index} out of range for a list of ${list.length}`);
  return item;
}

function mapItem(map: CelMap, key: CelValue): CelValue {
  const value = map.get(key);
  if (value === undefined) throw fail(`no such key: ${typeof key === 'string' ? key : 'value'}`);
  return value;
}

function wholeIndex(index: number): number {
  if (!Number.isInteger(index)) throw fail('list index is not a whole number');
  return index;
}

function contains(list: readonly CelValue[], wanted: CelValue, meter: Meter): boolean {
  return list.some((item) => equal(wanted, item, meter));
}

const FUNCTIONS: readonly CelFunction[] = [
  { name: '_+_', overloads: ADD },
  { name: '_-_', overloads: SUBTRACT },
  {
    name: '_*_',
    overloads: [
      global(['int', 'int'], 'int', ([a, b]) => checkedInt(a * b)),
      global(['uint', 'uint'], 'uint', ([a, b]) => checkedUint(a.value * b.value)),
      global(['double', 'double'], 'double', ([a, b]) => a * b),
    ],
  },
  {
    name: '_/_',
    overloads: [
      global(['int', 'int'], 'int', ([a, b]) => checkedInt(a / nonZero(b, 'division by zero'))),
      global(['uint', 'uint'], 'uint', ([a, b]) =>
        checkedUint(a.value / nonZero(b.value, 'division by zero')),
      ),
      global(['double', 'double'], 'double', ([a, b]) => a / b),
    ],
  },
  {
    name: '_%_',
    overloads: [
      global(['int', 'int'], 'int', ([a, b]) => {
        checkedInt(a / nonZero(b, 'modulus by zero'));
        return a % b;
      }),
      global(['uint', 'uint'], 'uint', ([a, b]) =>
        checkedUint(a.value % nonZero(b.value, 'modulus by zero')),
      ),
    ],
  },
  {
    name: '-_',
    overloads: [
      global(['int'], 'int', ([a]) => checkedInt(-a)),
      global(['double'], 'double', ([a]) => -a),
      global(['duration'], 'duration', ([a]) => checkedDuration(-a.ns)),
    ],
  },
  { name: '!_', overloads: [global(['bool'], 'bool', ([a]) => !a)] },
  relation('_<_', (order) => order < 0),
  relation('_<=_', (order) => order <= 0),
  relation('_>_', (order) => order > 0),
  relation('_>=_', (order) => order >= 0),
  {
    name: '_[_]',
    overloads: [
      global(['list', 'int'], 'dyn', ([list, index]) => listItem(list, index)),
      global(['list', 'uint'], 'dyn', ([list, index]) => listItem(list, index.value)),
      global(['list', 'double'], 'dyn', ([list, index]) => listItem(list, wholeIndex(index))),
      global(['map', 'dyn'], 'dyn', ([map, key]) => mapItem(map, key)),
    ],
  },
  {
    name: '@in',
    overloads: [
      global(['dyn', 'list'], 'bool', ([wanted, list], meter) => contains(list, wanted, meter)),
      global(['dyn', 'map'], 'bool', ([key, map], meter) => {
        charge(meter, 1);
        return map.get(key) !== undefined;
      }),
    ],
  },
];

export const OPERATORS: CelLibrary = { name: 'operators', functions: FUNCTIONS };
