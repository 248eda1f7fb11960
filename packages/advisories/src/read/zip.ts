// Zip archives, read through their central directory: one entry at a time, each bounded.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { CodedError } from '@guardcell/kit';

export interface ZipEntry {
  readonly path: string;
  readonly content: Buffer;
}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_DIRECTORY = 512 * 2 ** 20;

interface Directory {
  readonly offset: number;
  readonly size: number;
}

interface Place {
  readonly path: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Yields the entries whose path `wanted` accepts.
 * @throws CodedError GC_FEED_ZIP for damaged archives and entries larger than `maxEntry` bytes.
 */
export function* zipEntries(
  file: string,
  wanted: (path: string) => boolean,
  maxEntry: number,
): Generator<ZipEntry> {
  const refuse = (message: string, cause?: unknown): CodedError =>
    new CodedError('GC_FEED_ZIP', message, { at: file, hint: 'Fetch the archive again.', cause });
  const fd = openSync(file, 'r');
  try {
    const total = fstatSync(fd).size;
    const read = (offset: number, length: number): Buffer => {
      if (offset < 0 || length < 0 || offset + length > total) throw refuse('the archive is cut off');
      const buffer = Buffer.alloc(length);
      if (readSync(fd, buffer, 0, length, offset) < length) throw refuse('the archive is cut off');
      return buffer;
    };
    const directory = findDirectory(read, total, refuse);
    if (directory.size > MAX_DIRECTORY) throw refuse('the directory of the archive is too large');
    for (const place of places(read(directory.offset, directory.size), refuse)) {
      if (!wanted(place.path)) continue;
      if (place.size > maxEntry || place.packed > maxEntry)
        throw refuse(`${place.path} is larger than ${maxEntry} bytes`);
      const head = read(place.offset, 30);
      if (head.readUInt32LE(0) !== LOCAL) throw refuse(`${place.path} is not where the directory says`);
      const start = place.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
      const packed = read(start, place.packed);
      yield { path: place.path, content: inflate(packed, place, maxEntry, refuse) };
    }
  } finally {
    closeSync(fd);
  }
}

type Refuse = (message: string, cause?: unknown) => CodedError;

function inflate(packed: Buffer, place: Place, maxEntry: number, refuse: Refuse): Buffer {
  if (place.method === 0) return packed;
  if (place.method !== 8) throw refuse(`${place.path} is packed in an unknown way (${place.method})`);
  try {
    return inflateRawSync(packed, { maxOutputLength: maxEntry });
  } catch (cause) {
    throw refuse(`${place.path} cannot be unpacked`, cause);
  }
}

function findDirectory(
  read: (offset: number, length: number) => Buffer,
  total: number,
  refuse: Refuse,
): Directory {
  const length = Math.min(total, 65_557);
  const tail = read(total - length, length);
  for (let at = length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END) continue;
    const size = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    if (offset !== 0xffffffff && size !== 0xffffffff && tail.readUInt16LE(at + 10) !== 0xffff)
      return { offset, size };
    if (at < 20 || tail.readUInt32LE(at - 20) !== END64_LOCATOR) return { offset, size };
    const end64 = read(Number(tail.readBigUInt64LE(at - 12)), 56);
    return { size: Number(end64.readBigUInt64LE(40)), offset: Number(end64.readBigUInt64LE(48)) };
  }
  throw refuse('this is not a complete zip archive');
}

function* places(directory: Buffer, refuse: Refuse): Generator<Place> {
  let at = 0;
  while (at + 46 <= directory.length) {
    if (directory.readUInt32LE(at) !== CENTRAL) throw refuse('the directory of the archive is damaged');
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const next = at + 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
    if (next > directory.length) throw refuse('the directory of the archive is damaged');
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const [size, packed, offset] = large(extra, [
      directory.readUInt32LE(at + 24),
      directory.readUInt32LE(at + 20),
      directory.readUInt32LE(at + 42),
    ]);
    yield {
      path: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      packed: packed ?? 0,
      size: size ?? 0,
      offset: offset ?? 0,
    };
    at = next;
  }
}

/** Sizes of more than 32 bits are in an extra field, in this order, only those that do not fit. */
function large(extra: Buffer, fields: readonly number[]): readonly number[] {
  if (!fields.includes(0xffffffff)) return fields;
  let at = 0;
  while (at + 4 <= extra.length) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      let value = at + 4;
      return fields.map((field) => {
        if (field !== 0xffffffff || value + 8 > Math.min(extra.length, at + 4 + length)) return field;
        value += 8;
        return Number(extra.readBigUInt64LE(value - 8));
      });
    }
    at += 4 + length;
  }
  return fields;
}
