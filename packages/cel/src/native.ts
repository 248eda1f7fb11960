// Between JavaScript values and values of the language. Objects are wrapped, not copied: only what an expression
// looks at is converted.
import { fail } from './failure.ts';
import {
  CelDuration,
  type CelEntries,
  CelMap,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  keyText,
} from './values.ts';

const MAX_NESTING = 64;

function fromObject(source: Readonly<Record<string, unknown>>): CelEntries {
  return {
    get size() {
      return Object.keys(source).length;
    },
    get: (key) => {
      const name = key.slice(1);
      if (!key.startsWith('s') || !Object.hasOwn(source, name)) return undefined;
      const value = source[name];
      return value === undefined ? undefined : fromNative(value);
    },
    *entries() {
      for (const name of Object.keys(source)) {
        if (source[name] !== undefined) yield [name, fromNative(source[name])];
      }
    },
  };
}

function convert(value: unknown, nesting: number): CelValue {
  if (nesting > MAX_NESTING) throw fail('value nested too deeply');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? value : new CelUint(BigInt.asUintN(64, value));
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case 'undefined':
      return null;
    case 'object':
      break;
    default:
      throw fail(`a ${typeof value} is not a value`);
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item) => convert(item, nesting + 1));
  if (
    value instanceof Uint8Array ||
    value instanceof CelUint ||
    value instanceof CelTimestamp ||
    value instanceof CelDuration ||
    value instanceof CelTypeValue ||
    value instanceof CelMap
  ) {
    return value;
  }
  if (value instanceof Date) return new CelTimestamp(BigInt(value.getTime()) * 1_000_000n);
  if (value instanceof Map) {
    const entries = new Map<string, readonly [CelValue, CelValue]>();
    for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
      const celKey = convert(key, nesting + 1);
      const text = keyText(celKey);
      if (text !== undefined) entries.set(text, [celKey, convert(item, nesting + 1)]);
    }
    return mapFrom(entries);
  }
  return new CelMap(fromObject(value as Readonly<Record<string, unknown>>));
}

function mapFrom(entries: ReadonlyMap<string, readonly [CelValue, CelValue]>): CelMap {
  return new CelMap({
    size: entries.size,
    get: (key) => entries.get(key)?.[1],
    entries: () => entries.values(),
  });
}

/**
 * A JavaScript value as a value of the language: safe integers become `int`, other numbers `double`, objects maps,
 * `Date`s timestamps, `undefined` null.
 * @throws CelFailure for functions, symbols, and arrays nested too deeply.
 */
export function fromNative(value: unknown): CelValue {
  return convert(value, 0);
}

/**
 * Builds a map.
 * @throws CelFailure for a key of another type, or a key given twice.
 */
export function mapOf(pairs: readonly (readonly [CelValue, CelValue])[]): CelMap {
  const entries = new Map<string, readonly [CelValue, CelValue]>();
  for (const pair of pairs) {
    const text = typeof pair[0] === 'number' ? undefined : keyText(pair[0]);
    if (text === undefined) throw fail('unsupported key type');
    if (entries.has(text)) throw fail('repeated key');
    entries.set(text, pair);
  }
  return mapFrom(entries);
}
