// Reading of JSON and messages whose shape only their sender vouches for: a wrong type reads as "not there".

import { textOf } from '@guardcell/core';

export {
  listOf,
  objectOf,
  textMapOf,
  textOf,
  textsOf,
  type Untyped as JsonObject,
} from '@guardcell/core';

/** A finite number; also from decimal text, which is how 64-bit integers arrive. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
}

/** Parses JSON; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 3339 in ms since 1970; 0 when unreadable or the year 1 with which Go says "never". */
export function timeMsOf(value: unknown): number {
  const timeMs = Date.parse(textOf(value));
  return Number.isNaN(timeMs) || timeMs < 0 ? 0 : timeMs;
}
