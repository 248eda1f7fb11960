// A sentence that is known by its form: what varies in it is passed on to the same sentence in another language.

/** Sentences as they are written in English, with their translation; `{0}`, `{1}` … stand for what varies. */
export type Sentences = Readonly<Record<string, string>>;

export type Phrase = readonly [read: RegExp, write: (...values: readonly string[]) => string];

/** The text by the first phrase that it has the form of, what varies by `inside`; undefined when there is none. */
export function phraseOf(
  text: string,
  phrases: readonly Phrase[],
  inside: (value: string) => string = (value) => value,
): string | undefined {
  for (const [read, write] of phrases) {
    const match = read.exec(text);
    if (match !== null) return write(...match.slice(1).map(inside));
  }
  return undefined;
}

/** The same; as it is when there is none. */
export function phraseIn(text: string, phrases: readonly Phrase[]): string {
  return phraseOf(text, phrases) ?? text;
}

/** A sentence and its translation, both with `{0}`, `{1}` … where something varies. */
export function phrase(from: string, to: string): Phrase {
  const form = from.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\\\{\d\\\}/g, '(.*?)');
  const write = (...values: readonly string[]): string =>
    to.replaceAll(/\{(\d)\}/g, (_, place: string) => values[Number(place)] ?? '');
  return [new RegExp(`^${form}$`, 's'), write];
}

/** All of them, in their order. */
export function phrasesOf(sentences: Sentences): readonly Phrase[] {
  return Object.entries(sentences).map(([from, to]) => phrase(from, to));
}
