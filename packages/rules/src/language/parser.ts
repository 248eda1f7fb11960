// Recursive descent over the grammar of conditions. Nesting is bounded, so hostile input cannot exhaust the stack.
import type { Check, Expression, Literal, OperatorName, Quantifier, RightSide } from './ast.ts';
import { LIST_OPERATORS, NUMERIC_OPERATORS, QUANTIFIERS, STRING_OPERATORS } from './ast.ts';
import { parseField, parseOperand, parseRightOperand } from './operand-parser.ts';
import {
  atEnd,
  createScanner,
  type Scanner,
  SyntaxFailure,
  skipBlanks,
  take,
  takeBareString,
  takeIdentifier,
  takeNumber,
  takeQuoted,
  takeWord,
} from './scanner.ts';

/** How deep parentheses may nest. */
export const MAX_DEPTH = 1000;

export type ParseResult =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Parses a condition whose lists are already replaced. Never throws. */
export function parseCondition(text: string): ParseResult {
  const scanner = createScanner(text);
  try {
    skipBlanks(scanner);
    if (atEnd(scanner)) return { ok: false, message: 'filter input string is empty', offset: 0 };
    const expression = parseExpression(scanner);
    skipBlanks(scanner);
    if (!atEnd(scanner)) {
      const message = `unexpected token after '${scanner.last}', expecting 'or', 'and'`;
      return { ok: false, message, offset: scanner.position };
    }
    return { ok: true, expression };
  } catch (thrown) {
    if (thrown instanceof SyntaxFailure) return { ok: false, message: thrown.message, offset: thrown.offset };
    throw thrown;
  }
}

/** An open parenthesis (or the whole condition): the parts read so far. */
interface Group {
  readonly alternatives: Expression[];
  conjuncts: Expression[];
  /** Whether the operand being read stands under an odd number of `not`. */
  negated: boolean;
}

/** Keeps its own stack, so that nesting costs no call frames. Stops at the first token that does not belong. */
function parseExpression(scanner: Scanner): Expression {
  const groups: Group[] = [];
  let group: Group = newGroup();
  for (;;) {
    takeNegations(scanner, group);
    if (take(scanner, '(')) {
      if (groups.length >= MAX_DEPTH) {
        throw new SyntaxFailure(`nested more than ${MAX_DEPTH} levels deep`, scanner.position - 1);
      }
      groups.push(group);
      group = newGroup();
      continue;
    }
    addOperand(group, parseLeaf(scanner));
    skipBlanks(scanner);
    while (groups.length > 0 && take(scanner, ')')) {
      const inner = finishGroup(group);
      group = groups.pop() ?? newGroup();
      addOperand(group, inner);
      skipBlanks(scanner);
    }
    const connective = takeConnective(scanner);
    if (connective === 'or') closeConjunction(group);
    if (connective !== undefined) continue;
    if (groups.length > 0) throw new SyntaxFailure("expected a ')' token", scanner.position);
    return finishGroup(group);
  }
}

function newGroup(): Group {
  return { alternatives: [], conjuncts: [], negated: false };
}

function takeNegations(scanner: Scanner, group: Group): void {
  skipBlanks(scanner);
  while (takeWord(scanner, 'not')) {
    group.negated = !group.negated;
    skipBlanks(scanner);
  }
  if (scanner.text.startsWith('not(', scanner.position)) {
    take(scanner, 'not');
    group.negated = !group.negated;
  }
}

function addOperand(group: Group, operand: Expression): void {
  group.conjuncts.push(group.negated ? negate(operand) : operand);
  group.negated = false;
}

function negate(operand: Expression): Expression {
  return operand.kind === 'not' ? operand.child : { kind: 'not', child: operand };
}

function closeConjunction(group: Group): void {
  group.alternatives.push(combine('and', group.conjuncts));
  group.conjuncts = [];
}

function finishGroup(group: Group): Expression {
  closeConjunction(group);
  return combine('or', group.alternatives);
}

function combine(kind: 'and' | 'or', children: readonly Expression[]): Expression {
  return children.length === 1 && children[0] !== undefined ? children[0] : { kind, children };
}

function takeConnective(scanner: Scanner): 'and' | 'or' | undefined {
  for (const word of ['and', 'or'] as const) {
    if (!take(scanner, word)) continue;
    if (!skipBlanks(scanner) && scanner.text[scanner.position] !== '(') {
      throw new SyntaxFailure(`expected blank or '(' after '${word}'`, scanner.position);
    }
    return word;
  }
  return undefined;
}

function parseLeaf(scanner: Scanner): Expression {
  const start = scanner.position;
  const left = parseField(scanner) ?? parseOperand(scanner);
  if (left !== undefined) {
    const condition = parseComparison(scanner);
    return { kind: 'check', left, ...condition, span: { start, end: scanner.position } };
  }
  const name = takeIdentifier(scanner);
  if (name === undefined) {
    throw new SyntaxFailure("expected a '(' token, a field check, or an identifier", scanner.position);
  }
  return { kind: 'reference', name, span: { start, end: scanner.position } };
}

