// Reads `Packages` of older systems: a Berkeley DB hash table, whose values lie on chains of overflow pages.

import type { FileContent } from '../../content/file-content.ts';
import { type DatabaseBytes, databaseBytes, MAX_VALUE_BYTES } from './database-bytes.ts';

const HASH_MAGIC = 0x00061561;
const PAGE_HEAD = 26;
const HASH_UNSORTED = 2;
const OVERFLOW = 7;
const HASH = 13;
const ITEM_KEYDATA = 1;
const ITEM_OFFPAGE = 3;

interface HashFile {
  readonly bytes: DatabaseBytes;
  readonly pageSize: number;
  readonly little: boolean;
}

function openFile(content: FileContent): HashFile | undefined {
  if (content.size < 512) return undefined;
  const bytes = databaseBytes(content);
  const little = bytes.u32(12, true) === HASH_MAGIC;
  if (!little && bytes.u32(12, false) !== HASH_MAGIC) return undefined;
  const pageSize = bytes.u32(20, little);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return undefined;
  return { bytes, pageSize, little };
}

/** A value on overflow pages; undefined when the chain is broken. */
function overflowValue(file: HashFile, first: number, length: number): Uint8Array | undefined {
  const { bytes, pageSize, little } = file;
  if (length > bytes.length || length > MAX_VALUE_BYTES) return undefined;
  const value = new Uint8Array(length);
  let filled = 0;
  let page = first;
  while (filled < length) {
    const start = page * pageSize;
    if (page === 0 || start + pageSize > bytes.length || bytes.byte(start + 25) !== OVERFLOW)
      return undefined;
    // On overflow pages the field of the free offset says how many bytes the page holds.
    const held = Math.min(bytes.u16(start + 22, little), pageSize - PAGE_HEAD, length - filled);
    if (held === 0) return undefined;
    value.set(bytes.slice(start + PAGE_HEAD, start + PAGE_HEAD + held), filled);
    filled += held;
    page = bytes.u32(start + 16, little);
  }
  return value;
}

/** Values of one hash page: items come in pairs, key before value. */
function* valuesOfPage(file: HashFile, start: number, onBroken: () => void): Generator<Uint8Array> {
  const { bytes, pageSize, little } = file;
  const count = bytes.u16(start + 20, little);
  if (PAGE_HEAD + count * 2 > pageSize) return;
  for (let index = 1; index < count; index += 2) {
    const offset = bytes.u16(start + PAGE_HEAD + index * 2, little);
    const at = start + offset;
    if (offset + 12 > pageSize) continue;
    if (bytes.byte(at) === ITEM_OFFPAGE) {
      const value = overflowValue(file, bytes.u32(at + 4, little), bytes.u32(at + 8, little));
      if (value === undefined) onBroken();
      else yield value;
    } else if (bytes.byte(at) === ITEM_KEYDATA) {
      // Items grow from the end of the page down: one ends where the one before it begins.
      const end = bytes.u16(start + PAGE_HEAD + (index - 1) * 2, little);
      if (end > offset && end <= pageSize) yield bytes.slice(at + 1, start + end);
    }
  }
}

/**
 * Values of the table, page by page; undefined when the bytes are no such database. A total of more bytes than
 * the file has ends it: then pages name each other's values. `onBroken` is called for each value that is not whole.
 */
export function bdbValues(content: FileContent, onBroken: () => void): Iterable<Uint8Array> | undefined {
  const file = openFile(content);
  return file === undefined ? undefined : allValues(file, onBroken);
}

function* allValues(file: HashFile, onBroken: () => void): Generator<Uint8Array> {
  const { bytes, pageSize } = file;
  let total = 0;
  for (let start = pageSize; start + pageSize <= bytes.length; start += pageSize) {
    const kind = bytes.byte(start + 25);
    if (kind !== HASH && kind !== HASH_UNSORTED) continue;
    for (const value of valuesOfPage(file, start, onBroken)) {
      total += value.length;
      if (total > bytes.length) {
        onBroken();
        return;
      }
      yield value;
    }
  }
}
