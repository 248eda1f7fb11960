// The values of the language. `int` is a bigint, `double` a number, so that the two never get mixed up.

/** An unsigned 64-bit integer. */
export class CelUint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** A point in time, ns since 1970, from year 1 to year 9999. */
export class CelTimestamp {
  readonly ns: bigint;

  constructor(ns: bigint) {
    this.ns = ns;
  }
}

export class CelDuration {
  readonly ns: bigint;

  constructor(ns: bigint) {
    this.ns = ns;
  }
}

/** A type as a value: what `type(x)` gives. */
export class CelTypeValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Text that is equal for keys that are equal; undefined for values that no map can have as key. */
export function keyText(key: CelValue): string | undefined {
  switch (typeof key) {
    case 'string':
      return `s${key}`;
    case 'bigint':
      return `n${key}`;
    case 'boolean':
      return key ? 'bt' : 'bf';
    case 'number':
      return Number.isInteger(key) ? `n${BigInt(key)}` : undefined;
    default:
      return key instanceof CelUint ? `n${key.value}` : undefined;
  }
}

/** Ordered; keys are string, int, uint or bool; numerically equal keys are one key. */
export interface CelEntries {
  readonly size: number;
  get(keyText: string): CelValue | undefined;
  entries(): Iterable<readonly [CelValue, CelValue]>;
}

export class CelMap {
  readonly #entries: CelEntries;

  constructor(entries: CelEntries) {
    this.#entries = entries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, undefined when there is none (a key that cannot be in a map is in no map). */
  get(key: CelValue): CelValue | undefined {
    const text = keyText(key);
    return text === undefined ? undefined : this.#entries.get(text);
  }

  keys(): CelValue[] {
    return Array.from(this.#entries.entries(), ([key]) => key);
  }

  entries(): Iterable<readonly [CelValue, CelValue]> {
    return this.#entries.entries();
  }
}

export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelTypeValue
  | CelMap
  | readonly CelValue[];

/** What `type(value)` is called: `int`, `google.protobuf.Timestamp` … */
export function typeNameOf(value: CelValue): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
  }
  if (value === null) return 'null_type';
  if (Array.isArray(value)) return 'list';
  if (value instanceof CelUint) return 'uint';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof CelTimestamp) return 'google.protobuf.Timestamp';
  if (value instanceof CelDuration) return 'google.protobuf.Duration';
  return value instanceof CelTypeValue ? 'type' : 'map';
}

export function isList(value: CelValue): value is readonly CelValue[] {
  return Array.isArray(value);
}

export function isMap(value: CelValue): value is CelMap {
  return value instanceof CelMap;
}
