// Reading of JSON and messages whose shape only their sender vouches for: a wrong type reads as "not there".

export type JsonObject = Readonly<Record<string, unknown>>;

const NOTHING: JsonObject = Object.freeze({});

/** The value as an object; an empty one when it is anything else. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : NOTHING;
}

/** The value as a list; empty when it is anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A finite number; also from decimal text, which is how 64-bit integers arrive. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
}

/** The texts of a list; other items are left out. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

/** The text members of an object; other members are left out. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> {
  const map: Record<string, string> = {};
  for (const [key, item] of Object.entries(objectOf(value))) {
    if (typeof item === 'string' && key !== '__proto__') map[key] = item;
  }
  return map;
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
