// A sentence that is known by its form: what varies in it is passed on to the same sentence in another language.

export type Phrase = readonly [read: RegExp, write: (...values: readonly string[]) => string];

/** The text by the first phrase that it has the form of; as it is when there is none. */
export function phraseIn(text: string, phrases: readonly Phrase[]): string {
  for (const [read, write] of phrases) {
    const match = read.exec(text);
    if (match !== null) return write(...match.slice(1));
  }
  return text;
}
