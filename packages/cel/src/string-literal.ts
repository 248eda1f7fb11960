// String and bytes literals: quotes, raw and bytes prefixes, escapes.
import { SyntaxProblem } from './syntax-problem.ts';
import type { Token } from './token.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};

const NUMERIC = /x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})/y;

const encoder = new TextEncoder();

/** Collects what a literal stands for: code points of a string, octets of a bytes literal. */
interface Sink {
  readonly isBytes: boolean;
  text: string;
  readonly octets: number[];
}

function addText(sink: Sink, text: string): void {
  if (sink.isBytes) {
    for (const octet of encoder.encode(text)) sink.octets.push(octet);
  } else sink.text += text;
}

function addEscape(sink: Sink, source: string, offset: number): number {
  const char = source.charAt(offset + 1);
  const simple = SIMPLE[char];
  if (simple !== undefined) {
    addText(sink, simple);
    return offset + 2;
  }
  NUMERIC.lastIndex = offset + 1;
  const match = NUMERIC.exec(source);
  if (match === null)
    throw new SyntaxProblem(`unknown escape '\\${char}'`, offset, 'Write `\\\\` for a backslash.');
  const octal = match[5] !== undefined;
  const isUnicode = match[3] !== undefined || match[4] !== undefined;
  const code = Number.parseInt(
    match[5] ?? match[1] ?? match[2] ?? match[3] ?? match[4] ?? '',
    octal ? 8 : 16,
  );
  if (sink.isBytes) {
    if (isUnicode) throw new SyntaxProblem('\\u and \\U are not allowed in bytes', offset);
    sink.octets.push(code);
  } else {
    if (code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff)) {
      throw new SyntaxProblem('escape is not a Unicode code point', offset);
    }
    sink.text += String.fromCodePoint(code);
  }
  return offset + 1 + match[0].length;
}

/**
 * Reads the literal that starts at `offset` with `start` (prefix and opening quotes).
 * @throws SyntaxProblem when it does not end, or for a bad escape.
 */
export function readQuoted(source: string, offset: number, start: string): Token {
  const prefix = start.replace(/['"]+$/, '').toLowerCase();
  const quote = start.slice(prefix.length);
  const raw = prefix.includes('r');
  const sink: Sink = { isBytes: prefix.includes('b'), text: '', octets: [] };
  let at = offset + start.length;
  while (!source.startsWith(quote, at)) {
    const char = source.charAt(at);
    if (char === '' || (quote.length === 1 && (char === '\n' || char === '\r'))) {
      throw new SyntaxProblem('string does not end', offset, `Close it with ${quote}.`);
    }
    if (char === '\\' && !raw) at = addEscape(sink, source, at);
    else {
      const point = String.fromCodePoint(source.codePointAt(at) ?? 0);
      addText(sink, point);
      at += point.length;
    }
  }
  const end = at + quote.length;
  return sink.isBytes
    ? { kind: 'bytes', text: '', bytes: Uint8Array.from(sink.octets), offset, end }
    : { kind: 'string', text: sink.text, offset, end };
}
