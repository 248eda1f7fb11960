// Reads the header of an installed rpm package, the blob that every kind of rpm database holds.
// Layout: count of entries and length of the data (both u32, big endian), 16 bytes an entry, then the data.

/** Type, place and number of values of one tag. */
interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** A header with its index read; values are read when they are asked for. */
export interface RpmHeader {
  readonly entries: ReadonlyMap<number, Entry>;
  readonly data: Uint8Array;
}

const INT32 = 4;
const STRING = 6;
const STRING_ARRAY = 8;
const I18N_STRING = 9;

const PREAMBLE_BYTES = 8;
const ENTRY_BYTES = 16;
/** rpm itself refuses headers with more. */
const MAX_ENTRIES = 65_535;
const MAX_VALUES = 1_000_000;

const DECODER = new TextDecoder('utf-8', { fatal: false });

/** Undefined when the blob is no header or is cut off. */
export function readHeader(blob: Uint8Array): RpmHeader | undefined {
  if (blob.length < PREAMBLE_BYTES) return undefined;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const count = view.getUint32(0);
  const length = view.getUint32(4);
  const start = PREAMBLE_BYTES + count * ENTRY_BYTES;
  if (count > MAX_ENTRIES || start + length > blob.length) return undefined;
  const entries = new Map<number, Entry>();
  for (let at = PREAMBLE_BYTES; at < start; at += ENTRY_BYTES) {
    const offset = view.getUint32(at + 8);
    if (offset >= length) continue;
    entries.set(view.getUint32(at), { type: view.getUint32(at + 4), offset, count: view.getUint32(at + 12) });
  }
  return { entries, data: blob.subarray(start, start + length) };
}

function stringsAt(data: Uint8Array, offset: number, count: number): string[] {
  const values: string[] = [];
  let at = offset;
  for (let index = 0; index < count && index < MAX_VALUES && at < data.length; index += 1) {
    const end = data.indexOf(0, at);
    if (end < 0) break;
    values.push(DECODER.decode(data.subarray(at, end)));
    at = end + 1;
  }
  return values;
}

/** Strings of a tag; none when it is absent or of another type. */
export function headerStrings(header: RpmHeader, tag: number): readonly string[] {
  const entry = header.entries.get(tag);
  if (entry === undefined) return [];
  if (entry.type === STRING) return stringsAt(header.data, entry.offset, 1);
  if (entry.type !== STRING_ARRAY && entry.type !== I18N_STRING) return [];
  return stringsAt(header.data, entry.offset, entry.count);
}

/** The first string of a tag, or the empty string. */
export function headerString(header: RpmHeader, tag: number): string {
  return headerStrings(header, tag)[0] ?? '';
}

/** Numbers of a tag of 32-bit integers; none when it is absent, cut off or of another type. */
export function headerNumbers(header: RpmHeader, tag: number): readonly number[] {
  const entry = header.entries.get(tag);
  if (entry === undefined || entry.type !== INT32) return [];
  const { data } = header;
  if (entry.count > MAX_VALUES || entry.offset + entry.count * 4 > data.length) return [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: entry.count }, (_, index) => view.getUint32(entry.offset + index * 4));
}
