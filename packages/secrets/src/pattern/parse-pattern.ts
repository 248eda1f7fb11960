// Reads the notation of built-in patterns: a subset of regular expressions over ASCII with possessive quantifiers.
// Literals, `.`, classes, `\d \w \s \b`, `(?:a|b)`, `(capture)`, `? * + {n} {n,} {n,m}`.
import type { PatternNode } from './pattern-node.ts';

const DIGITS = '0123456789';
const WORD = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_`;
const SPACE = ' \t\r\n\f\v';
const SHORTHANDS: Readonly<Record<string, string>> = { d: DIGITS, w: WORD, s: SPACE };
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

interface Cursor {
  readonly source: string;
  readonly ignoreCase: boolean;
  at: number;
}

function fault(cursor: Cursor, what: string): Error {
  return new Error(`pattern ${JSON.stringify(cursor.source)} at ${cursor.at}: ${what}`);
}

function setOf(chars: Iterable<string>, ignoreCase: boolean): Uint8Array {
  const set = new Uint8Array(256);
  for (const char of chars) {
    set[char.charCodeAt(0)] = 1;
    if (!ignoreCase) continue;
    set[char.toLowerCase().charCodeAt(0)] = 1;
    set[char.toUpperCase().charCodeAt(0)] = 1;
  }
  return set;
}

function next(cursor: Cursor): string {
  const char = cursor.source[cursor.at];
  if (char === undefined) throw fault(cursor, 'ends too early');
  cursor.at++;
  return char;
}

function classItem(cursor: Cursor): string {
  const char = next(cursor);
  if (char !== '\\') return char;
  const escaped = next(cursor);
  return SHORTHANDS[escaped] ?? CONTROLS[escaped] ?? escaped;
}

function parseClass(cursor: Cursor): PatternNode {
  const negated = cursor.source[cursor.at] === '^';
  if (negated) cursor.at++;
  const chars: string[] = [];
  while (cursor.source[cursor.at] !== ']') {
    const from = classItem(cursor);
    const isRange = cursor.source[cursor.at] === '-' && cursor.source[cursor.at + 1] !== ']';
    if (!isRange || from.length > 1) {
      chars.push(...from);
      continue;
    }
    cursor.at++;
    const to = classItem(cursor);
    if (to < from) throw fault(cursor, 'range runs backwards');
    for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) {
      chars.push(String.fromCharCode(code));
    }
  }
  cursor.at++;
  const set = setOf(chars, cursor.ignoreCase);
  return { kind: 'set', set: negated ? set.map((member) => 1 - member) : set };
}

function parseGroup(cursor: Cursor): PatternNode {
  const plain = cursor.source.startsWith('?:', cursor.at);
  if (plain) cursor.at += 2;
  const of = parseChoice(cursor);
  if (next(cursor) !== ')') throw fault(cursor, 'group is not closed');
  return plain ? of : { kind: 'capture', of };
}

function literal(char: string, ignoreCase: boolean): PatternNode {
  const folds = ignoreCase && char.toLowerCase() !== char.toUpperCase();
  if (folds) return { kind: 'set', set: setOf([char], true) };
  return { kind: 'literal', bytes: new Uint8Array([char.charCodeAt(0)]) };
}

function parseAtom(cursor: Cursor): PatternNode {
  const char = next(cursor);
  if (char === '[') return parseClass(cursor);
  if (char === '(') return parseGroup(cursor);
  if (char === '.') return { kind: 'set', set: setOf('\n', false).map((member) => 1 - member) };
  if (char !== '\\') return literal(char, cursor.ignoreCase);
  const escaped = next(cursor);
  if (escaped === 'b') return { kind: 'boundary' };
  const shorthand = SHORTHANDS[escaped];
  if (shorthand !== undefined) return { kind: 'set', set: setOf(shorthand, false) };
  return literal(CONTROLS[escaped] ?? escaped, cursor.ignoreCase);
}

function parseBounds(cursor: Cursor): readonly [number, number] | undefined {
  const char = cursor.source[cursor.at];
  const simple = { '?': [0, 1], '*': [0, Infinity], '+': [1, Infinity] } as const;
  if (char === '?' || char === '*' || char === '+') {
    cursor.at++;
    return simple[char];
  }
  if (char !== '{') return undefined;
  const close = cursor.source.indexOf('}', cursor.at);
  const [low = '', high] = cursor.source.slice(cursor.at + 1, close).split(',');
  const min = Number(low);
  const max = high === undefined ? min : high === '' ? Infinity : Number(high);
  if (low === '' || !(min <= max)) throw fault(cursor, 'wrong repetition');
  cursor.at = close + 1;
  return [min, max];
}

/** Joins neighbouring literals, so that they are compared in one go. */
function joined(parts: readonly PatternNode[]): PatternNode {
  const merged: PatternNode[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.kind === 'literal' && last?.kind === 'literal') {
      merged[merged.length - 1] = { kind: 'literal', bytes: new Uint8Array([...last.bytes, ...part.bytes]) };
    } else merged.push(part);
  }
  const [only] = merged;
  return merged.length === 1 && only !== undefined ? only : { kind: 'sequence', parts: merged };
}

function parseSequence(cursor: Cursor): PatternNode {
  const parts: PatternNode[] = [];
  while (cursor.at < cursor.source.length && !'|)'.includes(cursor.source[cursor.at] ?? '')) {
    const of = parseAtom(cursor);
    const bounds = parseBounds(cursor);
    parts.push(bounds === undefined ? of : { kind: 'repeat', of, min: bounds[0], max: bounds[1] });
  }
  return joined(parts);
}

function parseChoice(cursor: Cursor): PatternNode {
  const options = [parseSequence(cursor)];
  while (cursor.source[cursor.at] === '|') {
    cursor.at++;
    options.push(parseSequence(cursor));
  }
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
}

/**
 * Parses a built-in pattern.
 * @throws Error for a malformed one: patterns are part of the program, and a test compiles them all.
 */
export function parsePattern(source: string, ignoreCase = false): PatternNode {
  const cursor: Cursor = { source, ignoreCase, at: 0 };
  const node = parseChoice(cursor);
  if (cursor.at !== source.length) throw fault(cursor, 'unexpected character');
  return node;
}
