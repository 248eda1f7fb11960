// Which files' opening for reading a condition asks for: what a sensor needs to know to leave out all others.
import { type Check, literalsOf } from '../language/ast.ts';
import { type GuardTest, guardOfCheck } from './guard-tests.ts';
import type { Part } from './specialize.ts';

/** What an open that only reads must be for a condition to hold: one of these, where there is anything to say. */
export interface ReadDemand {
  /**
   * A pattern is an absolute path. `**` as its last component means everything below; `*` as a component stands for
   * any, so that a slash, `*`, a slash and a name mean that name wherever it lies; `*` at the end of a component stands
   * for whatever follows.
   */
  readonly paths: ReadonlySet<string>;
  /** Opens by processes of these names. */
  readonly programs: ReadonlySet<string>;
  /** Opens whose path as given has `../`. */
  readonly upward: boolean;
}

/** `all` when nothing is demanded that a sensor could look for. */
export type ReadInterest = 'all' | ReadDemand;

const NONE: ReadonlySet<string> = new Set();
const NOTHING: ReadDemand = { paths: NONE, programs: NONE, upward: false };
const WRITING_FLAG = /^\|?O_(?:WRONLY|RDWR|CREAT|TRUNC|TMPFILE)\b/;
/** Longest file name and process name, in bytes, that the sensor can look for. */
const NAME_MAX_BYTES = 31;
const PROGRAM_MAX_BYTES = 15;

/** The part must have been made for the type of an open. */
export function readInterest(part: Part): ReadInterest {
  switch (part.kind) {
    case 'constant':
      return part.value ? 'all' : NOTHING;
    case 'not':
      return 'all';
    case 'check':
      return excludesReads(part.check) ? NOTHING : demandOf(part.check);
    case 'and':
      return part.children.map(readInterest).reduce(narrower);
    case 'or':
      return part.children.map(readInterest).reduce(eitherOf);
  }
}

function size({ paths, programs, upward }: ReadDemand): number {
  return paths.size + programs.size + (upward ? 1 : 0);
}

function narrower(left: ReadInterest, right: ReadInterest): ReadInterest {
  if (left === 'all') return right;
  return right === 'all' || size(left) <= size(right) ? left : right;
}

/** Of two demands either is enough: both are looked for. */
export function eitherOf(left: ReadInterest, right: ReadInterest): ReadInterest {
  if (left === 'all' || right === 'all') return 'all';
  return {
    paths: left.paths.union(right.paths),
    programs: left.programs.union(right.programs),
    upward: left.upward || right.upward,
  };
}

/** Checks that hold only for opens that write or create, which are reported anyway. */
function excludesReads(check: Check): boolean {
  if (check.left.kind !== 'field' || check.right.kind !== 'value') return false;
  const { name, argument } = check.left;
  const value = check.right.value.text;
  if (name === 'evt.arg.flags' || (name === 'evt.arg' && argument === 'flags'))
    return check.operator === 'contains' && WRITING_FLAG.test(value);
  if (!['evt.is_open_write', 'evt.is_open_exec', 'evt.is_open_create'].includes(name)) return false;
  return (check.operator === '=' || check.operator === '==') && value === 'true';
}

function demandOf(check: Check): ReadInterest {
  if (check.left.kind !== 'field') return 'all';
  if (check.left.name === 'proc.name') return programsOf(check);
  if (check.left.name === 'fd.nameraw') return demandsUpward(check) ? { ...NOTHING, upward: true } : 'all';
  const named = nameOfGlob(check);
  if (named !== undefined) return { ...NOTHING, paths: new Set(named) };
  const guard = guardOfCheck(check);
  if (guard?.operand.kind !== 'field' || guard.operand.name !== 'fd.name') return 'all';
  const patterns = guard.tests.map(patternsOfTest);
  return patterns.some((some) => some === undefined)
    ? 'all'
    : { ...NOTHING, paths: new Set(patterns.flatMap((some) => some ?? [])) };
}

function programsOf(check: Check): ReadInterest {
  if (check.quantifier !== undefined || !['=', '==', 'in'].includes(check.operator)) return 'all';
  const names = literalsOf(check.right).map(({ text }) => text);
  if (names.length === 0) return 'all';
  // the kernel keeps no longer names
  const possible = names.filter((name) => name !== '' && bytesOf(name) <= PROGRAM_MAX_BYTES);
  return { ...NOTHING, programs: new Set(possible) };
}

function demandsUpward({ operator, quantifier, right }: Check): boolean {
  if (right.kind !== 'value' || quantifier !== undefined) return false;
  const { text } = right.value;
  return (operator === 'contains' || (operator === 'glob' && !/\\/.test(text))) && text.includes('../');
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
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
    case 'icontains':
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
  const isFit = name !== '' && !/[*/]/.test(name) && bytesOf(name) <= NAME_MAX_BYTES;
  return isFit ? [`/*/${name}`] : undefined;
}
