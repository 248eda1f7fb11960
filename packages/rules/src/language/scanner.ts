// Reads tokens from a condition by prefix, without word boundaries, as the reference engine does.
// The parser decides what may come next; the scanner only tries and moves on.

/** A condition that cannot be read; caught by `parseCondition`, never seen outside this folder. */
export class SyntaxFailure extends Error {
  override readonly name: string = 'SyntaxFailure';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  // Rules in the wild escape blanks by mistake; the reference engine reads the pair as one backslash.
  ' ': '\\',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

const IDENTIFIER = /[a-zA-Z]+[a-zA-Z0-9_]*/y;
const FIELD_NAME = /[a-zA-Z]+[a-zA-Z0-9_]*(?:\.[a-zA-Z]+[a-zA-Z0-9_]*)+/y;
const ARGUMENT = /[^\]["'\s[]+/y;
const NUMBER = /0[xX][0-9a-fA-F]+|[+-]?[0-9]+[.]?[0-9]*(?:[eE][+-][0-9]+)?/y;
const BARE_STRING = /[^()"'\s=,]+/y;

export interface Scanner {
  readonly text: string;
  position: number;
  /** The token read last, for messages. */
  last: string;
}

export function createScanner(text: string): Scanner {
  return { text, position: 0, last: '' };
}

function isBlankCode(code: number): boolean {
  return code === 32 || (code >= 8 && code <= 10) || code === 13;
}

/** Skips blanks; true when there was at least one. */
export function skipBlanks(scanner: Scanner): boolean {
  const start = scanner.position;
  while (scanner.position < scanner.text.length && isBlankCode(scanner.text.charCodeAt(scanner.position))) {
    scanner.position += 1;
  }
  return scanner.position > start;
}

export function atEnd(scanner: Scanner): boolean {
  return scanner.position >= scanner.text.length;
}

/** Takes `token` when the text goes on with it. */
export function take(scanner: Scanner, token: string): boolean {
  if (!scanner.text.startsWith(token, scanner.position)) return false;
  scanner.position += token.length;
  scanner.last = token;
  return true;
}

/** Takes `word` only when a blank follows. */
export function takeWord(scanner: Scanner, word: string): boolean {
  const { position, text } = scanner;
  if (!text.startsWith(word, position)) return false;
  if (!isBlankCode(text.charCodeAt(position + word.length))) return false;
  return take(scanner, word);
}

function takePattern(scanner: Scanner, pattern: RegExp): string | undefined {
  pattern.lastIndex = scanner.position;
  const token = pattern.exec(scanner.text)?.[0];
  if (token === undefined) return undefined;
  scanner.position += token.length;
  scanner.last = token;
  return token;
}

export function takeIdentifier(scanner: Scanner): string | undefined {
  return takePattern(scanner, IDENTIFIER);
}

export function takeFieldName(scanner: Scanner): string | undefined {
  return takePattern(scanner, FIELD_NAME);
}

export function takeNumber(scanner: Scanner): string | undefined {
  return takePattern(scanner, NUMBER);
}

export function takeBareString(scanner: Scanner): string | undefined {
  return takePattern(scanner, BARE_STRING);
}

export function takeBareArgument(scanner: Scanner): string | undefined {
  return takePattern(scanner, ARGUMENT);
}

/** A quoted string without its quotes; undefined when there is none or it never ends. Unknown escapes are errors. */
export function takeQuoted(scanner: Scanner): string | undefined {
  const quote = scanner.text[scanner.position];
  if (quote !== '"' && quote !== "'") return undefined;
  let out = '';
  for (let at = scanner.position + 1; at < scanner.text.length; at += 1) {
    const character = scanner.text[at] ?? '';
    if (character === quote) {
      scanner.position = at + 1;
      scanner.last = quote + out + quote;
      return out;
    }
    if (character !== '\\') {
      out += character;
      continue;
    }
    at += 1;
    const escaped = scanner.text[at];
    if (escaped === undefined) return undefined;
    const meaning = ESCAPES[escaped];
    if (meaning === undefined)
      throw new SyntaxFailure(`unknown escape sequence '\\${escaped}' in string`, at - 1);
    out += meaning;
  }
  return undefined;
}
