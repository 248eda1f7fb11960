// Reads the central directory of ZIP archives, and single entries of them, wherever the archive lies.
// Format: APPNOTE.TXT 6.3.10 (PKWARE). Sizes and offsets are hostile; each is checked, and the caller gives a budget.
import { inflateRawSync } from 'node:zlib';
import { type FileContent, partOf, WINDOW_BYTES } from '../../content/file-content.ts';
import { releaseMemory } from '../../content/release-memory.ts';

export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated; others are not read. */
  readonly method: number;
  readonly compressedSize: number;
  /** As declared; what comes out may differ. */
  readonly size: number;
  /** Of the local header, within the file. */
  readonly offset: number;
  /** Kind and permission bits, where a Unix packed it. */
  readonly mode: number | undefined;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Set when the directory ends early or has too many entries; those before stand. */
  readonly problem?: string;
  /** Entries that were looked at, wanted or not. */
  readonly seen: number;
}

const END_BYTES = Buffer.from('PK\x05\x06', 'latin1');
const LOCATOR_64 = 0x07064b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;
const ENTRY_SIZE = 46;
const BY_UNIX = 3;
/** Far above real archives; a directory entry takes 46 bytes, so that this bounds the time as well. */
export const MAX_ZIP_ENTRIES = 500_000;
/** Of wanted entries, together: real archives have some thousand of them. */
const MAX_NAME_CHARS = 8 * 1024 * 1024;
const LOCAL_SIZE = 30;

/** The problem of entries beyond the limit that the caller gave. */
export const TOO_LARGE = 'entry is too large';
export const ENCRYPTED = 'entry is encrypted';
/** zlib's own least size of a piece of output. */
const LEAST_CHUNK = 64;
/** Deflate makes no more of a byte. */
const DEFLATE_RATIO = 1032;

interface End {
  readonly at: number;
  readonly size: number;
  readonly offset: number;
}

/** The last end record whose comment reaches no further than the file. */
function findEnd(zip: FileContent): number {
  const first = Math.max(0, zip.size - END_SIZE - MAX_COMMENT);
  const tail = zip.read(first, END_SIZE + MAX_COMMENT);
  for (
    let at = tail.lastIndexOf(END_BYTES);
    at >= 0;
    at = at === 0 ? -1 : tail.lastIndexOf(END_BYTES, at - 1)
  ) {
    const fits = at + END_SIZE <= tail.length;
    if (fits && at + END_SIZE + tail.readUInt16LE(at + 20) <= tail.length) return first + at;
  }
  return -1;
}

function readEnd(zip: FileContent, at: number): End {
  const record = zip.read(at, END_SIZE);
  const end: End = { at, size: record.readUInt32LE(12), offset: record.readUInt32LE(16) };
  const locator = at - 20;
  if (locator < 0) return end;
  const place = zip.read(locator, 20);
  if (place.readUInt32LE(0) !== LOCATOR_64) return end;
  const wide = Number(place.readBigUInt64LE(8));
  if (!(wide <= locator - 56)) return end;
  const wideRecord = zip.read(wide, 56);
  if (wideRecord.readUInt32LE(0) !== END_64) return end;
  return {
    at: wide,
    size: Number(wideRecord.readBigUInt64LE(40)),
    offset: Number(wideRecord.readBigUInt64LE(48)),
  };
}

/** Sizes and offset that do not fit 32 bits stand in the extra field with id 1, in this order. */
function widened(extra: Buffer, fields: [number, number, number]): [number, number, number] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return fields.map((field) => {
      if (field !== 0xffffffff || next + 8 > extra.length) return field;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    }) as [number, number, number];
  }
  return fields;
}

/** Stretches of the directory, one after the other; each is only valid until the next. */
function pages(zip: FileContent): (at: number, length: number) => Buffer {
  let page = zip.held ?? Buffer.alloc(0);
  let start = 0;
  return (at, length) => {
    if (zip.held === undefined && !(at >= start && at + length <= start + page.length)) {
      page = zip.window(at, WINDOW_BYTES);
      start = at;
    }
    return page.subarray(at - start, at - start + length);
  };
}

/**
 * Entries that the caller wants by name, and then by the rest of what is said of them, of at most `most` that are looked at; `undefined` when it is no ZIP archive. Self-starting
 * ones count as archives.
 */
