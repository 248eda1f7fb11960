// Plain requirements: comparators that must all hold, parted by commas or spaces; `||` parts alternatives.
import type { Alternative, Bound, Operator, Requirement } from './constraint.ts';

const OPERATORS: Readonly<Record<string, Operator>> = {
  '<': '<',
  '<=': '<=',
  '=': '=',
  '==': '=',
  '': '=',
  '!=': '!=',
  '>=': '>=',
  '>': '>',
};
const MAX_LENGTH = 4096;

/** Splits a requirement into alternatives of words, an operator and its version together; undefined when too long. */
export function splitRequirement(text: string, or: RegExp): readonly (readonly string[])[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  return text.split(or).map((part) =>
    part
      .replace(/([<>=!~^]+)\s+/g, '$1')
      .split(/[\s,]+/)
      .filter((word) => word !== ''),
  );
}

/** `>=1.2` → bound; undefined when the operator is none of the six. */
export function plainBound(word: string, isVersion: (text: string) => boolean): Bound | undefined {
  const [, sign = '', version = ''] = /^([<>=!~^]*)(.*)$/.exec(word) ?? [];
  const operator = Object.hasOwn(OPERATORS, sign) ? OPERATORS[sign] : undefined;
  return operator === undefined || !isVersion(version) ? undefined : { operator, version };
}

/** Reads each word with `read`; one that cannot be read spoils the requirement. */
export function readAlternatives(
  alternatives: readonly (readonly string[])[] | undefined,
  read: (word: string) => Alternative | undefined,
): Requirement {
  const all = alternatives?.map((words) => words.map(read));
  if (all?.some((words) => words.includes(undefined)) ?? true) return undefined;
  return all?.map((words) => words.flatMap((bounds) => bounds ?? []));
}
