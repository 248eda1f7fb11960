// fnmatch without flags: `*` crosses slashes. Backtracks to the last star only, so time is bounded by the
// product of the two lengths, never exponential.

import { foldAscii, foldValue } from './fold-case.ts';

export type TextTest = (value: string) => boolean;

type Atom =
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'one'; test(code: number): boolean };

/** A matcher of whole texts. `foldCase` compares without case. */
export function globMatcher(pattern: string, foldCase: boolean): TextTest {
  const source = foldCase ? foldAscii(pattern) : pattern;
  const simple = simpleMatcher(source);
  const test = simple ?? atomMatcher(parseAtoms(source));
  return foldCase ? (value) => test(foldValue(value)) : test;
}

/** Patterns whose only wildcard is the star need no machine: their pieces stand in the text one after the other. */
function simpleMatcher(pattern: string): TextTest | undefined {
  if (/[?[\\]/.test(pattern)) return undefined;
  if (!pattern.includes('*')) return (value) => value === pattern;
  const pieces = pattern.split('*');
  const head = pieces[0] ?? '';
  const tail = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '');
  return (value) => {
    const end = value.length - tail.length;
    if (end < head.length || !value.startsWith(head) || !value.endsWith(tail)) return false;
    let at = head.length;
    for (const piece of middle) {
      const found = value.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}

function atomMatcher(atoms: readonly Atom[]): TextTest {
  return (value) => {
    let atomAt = 0;
    let valueAt = 0;
    let starAtom = -1;
    let starValue = 0;
    while (valueAt < value.length) {
      const atom = atoms[atomAt];
      if (atom?.kind === 'star') {
        starAtom = atomAt;
        starValue = valueAt;
        atomAt += 1;
      } else if (atom !== undefined && (atom.kind === 'any' || atom.test(value.charCodeAt(valueAt)))) {
        atomAt += 1;
        valueAt += 1;
      } else if (starAtom >= 0) {
        starValue += 1;
        valueAt = starValue;
        atomAt = starAtom + 1;
      } else {
        return false;
      }
    }
    while (atoms[atomAt]?.kind === 'star') atomAt += 1;
    return atomAt === atoms.length;
  };
}

function literal(code: number): Atom {
  return { kind: 'one', test: (candidate) => candidate === code };
}

function parseAtoms(pattern: string): readonly Atom[] {
  const atoms: Atom[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === '*') {
      if (atoms.at(-1)?.kind !== 'star') atoms.push({ kind: 'star' });
    } else if (character === '?') {
      atoms.push({ kind: 'any' });
    } else if (character === '\\' && at + 1 < pattern.length) {
      at += 1;
      atoms.push(literal(pattern.charCodeAt(at)));
    } else if (character === '[') {
      const bracket = parseBracket(pattern, at);
      if (bracket === undefined) {
        atoms.push(literal(pattern.charCodeAt(at)));
      } else {
        atoms.push(bracket.atom);
        at = bracket.end;
      }
    } else {
      atoms.push(literal(pattern.charCodeAt(at)));
    }
  }
  return atoms;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t-\r ]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** `[a-z!x]` from its bracket; undefined when it is never closed, and then the bracket is itself. */
function parseBracket(
  pattern: string,
  start: number,
): { readonly atom: Atom; readonly end: number } | undefined {
  let at = start + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  const ranges: (readonly [number, number])[] = [];
  const classes: RegExp[] = [];
  for (let first = true; at < pattern.length; first = false) {
    if (pattern[at] === ']' && !first) {
      const test = (code: number): boolean =>
        (ranges.some(([low, high]) => code >= low && code <= high) ||
          classes.some((known) => known.test(String.fromCharCode(code)))) !== negated;
      return { atom: { kind: 'one', test }, end: at };
    }
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12));
    const known = named === null ? undefined : CLASSES[named[1] ?? ''];
    if (named !== null && known !== undefined) {
      classes.push(known);
      at += named[0].length;
      continue;
    }
    if (pattern[at] === '\\' && at + 1 < pattern.length) at += 1;
    const low = pattern.charCodeAt(at);
    at += 1;
    if (pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      at += pattern[at + 1] === '\\' ? 2 : 1;
      ranges.push([low, pattern.charCodeAt(at)]);
      at += 1;
    } else {
      ranges.push([low, low]);
    }
  }
  return undefined;
}
