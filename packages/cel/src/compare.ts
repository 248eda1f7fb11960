// Equality and order of values. Numbers compare by value across int, uint and double.
import { compareText } from './code-points.ts';
import { fail } from './failure.ts';
import { charge, type Meter } from './limits.ts';
import {
  CelDuration,
  type CelMap,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  isList,
  isMap,
} from './values.ts';

function numeric(value: CelValue): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof CelUint ? value.value : undefined;
}

/** A double and an integer compare as doubles, as the specification's conformance tests have it. */
function compareNumbers(a: bigint | number, b: bigint | number): number {
  const mixed = typeof a !== typeof b;
  const left = mixed ? Number(a) : a;
  const right = mixed ? Number(b) : b;
  if (left < right) return -1;
  if (left > right) return 1;
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0;
}

function compareBytes(a: Uint8Array, b: Uint8Array, meter: Meter): number {
  const length = Math.min(a.length, b.length);
  charge(meter, Math.ceil(length / 10));
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function listsEqual(a: readonly CelValue[], b: readonly CelValue[], meter: Meter): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!equal(a[i] ?? null, b[i] ?? null, meter)) return false;
  return true;
}

function mapsEqual(a: CelMap, b: CelMap, meter: Meter): boolean {
  charge(meter, a.size);
  if (a.size !== b.size) return false;
  for (const [key, value] of a.entries()) {
    const other = b.get(key);
    if (other === undefined || !equal(value, other, meter)) return false;
  }
  return true;
}

/** `==`: false for values of different types, never an error. */
export function equal(a: CelValue, b: CelValue, meter: Meter): boolean {
  charge(meter, 1);
  if (typeof a === 'string') {
    if (typeof b !== 'string' || a.length !== b.length) return false;
    charge(meter, Math.ceil(a.length / 10));
    return a === b;
  }
  if (a === null || typeof a === 'boolean') return a === b;
  const left = numeric(a);
  if (left !== undefined) {
    const right = numeric(b);
    return right !== undefined && compareNumbers(left, right) === 0;
  }
  if (isList(a)) return isList(b) && listsEqual(a, b, meter);
  if (isMap(a)) return isMap(b) && mapsEqual(a, b, meter);
  if (a instanceof Uint8Array) {
    return b instanceof Uint8Array && a.length === b.length && compareBytes(a, b, meter) === 0;
  }
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.ns === b.ns;
  if (a instanceof CelDuration) return b instanceof CelDuration && a.ns === b.ns;
  return a instanceof CelTypeValue && b instanceof CelTypeValue && a.name === b.name;
}

/**
 * Order of two values: negative, 0, positive, or NaN when a NaN is involved.
 * @throws CelFailure when the types have no order.
 */
export function compare(a: CelValue, b: CelValue, meter: Meter): number {
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined && right !== undefined) {
    return compareNumbers(left, right);
  }
  if (typeof a === 'string' && typeof b === 'string') {
    charge(meter, Math.ceil(Math.min(a.length, b.length) / 10));
    return compareText(a, b);
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b, meter);
  const bothTimes = a instanceof CelTimestamp && b instanceof CelTimestamp;
  const bothDurations = a instanceof CelDuration && b instanceof CelDuration;
  if (bothTimes || bothDurations) return a.ns < b.ns ? -1 : Number(a.ns > b.ns);
  throw fail('values of these types have no order');
}
