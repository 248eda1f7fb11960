// Which files' opening for reading a condition asks for: what a sensor needs to know to leave out all others.
import type { Check } from '../language/ast.ts';
import { type GuardTest, guardOfCheck } from './guard-tests.ts';
import type { Part } from './specialize.ts';

/**
 * Path patterns of which one covers the file whenever the condition holds for an open that only reads, or `all` when
 * no such patterns are known. A pattern is an absolute path. `**` as its last component means everything below; `*` as
 * a component stands for any, so that a slash, `*`, a slash and a name mean that name wherever it lies; `*` at the end
 * of a component stands for whatever follows.
 */
export type ReadInterest = 'all' | ReadonlySet<string>;

const NOTHING: ReadonlySet<string> = new Set();
const WRITING_FLAG = /^\|?O_(?:WRONLY|RDWR|CREAT|TRUNC|TMPFILE)\b/;
/** Longest file name, in bytes, that the sensor can look for wherever it lies. */
const NAME_MAX_BYTES = 31;

/** The part must have been made for the type of an open. */
export function readInterest(part: Part): ReadInterest {
  switch (part.kind) {
    case 'constant':
      return part.value ? 'all' : NOTHING;
    case 'not':
      return 'all';
    case 'check':
      return excludesReads(part.check) ? NOTHING : patternsOf(part.check);
    case 'and':
      return part.children.map(readInterest).reduce(narrower);
    case 'or':
      return part.children.map(readInterest).reduce(both);
  }
}

function narrower(left: ReadInterest, right: ReadInterest): ReadInterest {
  if (left === 'all') return right;
  return right === 'all' || left.size <= right.size ? left : right;
}

function both(left: ReadInterest, right: ReadInterest): ReadInterest {
  return left === 'all' || right === 'all' ? 'all' : left.union(right);
}

/** Checks that hold only for opens that write or create, which are reported anyway. */
function excludesReads(check: Check): boolean {
  if (check.left.kind !== 'field' || check.right.kind !== 'value') return false;
  const { name, argument } = check.left;
  const value = check.right.value.text;
  if (name === 'evt.arg' || name === 'evt.arg.flags')
    return (
      (argument === 'flags' || name === 'evt.arg.flags') &&
      check.operator === 'contains' &&
      WRITING_FLAG.test(value)
    );
  if (!['evt.is_open_write', 'evt.is_open_exec', 'evt.is_open_create'].includes(name)) return false;
  return (check.operator === '=' || check.operator === '==') && value === 'true';
}

function patternsOf(check: Check): ReadInterest {
  const named = nameOfGlob(check);
  if (named !== undefined) return new Set(named);
  const guard = guardOfCheck(check);
  if (guard?.operand.kind !== 'field' || guard.operand.name !== 'fd.name') return 'all';
  const patterns = guard.tests.map(patternsOfTest);
  return patterns.some((some) => some === undefined)
    ? 'all'
    : new Set(patterns.flatMap((some) => some ?? []));
}

function patternsOfTest(test: GuardTest): readonly string[] | undefined {
  if (test.kind === 'equal') {
    return typeof test.value === 'string' && isPlainPath(test.value) ? [test.value] : undefined;
  }
  const { kind, text } = test;
  switch (kind) {
    case 'prefix':
    case 'pathPrefix':
      return isPlainPath(text) ? [`${text}*`] : undefined;
    case 'path':
      return isPlainPath(text) ? [text, `${text}/**`] : undefined;
    case 'file':
      return anywhere(text);
    case 'suffix':
      // the whole name is known only from the slash before it on
      return text.includes('/') ? anywhere(text.slice(text.lastIndexOf('/') + 1)) : undefined;
    case 'contains':
      return undefined;
  }
}

/** Of a pattern whose last component is plain, that component: it is the file's name whatever comes before. */
function nameOfGlob({ left, operator, right }: Check): readonly string[] | undefined {
  if (left.kind !== 'field' || left.name !== 'fd.name' || operator !== 'glob' || right.kind !== 'value')
    return undefined;
  const { text } = right.value;
  const slash = text.lastIndexOf('/');
  const isPattern = /[*?[\\]/.test(text.slice(0, slash));
  return isPattern && !/[*?[\]\\]/.test(text.slice(slash)) ? anywhere(text.slice(slash + 1)) : undefined;
}

function isPlainPath(path: string): boolean {
  return path.length > 1 && path.startsWith('/') && !path.includes('*');
}

function anywhere(name: string): readonly string[] | undefined {
  const isFit = name !== '' && !/[*/]/.test(name) && new TextEncoder().encode(name).length <= NAME_MAX_BYTES;
  return isFit ? [`/*/${name}`] : undefined;
}
