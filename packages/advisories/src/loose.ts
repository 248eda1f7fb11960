// Careful access to values of unknown shape: feeds are written by others and may change under us.

import { listOf } from '@guardcell/core';

export { listOf, objectOf, type Untyped } from '@guardcell/core';

const MAX_TEXT = 4096;

/** The value as text of at most 4096 characters; numbers are written out, everything else is empty. */
export function word(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  return value.length > MAX_TEXT ? value.slice(0, MAX_TEXT) : value;
}

/** The texts of a list; what is no text is left out. */
export function words(value: unknown): readonly string[] {
  return listOf(value).flatMap((item) => {
    const text = word(item);
    return text === '' ? [] : [text];
  });
}

export function number(value: unknown): number {
  const read = typeof value === 'string' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : 0;
}

/** A list when it is one, else the value alone: XML and YAML write single items without a list. */
export function many(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
