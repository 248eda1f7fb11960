// Words of lists and exceptions as they must stand in a condition's text.

/** Quotes a word that the condition language would not read as one bare string; quoted words stay as they are. */
export function quoteWord(word: string): string {
  if (/^"(?:[^"\\]|\\.)*"$|^'(?:[^'\\]|\\.)*'$/.test(word)) return word;
  if (word !== '' && !/[()"'\s=,]/.test(word)) return word;
  const escaped = word.replace(/[\\"\b\f\n\r\t]/g, (character) => ESCAPES[character] ?? character);
  return `"${escaped}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
