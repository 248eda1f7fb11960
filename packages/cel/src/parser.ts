// Tokens → syntax tree: recursive descent over the grammar of the specification, with a bound on nesting.
import type { Node } from './ast.ts';
import { tokenize } from './lexer.ts';
import { MAX_DEPTH } from './limits.ts';
import { bytesLiteral, numberLiteral } from './literal.ts';
import { expandMacro } from './macros.ts';
import { node } from './node.ts';
import { SyntaxProblem } from './syntax-problem.ts';
import type { Token } from './token.ts';

const RESERVED = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

const RELATIONS = ['<', '<=', '>', '>=', '==', '!=', 'in'];
const SUMS = ['+', '-'];
const PRODUCTS = ['*', '/', '%'];

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
  nesting: number;
}

const END: Token = { kind: 'end', text: '', offset: 0, end: 0 };

function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[cursor.at + ahead] ?? cursor.tokens.at(-1) ?? END;
}

function isOperator(token: Token, text: string): boolean {
  return token.kind === 'operator' && token.text === text;
}

function accept(cursor: Cursor, text: string): Token | undefined {
  const token = peek(cursor);
  if (!isOperator(token, text)) return undefined;
  cursor.at += 1;
  return token;
}

function unexpected(token: Token, wanted: string): SyntaxProblem {
  const found = token.kind === 'end' ? 'the end' : token.text === '' ? `a ${token.kind}` : `'${token.text}'`;
  return new SyntaxProblem(`expected ${wanted}, found ${found}`, token.offset);
}

function expect(cursor: Cursor, text: string): Token {
  const token = accept(cursor, text);
  if (token === undefined) throw unexpected(peek(cursor), `'${text}'`);
  return token;
}

function parseExpression(cursor: Cursor): Node {
  cursor.nesting += 1;
  if (cursor.nesting > MAX_DEPTH)
    throw new SyntaxProblem('expression nested too deeply', peek(cursor).offset);
  const test = parseChain(cursor, '||', 'or');
  let result = test;
  if (accept(cursor, '?') !== undefined) {
    const whenTrue = parseChain(cursor, '||', 'or');
    expect(cursor, ':');
    const whenFalse = parseExpression(cursor);
    result = node(test.offset, whenFalse.end, [test, whenTrue, whenFalse], {
      kind: 'conditional',
      test,
      whenTrue,
      whenFalse,
    });
  }
  cursor.nesting -= 1;
  return result;
}

// `a && b && c` is one node with three items, so long conditions are not deep.
function parseChain(cursor: Cursor, operator: '||' | '&&', kind: 'or' | 'and'): Node {
  const part = (): Node => (operator === '||' ? parseChain(cursor, '&&', 'and') : parseBinary(cursor, 0));
  const items = [part()];
  while (accept(cursor, operator) !== undefined) items.push(part());
  const [first] = items;
  if (first === undefined || items.length === 1) return first ?? part();
  return node(first.offset, items.at(-1)?.end ?? first.end, items, { kind, items });
}

const LEVELS = [RELATIONS, SUMS, PRODUCTS];

function binaryOperator(token: Token, level: number): string | undefined {
  const wanted = LEVELS[level] ?? [];
  if (token.kind !== 'operator' && !(token.kind === 'identifier' && token.text === 'in')) return undefined;
  if (!wanted.includes(token.text)) return undefined;
  return token.text === 'in' ? '@in' : `_${token.text}_`;
}

function parseBinary(cursor: Cursor, level: number): Node {
  const operand = (): Node =>
    level + 1 < LEVELS.length ? parseBinary(cursor, level + 1) : parseUnary(cursor);
  let left = operand();
  while (true) {
    const token = peek(cursor);
    const name = binaryOperator(token, level);
    if (name === undefined) return left;
    cursor.at += 1;
    const right = operand();
    const args = [left, right];
    left = node(left.offset, right.end, args, {
      kind: 'call',
      name,
      target: undefined,
      args,
      at: token.offset,
    });
  }
}

function parseUnary(cursor: Cursor): Node {
  const token = peek(cursor);
  if (isOperator(token, '-') && ['int', 'double'].includes(peek(cursor, 1).kind)) {
    cursor.at += 1;
    const digits = peek(cursor);
    cursor.at += 1;
    return parsePostfix(cursor, numberLiteral(digits, token.offset, true));
  }
  if (!isOperator(token, '-') && !isOperator(token, '!')) return parsePostfix(cursor, parsePrimary(cursor));
  cursor.at += 1;
  cursor.nesting += 1;
  if (cursor.nesting > MAX_DEPTH) throw new SyntaxProblem('expression nested too deeply', token.offset);
  const operand = parseUnary(cursor);
  cursor.nesting -= 1;
  return node(token.offset, operand.end, [operand], {
    kind: 'call',
    name: `${token.text}_`,
    target: undefined,
    args: [operand],
    at: token.offset,
  });
}

function parseArguments(cursor: Cursor): readonly Node[] {
  const args: Node[] = [];
  if (isOperator(peek(cursor), ')')) return args;
  do args.push(parseExpression(cursor));
  while (accept(cursor, ',') !== undefined);
  return args;
}

