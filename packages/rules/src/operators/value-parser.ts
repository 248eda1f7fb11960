// Reads the right side of a check as a value of the field's type.
import { servicePort } from '../events/services.ts';
import type { Scalar, ValueType } from '../fields/field.ts';
import { canonicalAddress } from './ip-address.ts';

export type ParsedValue = { readonly value: Scalar } | { readonly problem: string };

const TWO_32 = 4_294_967_296n;
const TWO_64 = 1n << 64n;

/** Never throws; a text that is not of the type becomes a problem. */
export function parseValue(type: ValueType, text: string): ParsedValue {
  switch (type) {
    case 'string':
    case 'net':
      return { value: text };
    case 'bytes':
      return { value: new TextEncoder().encode(text) };
    case 'bool':
      if (text === 'true') return { value: true };
      if (text === 'false') return { value: false };
      return { problem: `unrecognized boolean value '${text}', expected true or false` };
    case 'ip': {
      const address = canonicalAddress(text);
      return address === undefined ? { problem: `unrecognized IP address '${text}'` } : { value: address };
    }
    case 'port':
      return parsePort(text);
    case 'double':
      return /^[+-]?\d+\.?\d*(?:[eE][+-]?\d+)?$/.test(text)
        ? { value: Number(text) }
        : { problem: `'${text}' is not a number` };
    default:
      return parseInteger(type, text);
  }
}

function parsePort(text: string): ParsedValue {
  if (text === '') return { value: 0 };
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return { value: Number(text) };
  const port = servicePort(text);
  return port === undefined ? { problem: `unrecognized port or service '${text}'` } : { value: port };
}

/** Negative literals of unsigned fields wrap around, as in the reference engine. */
function parseInteger(type: 'int' | 'uint32' | 'uint64' | 'reltime' | 'abstime', text: string): ParsedValue {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]{1,16}|\d{1,20})(?:\.0*)?$/.exec(text);
  if (match === null) return { problem: `'${text}' is not a whole number` };
  let value = BigInt(match[2] ?? '0');
  if (match[1] === '-') value = -value;
  if (value < 0n && type === 'uint32') value += TWO_32;
  if (value < 0n && type !== 'int' && type !== 'uint32') value += TWO_64;
  return { value: narrow(value) };
}

/** A number where it is exact, because numbers compare faster. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
