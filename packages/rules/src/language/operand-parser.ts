// Fields and transformer calls, on either side of an operator and in output templates.
import type { FieldRef, Operand, TransformerArgument, TransformerCall } from './ast.ts';
import {
  atEnd,
  createScanner,
  type Scanner,
  SyntaxFailure,
  skipBlanks,
  take,
  takeBareArgument,
  takeBareString,
  takeFieldName,
  takeNumber,
  takeQuoted,
} from './scanner.ts';

/** Names that open a transformer call when `(` follows directly. */
const TRANSFORMER_NAMES = [
  'tolower',
  'toupper',
  'b64',
  'basename',
  'len',
  'join',
  'concat',
  'getopt',
] as const;

/** Calls within calls; real conditions use two or three. */
const MAX_CALL_DEPTH = 32;

/** `fd.name`, `proc.aname[2]`; undefined when the text does not go on with a field. */
export function parseField(scanner: Scanner): FieldRef | undefined {
  const start = scanner.position;
  const name = takeFieldName(scanner);
  if (name === undefined) return undefined;
  const argument = takeBracketArgument(scanner);
  return { kind: 'field', name, argument, span: { start, end: scanner.position } };
}

/** `tolower(proc.name)`; undefined when the text does not go on with a known call. */
export function parseOperand(scanner: Scanner, depth = 0): TransformerCall | undefined {
  const start = scanner.position;
  const name = TRANSFORMER_NAMES.find((candidate) => take(scanner, `${candidate}(`));
  if (name === undefined) return undefined;
  if (depth >= MAX_CALL_DEPTH) throw new SyntaxFailure('too many nested calls', start);
  const args: TransformerArgument[] = [];
  do {
    skipBlanks(scanner);
    args.push(parseArgument(scanner, depth));
    skipBlanks(scanner);
  } while (take(scanner, ','));
  if (!take(scanner, ')'))
    throw new SyntaxFailure(`expected a ')' token closing '${name}('`, scanner.position);
  const argument = takeBracketArgument(scanner);
  return { kind: 'transformer', name, args, argument, span: { start, end: scanner.position } };
}

/** Right side only: `val(field)` or a call. */
export function parseRightOperand(scanner: Scanner): Operand | undefined {
  if (!take(scanner, 'val(')) return parseOperand(scanner);
  skipBlanks(scanner);
  const operand = parseField(scanner) ?? parseOperand(scanner);
  if (operand === undefined) throw new SyntaxFailure("expected a field within 'val('", scanner.position);
  skipBlanks(scanner);
  if (!take(scanner, ')')) throw new SyntaxFailure("expected a ')' token closing 'val('", scanner.position);
  return operand;
}

/** The operand that `text` starts with and how long it is; undefined when it starts with none. Never throws. */
export function parseOperandPrefix(
  text: string,
): { readonly operand: Operand; readonly length: number } | undefined {
  const scanner = createScanner(text);
  try {
    const operand = parseField(scanner) ?? parseOperand(scanner);
    return operand === undefined ? undefined : { operand, length: scanner.position };
  } catch (thrown) {
    if (thrown instanceof SyntaxFailure) return undefined;
    throw thrown;
  }
}

/** A field or call that is the whole text; undefined otherwise. Never throws. */
export function parseWholeOperand(text: string): Operand | undefined {
  const prefix = parseOperandPrefix(text);
  return prefix !== undefined && prefix.length === text.length ? prefix.operand : undefined;
}

function parseArgument(scanner: Scanner, depth: number): TransformerArgument {
  const start = scanner.position;
  if (take(scanner, '(')) return parseArgumentList(scanner, start);
  const nested = parseOperand(scanner, depth + 1) ?? parseField(scanner);
  if (nested !== undefined) return nested;
  const text = takeQuoted(scanner) ?? takeNumber(scanner);
  if (text === undefined) {
    throw new SyntaxFailure(
      'expected a field, a call, a number, a quoted string or a list',
      scanner.position,
    );
  }
  return { kind: 'text', text, span: { start, end: scanner.position } };
}

function parseArgumentList(scanner: Scanner, start: number): TransformerArgument {
  const items: string[] = [];
  skipBlanks(scanner);
  while (!take(scanner, ')')) {
    if (atEnd(scanner)) throw new SyntaxFailure("expected a ')' token closing the list", scanner.position);
    const item = takeQuoted(scanner) ?? takeBareString(scanner);
    if (item === undefined) throw new SyntaxFailure('expected a string value in the list', scanner.position);
    items.push(item);
    skipBlanks(scanner);
    if (!take(scanner, ',') && scanner.text[scanner.position] !== ')') {
      throw new SyntaxFailure("expected a ')' or ',' token", scanner.position);
    }
    skipBlanks(scanner);
  }
  return { kind: 'list', items, span: { start, end: scanner.position } };
}

function takeBracketArgument(scanner: Scanner): string | undefined {
  const start = scanner.position;
  if (!take(scanner, '[')) return undefined;
  const argument = takeQuoted(scanner) ?? takeBareArgument(scanner);
  if (argument === undefined)
    throw new SyntaxFailure("expected a field argument after '['", scanner.position);
  if (!take(scanner, ']')) throw new SyntaxFailure("expected a ']' token", start);
  return argument;
}
