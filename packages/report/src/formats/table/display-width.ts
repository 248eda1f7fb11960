// Columns that text takes on a terminal: East Asian wide characters take two, combining marks none (UAX #11).

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const ZERO = /[\p{Mn}\p{Me}\u200b-\u200d\u2060\ufeff]/u;
/** Control characters, and marks that turn the direction of text around. */
// oxlint-disable-next-line no-control-regex -- these are exactly the characters to replace
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

function characterWidth(character: string): number {
  if (character < '\u0300') return 1;
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Text that others chose, made fit for one line: line breaks become spaces, what drives terminals is replaced. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\t\n\r]+/g, ' ').replaceAll(UNPRINTABLE, '\uFFFD');
}

/** Columns of `text`, which has no control characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** `text`, filled up with spaces to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** At most `width` columns; what was longer ends in `…`. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let [kept, used] = ['', 0];
  for (const character of text) {
    const next = characterWidth(character);
    if (used + next > width - 1) break;
    kept += character;
    used += next;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** At most `width` columns; what was longer begins with `…`, because the end of a path tells more than its beginning. */
export function truncateStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const kept: string[] = [];
  let used = 0;
  for (const character of [...text].toReversed()) {
    const next = characterWidth(character);
    if (used + next > width - 1) break;
    kept.push(character);
    used += next;
  }
  return width < 1 ? '' : `…${kept.toReversed().join('')}`;
}

/** Exactly `width` columns, cut by `cutting` or filled with spaces on the right. */
export function fit(text: string, width: number, cutting: typeof truncate = truncate): string {
  const cut = cutting(text, width);
  return cut + ' '.repeat(Math.max(0, width - displayWidth(cut)));
}
