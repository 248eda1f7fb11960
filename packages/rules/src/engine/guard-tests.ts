// Checks that can be looked up: equal to a value, or beginning or ending with a text. Never narrower than the check.
import type { BoundField, Scalar } from '../fields/field.ts';
import type { Check, FieldRef, Operand } from '../language/ast.ts';
import { foldAscii } from '../operators/fold-case.ts';
import { literalPart } from '../operators/path-prefix.ts';
import { parseValue } from '../operators/value-parser.ts';
import { bindOperand } from './operand.ts';

export type GuardTest =
  | { readonly kind: 'equal'; readonly value: Scalar }
  /**
   * `file`: what stands after the last slash is the text. `path`: the text is followed by a slash or the end.
   * `path` and `pathPrefix` hold for the path without repeated slashes too. `icontains`: in any case; its text is folded.
   */
  | {
      readonly kind: 'prefix' | 'pathPrefix' | 'suffix' | 'path' | 'file' | 'contains' | 'icontains';
      readonly text: string;
    };

/** A field and tests of which one passes for its value, or one of its values. */
export interface Guard {
  readonly operand: Operand;
  readonly tests: readonly GuardTest[];
}

/** What the check demands at least; undefined when that cannot be looked up. */
export function guardOfCheck(check: Check): Guard | undefined {
  const bound = bindOperand(check.left, 'left');
  if ('problem' in bound || !canGuard(bound)) return undefined;
  const literals =
    check.right.kind === 'value'
      ? [check.right.value.text]
      : check.right.kind === 'list'
        ? check.right.items.map((item) => item.text)
        : [];
  if (literals.length === 0) return undefined;
  const tests: GuardTest[] = [];
  for (const literal of literals) {
    const plain = testFor(check, bound, literal);
    const test = plain === undefined ? undefined : onFullPath(check.left, plain);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  const operand = isPathPart(check.left) ? { ...check.left, name: 'fd.name' } : check.left;
  return { operand, tests };
}

/** How many of the tests need a walk over the whole text. */
export function slowTests(guard: Guard): number {
  return guard.tests.filter((test) => test.kind === 'contains' || test.kind === 'icontains').length;
}

function isPathPart(operand: Operand): operand is FieldRef {
  return operand.kind === 'field' && (operand.name === 'fd.directory' || operand.name === 'fd.filename');
}

/** Tests of the directory and the file name become tests of the whole path, so that one look-up serves them all. */
function onFullPath(operand: Operand, test: GuardTest): GuardTest | undefined {
  if (!isPathPart(operand)) return test;
  if (operand.name === 'fd.directory') {
    if (
      test.kind === 'prefix' ||
      test.kind === 'pathPrefix' ||
      test.kind === 'path' ||
      test.kind === 'contains' ||
      test.kind === 'icontains'
    )
      return test;
    if (test.kind !== 'equal' || typeof test.value !== 'string' || test.value === '') return undefined;
    // Of a file right below the root nothing more can be said than that.
    return test.value === '/' ? { kind: 'prefix', text: '/' } : { kind: 'path', text: test.value };
  }
  if (test.kind === 'suffix' || test.kind === 'contains' || test.kind === 'icontains') return test;
  if (test.kind === 'prefix') return { kind: 'contains', text: test.text };
  if (test.kind !== 'equal' || typeof test.value !== 'string' || test.value === '') return undefined;
  return { kind: 'file', text: test.value };
}

/** A list that has no items passes `in`; a truth value has too few values to be worth looking up. */
function canGuard(field: BoundField): boolean {
  if (field.multiplicity === 'list' || field.multiplicity === 'either') return false;
  return field.type !== 'bool' && field.type !== 'bytes' && field.type !== 'net' && field.type !== 'double';
}

function testFor(check: Check, field: BoundField, literal: string): GuardTest | undefined {
  switch (check.operator) {
    case '=':
    case '==':
    case 'in':
    case 'intersects': {
      const parsed = parseValue(field.type, literal);
      return 'problem' in parsed ? undefined : { kind: 'equal', value: parsed.value };
    }
    case 'startswith':
      return textTest('prefix', literal);
    case 'endswith':
      return textTest('suffix', literal);
    case 'contains':
      return textTest('contains', literal);
    case 'icontains':
      return textTest('icontains', foldAscii(literal));
    case 'glob':
      return globTest(literal);
    case 'iglob':
      return textTest('icontains', longest(foldAscii(literal.split(/[[\\]/, 1)[0] ?? '').split(/[*?]/)));
    case 'pmatch': {
      return pathTest(literal);
    }
    default:
      return undefined;
  }
}

function textTest(kind: 'prefix' | 'suffix' | 'contains' | 'icontains', text: string): GuardTest | undefined {
  return text === '' ? undefined : { kind, text };
}

/** Of a path with patterns, what stands before the first wildcard. */
function pathTest(path: string): GuardTest | undefined {
  const plain = literalPart(path);
  const components = path.split('/').filter((part) => part !== '');
  const pattern = components.find((part) => /[*?[]/.test(part));
  if (pattern === undefined) return plain === '/' ? undefined : { kind: 'path', text: plain };
  const start = `${plain === '/' ? '' : plain}/${pattern.slice(0, pattern.search(/[*?[\\]/))}`;
  return start === '/' ? undefined : { kind: 'pathPrefix', text: start };
}

/** The plain text at the pattern's start, else at its end, else the longest within. */
function globTest(pattern: string): GuardTest | undefined {
  if (/[[\\]/.test(pattern)) return textTest('prefix', pattern.slice(0, pattern.search(/[*?[\\]/)));
  const pieces = pattern.split(/[*?]/);
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return { kind: 'equal', value: pattern };
  if (first !== '') return textTest('prefix', first);
  if (last !== '') return textTest('suffix', last);
  return textTest('contains', longest(pieces));
}

function longest(texts: readonly string[]): string {
  return texts.reduce((left, right) => (right.length > left.length ? right : left), '');
}
