// Reads members of an object of unknown shape and reports what is missing, misspelt or of the wrong type.
import { didYouMean } from '@guardcell/cel';
import type { Path, Report } from './problem.ts';

export type Fields = Readonly<Record<string, unknown>>;

function typeText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

function wrongType(report: Report, path: Path, wanted: string, value: unknown): void {
  report('GC_RESPONSE_TYPE', path, `expected ${wanted}, found ${typeText(value)}`);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object with no other than these keys; undefined (and reported) otherwise. */
export function readFields(
  value: unknown,
  path: Path,
  keys: readonly string[],
  report: Report,
): Fields | undefined {
  if (!isFields(value)) {
    wrongType(report, path, 'a mapping', value);
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const hint = didYouMean(key, keys, `Known: ${keys.join(', ')}.`);
    report('GC_RESPONSE_UNKNOWN_KEY', [...path, key], 'unknown key', { hint, onKey: true });
  }
  return value;
}

export interface Member {
  readonly fields: Fields;
  readonly path: Path;
  readonly report: Report;
}

function given(member: Member, key: string): unknown {
  const value = Object.hasOwn(member.fields, key) ? member.fields[key] : undefined;
  return value === null ? undefined : value;
}

/** A value that must be there; reported when it is not. */
export function required(member: Member, key: string, hint = ''): unknown {
  const value = given(member, key);
  if (value === undefined) member.report('GC_RESPONSE_MISSING', member.path, `'${key}' is missing`, { hint });
  return value;
}

export function readText(member: Member, key: string, fallback: string, maxLength: number): string {
  const value = given(member, key);
  if (value === undefined) return fallback;
  const path = [...member.path, key];
  if (typeof value !== 'string') wrongType(member.report, path, 'text', value);
  else if (value.length > maxLength) {
    member.report('GC_RESPONSE_VALUE', path, `longer than ${maxLength} characters`);
  } else return value;
  return fallback;
}

export function readFlag(member: Member, key: string, fallback: boolean): boolean {
  const value = given(member, key);
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  wrongType(member.report, [...member.path, key], 'true or false', value);
  return fallback;
}

export interface Range {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

export function readInteger(member: Member, key: string, range: Range): number {
  const value = given(member, key);
  if (value === undefined) return range.fallback;
  const path = [...member.path, key];
  if (typeof value !== 'number') wrongType(member.report, path, 'a number', value);
  else if (!Number.isInteger(value) || value < range.min || value > range.max) {
    member.report('GC_RESPONSE_VALUE', path, `must be a whole number from ${range.min} to ${range.max}`);
  } else return value;
  return range.fallback;
}

/** One of a fixed set of words. */
export function readWord<Word extends string>(
  member: Member,
  key: string,
  words: readonly Word[],
  fallback: Word,
): Word {
  const value = given(member, key);
  if (value === undefined) return fallback;
  const path = [...member.path, key];
  const word = words.find((known) => known === value);
  if (word !== undefined) return word;
  if (typeof value !== 'string') wrongType(member.report, path, `one of ${words.join(', ')}`, value);
  else {
    const hint = didYouMean(value, words, `Known: ${words.join(', ')}.`);
    member.report('GC_RESPONSE_VALUE', path, `unknown value '${value.slice(0, 60)}'`, { hint });
  }
  return fallback;
}

export function readTexts(member: Member, key: string, maxItems: number): readonly string[] {
  const value = given(member, key);
  if (value === undefined) return [];
  const path = [...member.path, key];
  if (!Array.isArray(value)) {
    wrongType(member.report, path, 'a list of texts', value);
    return [];
  }
  if (value.length > maxItems) member.report('GC_RESPONSE_VALUE', path, `more than ${maxItems} items`);
  const texts: string[] = [];
  for (const [index, item] of value.slice(0, maxItems).entries()) {
    if (typeof item === 'string') texts.push(item);
    else wrongType(member.report, [...path, index], 'text', item);
  }
  return texts;
}
