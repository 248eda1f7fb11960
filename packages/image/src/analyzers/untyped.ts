// Reads decoded JSON, YAML and TOML whose shape nobody vouches for; wrong types read as absent.
import { needSimple } from './intricacy.ts';

export type UntypedRecord = Readonly<Record<string, unknown>>;

const DECODER = new TextDecoder('utf-8', { fatal: false });

/** Text of a file; invalid UTF-8 becomes U+FFFD, a byte order mark is dropped. */
export function textOf(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** The value when it is an object that is not an array. */
export function asRecord(value: unknown): UntypedRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as UntypedRecord)
    : undefined;
}

/** The elements when it is an array, else none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value when it is a string, else the empty string. */
export function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
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
  return textOf(bytes);
}
