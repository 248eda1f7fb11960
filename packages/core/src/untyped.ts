// Reading JSON, YAML and messages whose shape only their sender vouches for: a wrong type reads as "not there".

export type Untyped = Readonly<Record<string, unknown>>;

const NOTHING: Untyped = Object.freeze({});

export function isObject(value: unknown): value is Untyped {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is anything else. */
export function objectOf(value: unknown): Untyped {
  return isObject(value) ? value : NOTHING;
}

/** The value as a list; empty when it is anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; empty when it is anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The texts of a list; other items are left out. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

/** The text members of an object; other members are left out. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(objectOf(value)).filter((entry): entry is [string, string] => {
    return typeof entry[1] === 'string' && entry[0] !== '__proto__';
  });
  return Object.fromEntries(texts);
}
