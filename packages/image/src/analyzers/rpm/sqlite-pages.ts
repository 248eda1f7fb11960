// Reads the rows of one table straight from the pages of an SQLite file, without a database engine: the bytes
// come from a layer, and hostile ones must not reach native code.
// Format: https://www.sqlite.org/fileformat2.html (tables only, no freelist, no WAL).

import type { FileContent } from '../../content/file-content.ts';
import { type DatabaseBytes, databaseBytes, MAX_VALUE_BYTES } from './database-bytes.ts';

const MAGIC = 'SQLite format 3\0';
const INTERIOR_TABLE = 0x05;
const LEAF_TABLE = 0x0d;
const MAX_DEPTH = 64;

interface SqliteFile {
  readonly bytes: DatabaseBytes;
  readonly pageSize: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
}

/** Column values of a row: numbers for the types that fit, bytes for text and blobs, null else. */
export type SqliteValue = number | Uint8Array | null;

function openFile(content: FileContent): SqliteFile | undefined {
  const bytes = databaseBytes(content);
  if (bytes.length < 100 || bytes.slice(0, 16).toString('latin1') !== MAGIC) return undefined;
  const size = bytes.u16(16, false);
  const pageSize = size === 1 ? 65_536 : size;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) return undefined;
  return { bytes, pageSize, usable: pageSize - (bytes.byte(20) ?? 0) };
}

/** Big-endian number of at most nine bytes, seven bits each; [value, length], or nothing when it is cut off. */
function varint(bytes: Pick<DatabaseBytes, 'byte'>, at: number): readonly [number, number] | undefined {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes.byte(at + index);
    if (byte === undefined) return undefined;
    if (index === 8) return [value * 256 + byte, 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, index + 1];
  }
  return undefined;
}

/** The whole payload of a cell, with what went to overflow pages; undefined when a chain is broken. */
function payloadOf(file: SqliteFile, at: number, length: number): Uint8Array | undefined {
  const { bytes, usable, pageSize } = file;
  if (length > bytes.length || length > MAX_VALUE_BYTES) return undefined;
  const maxLocal = usable - 35;
  if (length <= maxLocal) return at + length <= bytes.length ? bytes.slice(at, at + length) : undefined;
  const minLocal = Math.trunc(((usable - 12) * 32) / 255) - 23;
  const wished = minLocal + ((length - minLocal) % (usable - 4));
  const local = wished <= maxLocal ? wished : minLocal;
  if (at + local + 4 > bytes.length) return undefined;
  const payload = new Uint8Array(length);
  payload.set(bytes.slice(at, at + local));
  let filled = local;
  let page = bytes.u32(at + local, false);
  // Every page adds bytes, so a chain that runs in a circle ends as well.
  while (filled < length) {
    const start = (page - 1) * pageSize;
    if (page === 0 || start + usable > bytes.length) return undefined;
    const part = bytes.slice(start + 4, start + 4 + Math.min(usable - 4, length - filled));
    payload.set(part, filled);
    filled += part.length;
    page = bytes.u32(start, false);
  }
  return payload;
}

function* cells(file: SqliteFile, root: number, onBroken: () => void): Generator<Uint8Array> {
  const { bytes, pageSize } = file;
  const seen = new Set<number>();
  const pending: { readonly page: number; readonly depth: number }[] = [{ page: root, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const start = (next.page - 1) * pageSize;
    if (next.page < 1 || start + pageSize > bytes.length || seen.has(next.page)) {
      onBroken();
      continue;
    }
    seen.add(next.page);
    const head = next.page === 1 ? start + 100 : start;
    const kind = bytes.byte(head);
    const count = bytes.u16(head + 3, false);
    const pointers = head + (kind === INTERIOR_TABLE ? 12 : 8);
    if ((kind !== INTERIOR_TABLE && kind !== LEAF_TABLE) || pointers + count * 2 > start + pageSize) {
      onBroken();
      continue;
    }
    if (kind === INTERIOR_TABLE && next.depth < MAX_DEPTH) {
      pending.push({ page: bytes.u32(head + 8, false), depth: next.depth + 1 });
    }
    for (let index = 0; index < count; index += 1) {
      const cell = start + bytes.u16(pointers + index * 2, false);
      if (cell + 4 > start + pageSize) continue;
      if (kind === INTERIOR_TABLE) {
        if (next.depth < MAX_DEPTH) pending.push({ page: bytes.u32(cell, false), depth: next.depth + 1 });
        continue;
      }
      const length = varint(bytes, cell);
      const key = length === undefined ? undefined : varint(bytes, cell + length[1]);
      if (length === undefined || key === undefined) continue;
      const payload = payloadOf(file, cell + length[1] + key[1], length[0]);
      if (payload === undefined) onBroken();
      else yield payload;
    }
  }
}

function integerAt(payload: Uint8Array, at: number, size: number): number {
  let value = (payload[at] ?? 0) > 127 ? -1 : 0;
  for (let index = 0; index < size; index += 1) value = value * 256 + (payload[at + index] ?? 0);
  return value;
}

const INTEGER_BYTES: readonly number[] = [0, 1, 2, 3, 4, 6, 8];

function columns(payload: Uint8Array): SqliteValue[] {
  const whole = { byte: (at: number): number | undefined => payload[at] };
  const head = varint(whole, 0);
  if (head === undefined || head[0] > payload.length) return [];
  const values: SqliteValue[] = [];
  let at = head[0];
  for (let cursor = head[1]; cursor < head[0]; ) {
    const type = varint(whole, cursor);
    if (type === undefined) break;
    cursor += type[1];
    const [code] = type;
    if (code === 8 || code === 9) values.push(code - 8);
    else if (code >= 12) {
      const size = Math.trunc((code - 12) / 2);
      values.push(payload.subarray(at, at + size));
      at += size;
    } else {
      const size = code === 7 ? 8 : (INTEGER_BYTES[code] ?? 0);
      values.push(code === 0 || code === 7 ? null : integerAt(payload, at, size));
      at += size;
    }
  }
  return values;
}

const asText = (value: SqliteValue | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';

/**
 * Rows of a table by its name. Undefined when the bytes are no SQLite file or hold no such table; pages that are
 * broken are passed over. Each page is read once.
 * `onBroken` is called for each page and row that is not whole, while the rows are read.
 */
export function readTable(
  content: FileContent,
  table: string,
  onBroken: () => void = () => undefined,
): Iterable<readonly SqliteValue[]> | undefined {
  const file = openFile(content);
  if (file === undefined) return undefined;
  for (const payload of cells(file, 1, onBroken)) {
    const [type, name, , root] = columns(payload);
    if (asText(type) !== 'table' || asText(name) !== table || typeof root !== 'number') continue;
    return cells(file, root, onBroken).map(columns);
  }
  return undefined;
}
