// Reads decoded JSON, YAML and TOML whose shape nobody vouches for; wrong types read as absent.
import { isObject, type Untyped } from '@guardcell/core';
import { needSimple } from './intricacy.ts';

export { listOf, textOf } from '@guardcell/core';

const DECODER = new TextDecoder('utf-8', { fatal: false });

/** Text of a file; invalid UTF-8 becomes U+FFFD, a byte order mark is dropped. */
export function decodedText(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
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
