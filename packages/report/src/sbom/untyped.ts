// Reads members of JSON that anybody may have written: what has another type counts as absent.

export type Untyped = Readonly<Record<string, unknown>>;

/** The object, or an empty one. */
export function record(value: unknown): Untyped {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Untyped) : {};
}

/** The array, or an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string, or an empty one. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The strings of an array. */
export function texts(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === 'string');
}