export function readZipDirectory(
  zip: FileContent,
  wanted: (name: string) => boolean,
  most = MAX_ZIP_ENTRIES,
  keeps: (entry: ZipEntry) => boolean = () => true,
): ZipDirectory | undefined {
  const endAt = findEnd(zip);
  if (endAt < 0) return undefined;
  const end = readEnd(zip, endAt);
  const start = end.at - end.size;
  // Scripts before the archive move everything; offsets do not always know.
  const shift = start - end.offset;
  if (!(start >= 0) || !(shift >= 0))
    return { entries: [], problem: 'ZIP directory lies outside of the file', seen: 0 };
  const entries: ZipEntry[] = [];
  const page = pages(zip);
  let at = start;
  let seen = 0;
  let nameChars = 0;
  for (; at + ENTRY_SIZE <= end.at; seen += 1) {
    const head = page(at, ENTRY_SIZE);
    if (head.length < ENTRY_SIZE || head.readUInt32LE(0) !== ENTRY) break;
    if (seen >= most) return { entries, problem: `more than ${most} ZIP entries`, seen };
    const nameLength = head.readUInt16LE(28);
    const extraEnd = ENTRY_SIZE + nameLength + head.readUInt16LE(30);
    const length = extraEnd + head.readUInt16LE(32);
    if (at + length > end.at) break;
    const record = page(at, extraEnd);
    const name = record.toString('utf8', ENTRY_SIZE, ENTRY_SIZE + nameLength);
    if (wanted(name)) {
      const [size, compressedSize, offset] = widened(record.subarray(ENTRY_SIZE + nameLength), [
        record.readUInt32LE(24),
        record.readUInt32LE(20),
        record.readUInt32LE(42),
      ]);
      const method = record.readUInt16LE(10);
      const mode = record[5] === BY_UNIX ? record.readUInt16LE(40) : undefined;
      const entry: ZipEntry = { name, method, size, compressedSize, offset: offset + shift, mode };
      if (keeps(entry)) {
        nameChars += name.length;
        if (nameChars > MAX_NAME_CHARS)
          return { entries, problem: 'names of ZIP entries are too long together', seen };
        entries.push(entry);
      }
    }
    at += length;
  }
  return at === end.at ? { entries, seen } : { entries, problem: 'ZIP directory is cut or broken', seen };
}

/** Where the data of an entry lie, as they are stored. */
export function zipEntryData(
  zip: FileContent,
  { offset, compressedSize, method }: ZipEntry,
): { readonly data: FileContent } | { readonly problem: string } {
  if (!(offset + LOCAL_SIZE <= zip.size)) return { problem: 'entry without local header' };
  const local = zip.read(offset, LOCAL_SIZE);
  if (local.length < LOCAL_SIZE || local.readUInt32LE(0) !== LOCAL)
    return { problem: 'entry without local header' };
  if ((local.readUInt16LE(6) & 1) !== 0) return { problem: ENCRYPTED };
  const start = offset + LOCAL_SIZE + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (!(start + compressedSize <= zip.size)) return { problem: 'entry ends beyond the file' };
  if (method !== 0 && method !== 8) return { problem: `compression method ${method} is not supported` };
  return { data: partOf(zip, start, compressedSize) };
}

/** What a packer may have needed for so many bytes, and some more. */
const mostPacked = (plain: number): number => plain + plain / 4 + 65_536;

/** Content of an entry, stored ones without a copy. A problem when it is broken or inflates beyond `limit` bytes. */
export function readZipEntry(
  zip: FileContent,
  entry: ZipEntry,
  limit: number,
): { readonly content: Buffer } | { readonly problem: string } {
  const found = zipEntryData(zip, entry);
  if ('problem' in found) return found;
  const { data } = found;
  if (entry.method === 0)
    return data.size > limit ? { problem: TOO_LARGE } : { content: data.read(0, data.size) };
  if (limit <= 0 || data.size > mostPacked(limit)) return { problem: TOO_LARGE };
  // What is as large as it says comes in one piece.
  const most = Math.min(entry.size + 1, limit, data.size * DEFLATE_RATIO);
  const chunkSize = Math.max(LEAST_CHUNK, most);
  const packed = data.read(0, data.size);
  try {
    return { content: inflateRawSync(packed, { maxOutputLength: limit, chunkSize }) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return { problem: TOO_LARGE };
    if (code?.startsWith('Z_') === true) return { problem: 'entry does not inflate' };
    throw cause;
  } finally {
    if (data.held === undefined) releaseMemory(packed);
  }
}
