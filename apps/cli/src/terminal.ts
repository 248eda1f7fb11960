// What others chose (names, command lines, messages) must not be able to drive or deceive the reader's terminal.

// Control characters but line feed and tab, and the marks that turn the direction of text around.
// oxlint-disable-next-line no-control-regex -- these are exactly the characters to remove
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** For text of several lines: keeps line feeds and tabs. */
export function forTerminal(text: string): string {
  return text.replaceAll(UNPRINTABLE, '\uFFFD');
}

/** For one value: line feeds and tabs become spaces too, so that it cannot pretend to be lines of ours. */
export function oneLine(value: string): string {
  return forTerminal(value.replaceAll(/[\t\n\r\u2028\u2029]+/g, ' '));
}

/**
 * JSON without raw control characters: JSON itself only escapes those below U+0020, but terminals obey U+009B too.
 * The text means the same.
 */
export function safeJson(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
