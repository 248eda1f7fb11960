// Numbers and counted nouns in English.
import { plural } from '../plural.ts';

/** A number with English separators. */
export const n = (value: number): string => value.toLocaleString('en');

/** A number and its noun in the form that goes with it. */
export const count = (value: number, one: string, other: string): string =>
  `${n(value)} ${plural('en', value, { one, other })}`;
