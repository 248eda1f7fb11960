// Field values as text and as plain JSON values.
import type { OutputValue } from '@guardcell/core';
import { plainText } from '../events/param-format.ts';
import type { FieldValue, Scalar } from '../fields/field.ts';

/** Text as it stands in messages; lists in parentheses. */
export function valueText(value: FieldValue): string {
  if (value instanceof Uint8Array) return plainText(value);
  if (Array.isArray(value)) return `(${value.map((item: Scalar) => valueText(item)).join(',')})`;
  return String(value).toWellFormed();
}

/** A value that JSON can carry; integers beyond 2^53 become text so that no digit is lost. */
export function outputValue(value: FieldValue): OutputValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof Uint8Array) return plainText(value);
  return value.map((item: Scalar) => valueText(item));
}
