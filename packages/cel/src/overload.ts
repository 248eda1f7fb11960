// Functions and operators as data: the table that checker and evaluator read, and that libraries add to.
import type { Meter } from './limits.ts';
import type { CelType, CelTypeName } from './types.ts';
import {
  type CelDuration,
  type CelMap,
  type CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  CelDuration as Duration,
  isList,
  isMap,
  CelTimestamp as Timestamp,
} from './values.ts';

/** The JavaScript type behind each type name. */
export interface ValueOf {
  readonly dyn: CelValue;
  readonly bool: boolean;
  readonly int: bigint;
  readonly uint: CelUint;
  readonly double: number;
  readonly string: string;
  readonly bytes: Uint8Array;
  readonly null: null;
  readonly list: readonly CelValue[];
  readonly map: CelMap;
  readonly timestamp: CelTimestamp;
  readonly duration: CelDuration;
  readonly type: CelTypeValue;
}

export interface CelOverload {
  /** `target.name(…)`: the first parameter is the target. Otherwise `name(…)`. */
  readonly method: boolean;
  readonly params: readonly CelTypeName[];
  readonly result: CelType;
  /** Charges the meter for work in proportion to its input. @throws CelFailure, CelLimitExceeded. */
  readonly call: (args: readonly CelValue[], meter: Meter) => CelValue;
}

export interface CelFunction {
  readonly name: string;
  readonly overloads: readonly CelOverload[];
}

/** A named set of functions that `compile` can be given. */
export interface CelLibrary {
  readonly name: string;
  readonly functions: readonly CelFunction[];
}

type Values<Params extends readonly CelTypeName[]> = { [Index in keyof Params]: ValueOf[Params[Index]] };

function overload<const Params extends readonly CelTypeName[]>(
  method: boolean,
  params: Params,
  result: CelType,
  call: (args: Values<Params>, meter: Meter) => CelValue,
): CelOverload {
  // The evaluator calls an overload only with values that `accepts` its parameters.
  return { method, params, result, call: call as unknown as CelOverload['call'] };
}

/** `name(a, b)` or an operator. */
export function global<const Params extends readonly CelTypeName[]>(
  params: Params,
  result: CelType,
  call: (args: Values<Params>, meter: Meter) => CelValue,
): CelOverload {
  return overload(false, params, result, call);
}

/** `a.name(b)`: `a` is the first parameter. */
export function method<const Params extends readonly CelTypeName[]>(
  params: Params,
  result: CelType,
  call: (args: Values<Params>, meter: Meter) => CelValue,
): CelOverload {
  return overload(true, params, result, call);
}

/** Whether a value may be passed for a parameter. */
export function accepts(param: CelTypeName, value: CelValue): boolean {
  switch (param) {
    case 'dyn':
      return true;
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return typeof value === 'bigint';
    case 'double':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'null':
      return value === null;
    case 'uint':
      return value instanceof CelUint;
    case 'bytes':
      return value instanceof Uint8Array;
    case 'list':
      return isList(value);
    case 'map':
      return isMap(value);
    case 'timestamp':
      return value instanceof Timestamp;
    case 'duration':
      return value instanceof Duration;
    case 'type':
      return value instanceof CelTypeValue;
  }
}
