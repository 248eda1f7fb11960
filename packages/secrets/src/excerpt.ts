// The line of a finding with every secret of it masked.
import { LIMITS } from './limits.ts';

export interface SecretSpan {
  readonly start: number;
  readonly end: number;
}

const MASK = '****';
/** Secrets of at least this length show their first characters: for people to know which one it is. */
const SHOWS_FOUR = 20;
const SHOWS_TWO = 12;

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

function shown(length: number): number {
  if (length >= SHOWS_FOUR) return 4;
  return length >= SHOWS_TWO ? 2 : 0;
}

function lineAround(bytes: Uint8Array, at: number): readonly [number, number] {
  const before = bytes.lastIndexOf(10, Math.max(0, at - 1));
  const start = at > 0 && before >= 0 && before < at ? before + 1 : 0;
  const newline = bytes.indexOf(10, at);
  return [start, newline < 0 ? bytes.length : newline];
}

/**
 * Text of the line that holds `at`, at most `LIMITS.excerpt` bytes around it, with the spans masked.
 * `spans` are all secrets of the file, sorted by start; none of them is ever shown whole.
 */
export function excerptOf(
  bytes: Uint8Array,
  at: number,
  secret: SecretSpan,
  spans: readonly SecretSpan[],
): string {
  const [lineStart, lineEnd] = lineAround(bytes, at);
  const start = Math.max(lineStart, at - LIMITS.excerpt / 2);
  const end = Math.min(lineEnd, start + LIMITS.excerpt);
  let text = start > lineStart ? '…' : '';
  let from = start;
  for (const span of spans) {
    if (span.end <= from || span.start >= end) continue;
    if (span.start >= from) {
      const open = Math.min(span.start + shown(span.end - span.start), end);
      text += decode(bytes.subarray(from, open));
    }
    text += MASK;
    from = Math.max(from, span.end);
  }
  if (from < end) text += decode(bytes.subarray(from, end));
  if (end < lineEnd) text += '…';
  // The body of a key begins below its header.
  if (secret.start >= end) text += ` ${MASK}`;
  return text.trim();
}
