// Text → tokens. Grammar: github.com/google/cel-spec, doc/langdef.md, “Syntax”.
import { readQuoted } from './string-literal.ts';
import { SyntaxProblem } from './syntax-problem.ts';
import type { Token } from './token.ts';

const SPACE = /(?:[\t\n\f\r ]|\/\/[^\n]*)+/y;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const DOUBLE = /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y;
const INTEGER = /(?:0[xX][0-9a-fA-F]+|\d+)/y;
const OPERATOR = /&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}]/y;
const STRING_START = /(?:[rR]?[bB]?|[bB][rR])(?:'''|"""|'|")/y;
const QUOTED_FIELD = /`([A-Za-z0-9_.\-/ ]+)`/y;
const WORD = /[A-Za-z0-9_]/;

const HINTS: Readonly<Record<string, string>> = {
  '=': 'Compare with `==`.',
  '&': 'Combine conditions with `&&`.',
  '|': 'Combine conditions with `||`.',
};

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

function numberToken(text: string, offset: number): Token | undefined {
  const double = matchAt(DOUBLE, text, offset);
  const digits = double ?? matchAt(INTEGER, text, offset);
  if (digits === undefined) return undefined;
  let end = offset + digits.length;
  const unsigned = double === undefined && /[uU]/.test(text.charAt(end));
  if (unsigned) end += 1;
  if (WORD.test(text.charAt(end))) {
    throw new SyntaxProblem(`malformed number '${text.slice(offset, end + 1)}'`, offset);
  }
  const kind = double === undefined ? (unsigned ? 'uint' : 'int') : 'double';
  return { kind, text: digits, offset, end };
}

function tokenAt(text: string, offset: number): Token {
  const start = matchAt(STRING_START, text, offset);
  if (start !== undefined) return readQuoted(text, offset, start);
  const name = matchAt(IDENTIFIER, text, offset);
  if (name !== undefined) return { kind: 'identifier', text: name, offset, end: offset + name.length };
  const number = numberToken(text, offset);
  if (number !== undefined) return number;
  const field = matchAt(QUOTED_FIELD, text, offset);
  if (field !== undefined) {
    return { kind: 'quoted', text: field.slice(1, -1), offset, end: offset + field.length };
  }
  const operator = matchAt(OPERATOR, text, offset);
  if (operator !== undefined) {
    return { kind: 'operator', text: operator, offset, end: offset + operator.length };
  }
  const char = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  throw new SyntaxProblem(`unexpected character '${char}'`, offset, HINTS[char] ?? '');
}

/**
 * All tokens of an expression, the last one of kind `end`.
 * @throws SyntaxProblem at the first character that starts no token.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (true) {
    offset += matchAt(SPACE, text, offset)?.length ?? 0;
    if (offset >= text.length) break;
    const token = tokenAt(text, offset);
    tokens.push(token);
    offset = token.end;
  }
  tokens.push({ kind: 'end', text: '', offset: text.length, end: text.length });
  return tokens;
}
