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
  const match = /^([+-]?)(0[xX][0-9a-fA-F]{1,16}|\d{1,20}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,3})?)$/.exec(text);
  const magnitude = match === null ? undefined : wholeNumber(match[2] ?? '');
  if (match === null || magnitude === undefined) return { problem: `'${text}' is not a whole number` };
  let value = magnitude;
  if (match[1] === '-') value = -value;
  if (value < 0n && type === 'uint32') value += TWO_32;
  if (value < 0n && type !== 'int' && type !== 'uint32') value += TWO_64;
  return { value: narrow(value) };
}

const MAX_EXPONENT = 40;

/** `1.5e+3` is 1500; undefined when something is left behind the point. */
function wholeNumber(text: string): bigint | undefined {
  if (/^0[xX]/.test(text)) return BigInt(text);
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent) - fraction.replace(/0+$/, '').length;
  const digits = BigInt(whole + fraction.replace(/0+$/, ''));
  if (Math.abs(shift) > MAX_EXPONENT) return digits === 0n ? 0n : undefined;
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const scale = 10n ** BigInt(-shift);
  return digits % scale === 0n ? digits / scale : undefined;
}

/** A number where it is exact, because numbers compare faster. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