function parseMember(cursor: Cursor, operand: Node): Node {
  if (isOperator(peek(cursor), '?')) {
    throw new SyntaxProblem(
      'optional selection is not supported',
      peek(cursor).offset,
      'Test with `has(…)` first.',
    );
  }
  const name = peek(cursor);
  const named = name.kind === 'identifier' && !['true', 'false', 'null', 'in'].includes(name.text);
  if (!named && name.kind !== 'quoted') throw unexpected(name, 'a field name');
  cursor.at += 1;
  if (name.kind === 'identifier' && accept(cursor, '(') !== undefined) {
    const args = parseArguments(cursor);
    const { end } = expect(cursor, ')');
    const macro = expandMacro(name, operand, args, end);
    if (macro !== undefined) return macro;
    return node(operand.offset, end, [operand, ...args], {
      kind: 'call',
      name: name.text,
      target: operand,
      args,
      at: name.offset,
    });
  }
  return node(operand.offset, name.end, [operand], {
    kind: 'select',
    operand,
    field: name.text,
    fieldOffset: name.offset,
  });
}

function parsePostfix(cursor: Cursor, primary: Node): Node {
  let result = primary;
  while (true) {
    const token = peek(cursor);
    if (accept(cursor, '.') !== undefined) result = parseMember(cursor, result);
    else if (accept(cursor, '[') !== undefined) {
      const index = parseExpression(cursor);
      const { end } = expect(cursor, ']');
      const args = [result, index];
      result = node(result.offset, end, args, {
        kind: 'call',
        name: '_[_]',
        target: undefined,
        args,
        at: token.offset,
      });
    } else if (isOperator(token, '{') && (result.kind === 'identifier' || result.kind === 'select')) {
      throw new SyntaxProblem('messages cannot be built here', token.offset, 'Use a map: `{"key": value}`.');
    } else return result;
  }
}

function parseNamed(cursor: Cursor, token: Token): Node {
  const at = { offset: token.offset, end: token.end };
  if (token.text === 'true' || token.text === 'false') {
    return node(at.offset, at.end, [], { kind: 'literal', value: token.text === 'true' });
  }
  if (token.text === 'null') return node(at.offset, at.end, [], { kind: 'literal', value: null });
  if (token.text === 'in') throw unexpected(token, 'an expression');
  if (RESERVED.has(token.text)) throw new SyntaxProblem(`'${token.text}' is a reserved word`, token.offset);
  if (accept(cursor, '(') === undefined) {
    return node(at.offset, at.end, [], { kind: 'identifier', name: token.text });
  }
  const args = parseArguments(cursor);
  const { end } = expect(cursor, ')');
  const macro = expandMacro(token, undefined, args, end);
  if (macro !== undefined) return macro;
  return node(at.offset, end, args, {
    kind: 'call',
    name: token.text,
    target: undefined,
    args,
    at: token.offset,
  });
}

function parseList(cursor: Cursor, open: Token): Node {
  const items: Node[] = [];
  while (!isOperator(peek(cursor), ']')) {
    items.push(parseExpression(cursor));
    if (accept(cursor, ',') === undefined) break;
  }
  const { end } = expect(cursor, ']');
  return node(open.offset, end, items, { kind: 'list', items });
}

function parseMap(cursor: Cursor, open: Token): Node {
  const entries: (readonly [Node, Node])[] = [];
  while (!isOperator(peek(cursor), '}')) {
    const key = parseExpression(cursor);
    expect(cursor, ':');
    entries.push([key, parseExpression(cursor)]);
    if (accept(cursor, ',') === undefined) break;
  }
  const { end } = expect(cursor, '}');
  return node(open.offset, end, entries.flat(), { kind: 'map', entries });
}

function parsePrimary(cursor: Cursor): Node {
  const dot = accept(cursor, '.'); // `.name`: the root scope, which is the only one here
  const token = peek(cursor);
  if (dot !== undefined && token.kind !== 'identifier') throw unexpected(token, 'a name');
  cursor.at += 1;
  switch (token.kind) {
    case 'identifier':
      return parseNamed(cursor, token);
    case 'int':
    case 'uint':
    case 'double':
      return numberLiteral(token, token.offset, false);
    case 'string':
      return node(token.offset, token.end, [], { kind: 'literal', value: token.text });
    case 'bytes':
      return bytesLiteral(token);
    case 'operator':
      if (token.text === '(') {
        const inner = parseExpression(cursor);
        expect(cursor, ')');
        return inner;
      }
      if (token.text === '[') return parseList(cursor, token);
      if (token.text === '{') return parseMap(cursor, token);
      break;
    default:
  }
  throw unexpected(token, 'an expression');
}

/**
 * Parses an expression.
 * @throws SyntaxProblem at the first error.
 */
export function parse(text: string): Node {
  const cursor: Cursor = { tokens: tokenize(text), at: 0, nesting: 0 };
  const result = parseExpression(cursor);
  if (peek(cursor).kind !== 'end') throw unexpected(peek(cursor), 'an operator or the end');
  return result;
}
