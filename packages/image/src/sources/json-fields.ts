// Reading JSON whose shape only its sender vouches for: a wrong type reads as "not there".

export {
  isObject,
  listOf,
  objectOf,
  textMapOf,
  textOf,
  textsOf,
  type Untyped as JsonObject,
} from '@guardcell/core';

/** A safe whole number of zero or more, also from decimal text; undefined for anything else. */
export function sizeOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** Parses JSON in UTF-8; undefined when it is not JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
