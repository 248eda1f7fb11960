// Pipelines of template actions: `.Values.image | default "x" | quote`.
import { type Expression, METHOD, TemplateProblem } from './syntax.ts';
import { wordsOf } from './tokens.ts';

const MAX_DEPTH = 40;

interface Reader {
  readonly words: readonly string[];
  readonly line: number;
  at: number;
}

function fail(reader: Reader): never {
  throw new TemplateProblem('an action that we do not read', reader.line);
}

function skipBlanks(reader: Reader): void {
  while (reader.words[reader.at] === ' ') reader.at++;
}

function textOf(word: string, reader: Reader): string {
  if (word.startsWith('`')) return word.slice(1, -1);
  try {
    return JSON.parse(word.replaceAll('\t', '\\t')) as string;
  } catch {
    return fail(reader);
  }
}

/** Fields that follow without a blank: `.a.b`. */
function fieldsAfter(reader: Reader): readonly string[] {
  const path: string[] = [];
  for (let word = reader.words[reader.at]; word?.startsWith('.') === true && word !== '.'; ) {
    path.push(word.slice(1));
    word = reader.words[++reader.at];
  }
  return path;
}

function withFields(base: Expression, reader: Reader): Expression {
  const path = fieldsAfter(reader);
  return path.length === 0 ? base : { kind: 'field', base, path };
}

/** One operand; undefined where none begins. */
function operand(reader: Reader, depth: number): Expression | undefined {
  if (depth > MAX_DEPTH) fail(reader);
  skipBlanks(reader);
  const word = reader.words[reader.at];
  if (word === undefined || word === '|' || word === ')' || word === ',' || word === '=' || word === ':=')
    return undefined;
  reader.at++;
  if (word === '(') {
    const inner = pipeline(reader, depth + 1);
    skipBlanks(reader);
    if (reader.words[reader.at++] !== ')') fail(reader);
    return withFields(inner, reader);
  }
  if (word === '.') return { kind: 'field', base: undefined, path: [] };
  if (word.startsWith('.')) {
    reader.at--;
    return { kind: 'field', base: undefined, path: fieldsAfter(reader) };
  }
  if (word.startsWith('$')) return withFields({ kind: 'variable', name: word }, reader);
  if (word.startsWith('"') || word.startsWith('`')) return { kind: 'literal', value: textOf(word, reader) };
  if (/^-?\d/.test(word)) return { kind: 'literal', value: Number(word) };
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
  if (word === 'nil') return { kind: 'literal', value: null };
  if (/^[A-Za-z_]/.test(word)) return { kind: 'call', name: word, args: [] };
  return fail(reader);
}

/** A function with its arguments, or one operand. */
function command(reader: Reader, depth: number): Expression {
  const first = operand(reader, depth) ?? fail(reader);
  const args: Expression[] = [];
  for (let next = operand(reader, depth); next !== undefined; next = operand(reader, depth)) args.push(next);
  if (first.kind === 'field' && args.length > 0)
    return { kind: 'call', name: METHOD, args: [first, ...args] };
  if (first.kind !== 'call') return args.length === 0 ? first : fail(reader);
  return { ...first, args: [...first.args, ...args] };
}

function pipeline(reader: Reader, depth: number): Expression {
  let value = command(reader, depth);
  for (;;) {
    skipBlanks(reader);
    if (reader.words[reader.at] !== '|') return value;
    reader.at++;
    const next = command(reader, depth);
    if (next.kind !== 'call') fail(reader);
    value = { ...next, args: [...next.args, value] };
  }
}

export interface Assignment {
  /** `$key, $value` of a range, or one name. */
  readonly names: readonly string[];
  /** `:=`. */
  readonly isNew: boolean;
  readonly value: Expression;
}

/** A pipeline, with what it is assigned to. @throws TemplateProblem. */
export function parsePipeline(action: string, line: number): Assignment {
  const reader: Reader = { words: wordsOf(action, line), line, at: 0 };
  const start = /^\s*(\$\w*)(?:\s*,\s*(\$\w*))?\s*(:=|=)/.exec(action);
  if (start !== null) {
    while (reader.words[reader.at] !== start[3]) reader.at++;
    reader.at++;
  }
  const value = pipeline(reader, 0);
  skipBlanks(reader);
  if (reader.at < reader.words.length) fail(reader);
  const names = [start?.[1], start?.[2]].filter((name) => name !== undefined);
  return { names, isNew: start?.[3] === ':=', value };
}
