// Finds the value that is assigned to a name: `NAME = "value"`, `"name": "value"`, `<name>value</name>`,
// `name: X` followed by `value: Y`, `set("name", "value")`.

export interface AssignedValue {
  readonly start: number;
  /** The quote before the value, 0 without one. */
  readonly quote: number;
}

const LONGEST_NAME = 60;
const LONGEST_GAP = 80;

function isNameByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const alphanumeric =
    (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
  return alphanumeric || byte === 95 || byte === 45 || byte === 46;
}

/** `"`, `'`, `` ` `` and the backslash of an escaped quote. */
function isQuoteByte(byte: number | undefined): boolean {
  return byte === 34 || byte === 39 || byte === 96 || byte === 92;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

function skip(
  bytes: Uint8Array,
  at: number,
  max: number,
  test: (byte: number | undefined) => boolean,
): number {
  let end = at;
  while (end - at < max && test(bytes[end])) end++;
  return end;
}

/** Span of the name around a keyword. */
export function nameAround(bytes: Uint8Array, start: number, end: number): readonly [number, number] {
  let from = start;
  while (start - from < LONGEST_NAME && isNameByte(bytes[from - 1])) from--;
  return [from, skip(bytes, end, LONGEST_NAME, isNameByte)];
}

const VALUE = [118, 97, 108, 117, 101];

/** Offset behind `value` in `name: X, value: Y`, or −1. */
function behindValueWord(bytes: Uint8Array, at: number): number {
  const gap = skip(
    bytes,
    at,
    LONGEST_GAP,
    (byte) => isBlank(byte) || byte === 10 || byte === 13 || byte === 44,
  );
  const word = skip(bytes, gap, 2, isQuoteByte);
  const matches = VALUE.every((byte, offset) => ((bytes[word + offset] ?? 0) | 32) === byte);
  return matches && gap > at ? skip(bytes, word + VALUE.length, 2, isQuoteByte) : -1;
}

/** Offset behind the assignment, or −1. `quoted` says that the name stood in quotes, all of it. */
function behindOperator(bytes: Uint8Array, at: number, quoted: boolean): number {
  const from = skip(bytes, at, LONGEST_GAP, isBlank);
  const first = bytes[from];
  const second = bytes[from + 1];
  if (first === 61) {
    if (second === 61) return -1;
    return second === 62 ? from + 2 : from + 1;
  }
  if (first === 58) return second === 61 ? from + 2 : from + 1;
  if (first === 63 && second === 61) return from + 2;
  if (first === 62 && from === at) return from + 1;
  if (first === 44 && quoted) return from + 1;
  return first === 40 && from === at && isQuoteByte(second) ? from + 1 : -1;
}

/** The value assigned to a name; undefined when nothing is assigned. */
export function valueAfter(
  bytes: Uint8Array,
  [nameStart, nameEnd]: readonly [number, number],
): AssignedValue | undefined {
  const closed = skip(bytes, nameEnd, 4, (byte) => isQuoteByte(byte) || byte === 93);
  const quoted = isQuoteByte(bytes[nameStart - 1]) && isQuoteByte(bytes[nameEnd]);
  let at = behindOperator(bytes, closed, quoted);
  const word = behindValueWord(bytes, at < 0 ? closed : at);
  if (word >= 0) at = behindOperator(bytes, word, false);
  if (at < 0) return undefined;
  const value = skip(bytes, at, LONGEST_GAP, isBlank);
  const open = skip(bytes, value, 2, isQuoteByte);
  return { start: open, quote: open > value ? (bytes[open - 1] ?? 0) : 0 };
}