type Comparison = Pick<Check, 'operator' | 'quantifier' | 'right'>;

function parseComparison(scanner: Scanner): Comparison {
  skipBlanks(scanner);
  if (take(scanner, 'exists')) {
    return { operator: 'exists', quantifier: undefined, right: { kind: 'none' } };
  }
  const numeric = takeOperator(scanner, NUMERIC_OPERATORS);
  if (numeric !== undefined) {
    return { operator: numeric, quantifier: undefined, right: parseNumericRight(scanner) };
  }
  const textual = takeOperator(scanner, STRING_OPERATORS);
  if (textual !== undefined) return parseStringRight(scanner, textual);
  const listed = LIST_OPERATORS.find((operator) => take(scanner, operator));
  if (listed !== undefined) {
    return { operator: listed, quantifier: undefined, right: parseListRight(scanner) };
  }
  throw new SyntaxFailure('expected a comparison operator', scanner.position);
}

/** Symbols need no blank after them, words do. */
function takeOperator<Name extends string>(scanner: Scanner, names: readonly Name[]): Name | undefined {
  return names.find((name) => (/^[a-z]/.test(name) ? takeWord(scanner, name) : take(scanner, name)));
}

function parseNumericRight(scanner: Scanner): RightSide {
  skipBlanks(scanner);
  const operand = parseRightOperand(scanner);
  if (operand !== undefined) return { kind: 'operand', operand };
  const start = scanner.position;
  const text = takeNumber(scanner);
  if (text === undefined) {
    throw new SyntaxFailure('expected a number value or a field with val()', scanner.position);
  }
  return { kind: 'value', value: { text, quoted: false, span: { start, end: scanner.position } } };
}

function parseStringRight(scanner: Scanner, operator: OperatorName): Comparison {
  skipBlanks(scanner);
  const quantifier = takeQuantifier(scanner);
  if (quantifier !== undefined) {
    return { operator, quantifier, right: { kind: 'list', items: parseListValue(scanner) } };
  }
  const operand = parseRightOperand(scanner);
  if (operand !== undefined) return { operator, quantifier: undefined, right: { kind: 'operand', operand } };
  const value = takeLiteral(scanner);
  if (value === undefined) {
    throw new SyntaxFailure('expected a string value or a field with val()', scanner.position);
  }
  return { operator, quantifier: undefined, right: { kind: 'value', value } };
}

/** `oneof` and its kin are modifiers only before a list; otherwise they are the value itself. */
function takeQuantifier(scanner: Scanner): Quantifier | undefined {
  const start = scanner.position;
  const quantifier = QUANTIFIERS.find((word) => take(scanner, word));
  if (quantifier === undefined) return undefined;
  const blank = skipBlanks(scanner);
  const listStart = scanner.position;
  if (scanner.text[listStart] === '(') return quantifier;
  const next = blank ? takeIdentifier(scanner) : undefined;
  if (next !== undefined && next !== 'and' && next !== 'or' && next !== 'not') {
    scanner.position = listStart;
    return quantifier;
  }
  scanner.position = start;
  return undefined;
}

function parseListRight(scanner: Scanner): RightSide {
  skipBlanks(scanner);
  const operand = parseRightOperand(scanner);
  if (operand !== undefined) return { kind: 'operand', operand };
  return { kind: 'list', items: parseListValue(scanner) };
}

function parseListValue(scanner: Scanner): readonly Literal[] {
  skipBlanks(scanner);
  if (!take(scanner, '(')) {
    const start = scanner.position;
    const name = takeIdentifier(scanner);
    if (name === undefined) throw new SyntaxFailure('expected a list', scanner.position);
    return [{ text: name, quoted: false, span: { start, end: scanner.position } }];
  }
  skipBlanks(scanner);
  if (take(scanner, ')')) return [];
  const items: Literal[] = [];
  do {
    skipBlanks(scanner);
    const item = takeLiteral(scanner);
    if (item === undefined) {
      throw new SyntaxFailure('expected a string value in the list', scanner.position);
    }
    items.push(item);
    skipBlanks(scanner);
  } while (take(scanner, ','));
  if (!take(scanner, ')')) throw new SyntaxFailure("expected a ')' or ',' token", scanner.position);
  return items;
}

function takeLiteral(scanner: Scanner): Literal | undefined {
  const start = scanner.position;
  const quoted = takeQuoted(scanner);
  if (quoted !== undefined) return { text: quoted, quoted: true, span: { start, end: scanner.position } };
  const bare = takeBareString(scanner);
  if (bare === undefined) return undefined;
  return { text: bare, quoted: false, span: { start, end: scanner.position } };
}
