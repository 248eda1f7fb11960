// Strings of the language are sequences of code points; JavaScript's are of UTF-16 units.

const SURROGATE = /[\uD800-\uDFFF]/;

/** Whether units and code points differ somewhere in this text. */
function hasSurrogates(text: string): boolean {
  return SURROGATE.test(text);
}

export function codePointLength(text: string): number {
  if (!hasSurrogates(text)) return text.length;
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Code points [from, to) of a text; both within 0 … length. */
export function codePointSlice(text: string, from: number, to: number): string {
  return hasSurrogates(text) ? Array.from(text).slice(from, to).join('') : text.slice(from, to);
}

/** How many code points lie before a unit offset. */
export function codePointIndex(text: string, unitOffset: number): number {
  return codePointLength(text.slice(0, unitOffset));
}

/** Unit offset of the code point with this index; the text's length when there are fewer. */
export function unitOffset(text: string, index: number): number {
  if (!hasSurrogates(text)) return Math.min(index, text.length);
  let offset = 0;
  let left = index;
  for (const point of text) {
    if (left-- <= 0) break;
    offset += point.length;
  }
  return offset;
}

/** Order by code points. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!hasSurrogates(a) && !hasSurrogates(b)) return a < b ? -1 : 1;
  const left = Array.from(a, (point) => point.codePointAt(0) ?? 0);
  const right = Array.from(b, (point) => point.codePointAt(0) ?? 0);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
