// Values of the language as plain JSON-like data, for showing and storing.
import { formatDuration, formatTimestamp } from './time.ts';
import { CelDuration, CelTimestamp, CelTypeValue, CelUint, type CelValue, isList, isMap } from './values.ts';

function integer(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const octet of bytes) binary += String.fromCharCode(octet);
  return btoa(binary);
}

/**
 * Integers beyond 2^53 become text, bytes become Base64, timestamps and durations their text forms, keys text.
 */
export function toNative(value: CelValue): unknown {
  if (typeof value === 'bigint') return integer(value);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(toNative);
  if (isMap(value)) {
    return Object.fromEntries(
      Array.from(value.entries(), ([key, item]) => [String(toNative(key)), toNative(item)]),
    );
  }
  if (value instanceof CelUint) return integer(value.value);
  if (value instanceof Uint8Array) return base64(value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  return value instanceof CelTypeValue ? value.name : null;
}
