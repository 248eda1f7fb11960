// Reading JSON of unknown shape without trusting it.

export type Loose = Readonly<Record<string, unknown>>;

/** An empty object for everything that is none. */
export function object(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function words(value: unknown): readonly string[] {
  return list(value)
    .map(word)
    .filter((text) => text !== '');
}
