// Reads decoded JSON, YAML and TOML whose shape nobody vouches for; wrong types read as absent.
import { isObject, type Untyped } from '@guardcell/core';
import { needSimple } from './intricacy.ts';

export { listOf, textOf } from '@guardcell/core';

/** Text of a file: UTF-8, or UTF-16 with a byte order mark, as tools on Windows write it. Invalid sequences become U+FFFD. */
export function decodedText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/**
 * A text in which lines of no known shape are passed over still needs a sign of what it is; else a broken file would be
 * one without packages. Empty files are fine. @throws Error
 */
export function needSign(text: string, sign: RegExp): void {
  if (!sign.test(text) && text.trim() !== '') throw new Error('nothing in it is of this format');
}

/** A document of JSON has one of these members. @throws Error */
export function needMember(document: unknown, names: readonly string[]): void {
  if (!names.some((name) => property(document, name) !== undefined))
    throw new Error(`there is none of ${names.join(', ')} in it`);
}

/** The value when it is an object that is not an array. */
export function asRecord(value: unknown): Untyped | undefined {
  return isObject(value) ? value : undefined;
}

/** Own properties in order; none when it is not an object. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  const record = asRecord(value);
  return record === undefined ? [] : Object.entries(record);
}

/** An own property, never one of the prototype; undefined when it is absent. */
export function property(value: unknown, key: string): unknown {
  const record = asRecord(value);
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Runs a decoder that throws on bad input and turns what it throws into the problem of the file. */
export function decoded<T>(
  what: string,
  decode: () => T,
): { readonly value: T } | { readonly problem: string } {
  try {
    return { value: decode() };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.split('\n', 1)[0] : String(thrown);
    return { problem: `not readable as ${what}: ${reason?.slice(0, 200) ?? ''}` };
  }
}

/** Text for a parser. @throws RangeError for texts that are made to fill memory. */
export function structuredTextOf(bytes: Uint8Array): string {
  needSimple(bytes);
  return decodedText(bytes);
}
