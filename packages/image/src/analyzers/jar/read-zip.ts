// Reads the central directory of ZIP archives in memory, and single entries of them. Nothing is extracted to disk.
// Format: APPNOTE.TXT 6.3.10 (PKWARE). Sizes and offsets are hostile; each is checked, and the caller gives a budget.
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated; others are not read. */
  readonly method: number;
  readonly compressedSize: number;
  /** As declared; what comes out may differ. */
  readonly size: number;
  /** Of the local header, within the file. */
  readonly offset: number;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Set when the directory ends early or has too many entries; those before stand. */
  readonly problem?: string;
}

const END_BYTES = Buffer.from('PK\x05\x06', 'latin1');
const LOCATOR_64 = 0x07064b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;
const ENTRY_SIZE = 46;
/** Far above real archives; a directory entry takes 46 bytes, so that this bounds the time as well. */
export const MAX_ZIP_ENTRIES = 500_000;

/** The problem of entries beyond the limit that the caller gave. */
export const TOO_LARGE = 'entry is too large';

interface End {
  readonly at: number;
  readonly size: number;
  readonly offset: number;
}

/** The last end record whose comment reaches no further than the file. */
function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_SIZE - MAX_COMMENT);
  const tail = bytes.subarray(first);
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

function readEnd(bytes: Buffer, at: number): End {
  const end: End = { at, size: bytes.readUInt32LE(at + 12), offset: bytes.readUInt32LE(at + 16) };
  const locator = at - 20;
  if (locator < 0 || bytes.readUInt32LE(locator) !== LOCATOR_64) return end;
  const wide = Number(bytes.readBigUInt64LE(locator + 8));
  if (!(wide <= locator - 56) || bytes.readUInt32LE(wide) !== END_64) return end;
  return {
    at: wide,
    size: Number(bytes.readBigUInt64LE(wide + 40)),
    offset: Number(bytes.readBigUInt64LE(wide + 48)),
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

/** Entries that the caller wants by name; `undefined` when it is no ZIP archive. Self-starting ones count as archives. */
export function readZipDirectory(bytes: Buffer, wanted: (name: string) => boolean): ZipDirectory | undefined {
  const endAt = findEnd(bytes);
  if (endAt < 0) return undefined;
  const end = readEnd(bytes, endAt);
  const start = end.at - end.size;
  // Scripts before the archive move everything; offsets do not always know.
  const shift = start - end.offset;
  if (!(start >= 0) || !(shift >= 0))
    return { entries: [], problem: 'ZIP directory lies outside of the file' };
  const entries: ZipEntry[] = [];
  let at = start;
  for (let count = 0; at + ENTRY_SIZE <= end.at && bytes.readUInt32LE(at) === ENTRY; count++) {
    if (count >= MAX_ZIP_ENTRIES) return { entries, problem: `more than ${MAX_ZIP_ENTRIES} ZIP entries` };
    const nameEnd = at + ENTRY_SIZE + bytes.readUInt16LE(at + 28);
    const next = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (next > end.at) break;
    const name = bytes.toString('utf8', at + ENTRY_SIZE, nameEnd);
    if (wanted(name)) {
      const extra = bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(at + 30));
      const [size, compressedSize, offset] = widened(extra, [
        bytes.readUInt32LE(at + 24),
        bytes.readUInt32LE(at + 20),
        bytes.readUInt32LE(at + 42),
      ]);
      entries.push({
        name,
        method: bytes.readUInt16LE(at + 10),
        size,
        compressedSize,
        offset: offset + shift,
      });
    }
    at = next;
  }
  return at === end.at ? { entries } : { entries, problem: 'ZIP directory is cut or broken' };
}

/** Content of an entry, stored ones without a copy. A problem when it is broken or inflates beyond `limit` bytes. */
export function readZipEntry(
  bytes: Buffer,
  entry: ZipEntry,
  limit: number,
): { readonly content: Buffer } | { readonly problem: string } {
  const { offset, compressedSize, method } = entry;
  if (!(offset + 30 <= bytes.length) || bytes.readUInt32LE(offset) !== LOCAL) {
    return { problem: 'entry without local header' };
  }
  if ((bytes.readUInt16LE(offset + 6) & 1) !== 0) return { problem: 'entry is encrypted' };
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  if (!(start + compressedSize <= bytes.length)) return { problem: 'entry ends beyond the file' };
  const data = bytes.subarray(start, start + compressedSize);
  if (method === 0) return data.length > limit ? { problem: TOO_LARGE } : { content: data };
  if (method !== 8) return { problem: `compression method ${method} is not supported` };
  if (limit <= 0) return { problem: TOO_LARGE };
  try {
    return { content: inflateRawSync(data, { maxOutputLength: limit }) };
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return { problem: tooLarge ? TOO_LARGE : 'entry does not inflate' };
  }
}
