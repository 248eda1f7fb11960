// What comes out of a gzip (RFC 1952) or zstd (RFC 8878) file: in one piece where that is small, else by pieces in memory of a fixed size.
import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type FileContent, heldContent, partOf } from '../content/file-content.ts';
import { inflatePieces } from '../content/inflate-pieces.ts';
import { openTemporaryFile } from '../content/temporary-file.ts';
import { charge, releaseUnpacked, type Walk } from './archive-walk.ts';

export type PackedKind = 'gzip' | 'zstd';

export const DAMAGED = 'the compressed data are damaged or cut off';
const NEEDS_TOO_MUCH = 'unpacking it takes too much memory';
/** Held as they are, beside what comes out. */
const HELD_PACKED = 32 * 2 ** 20;
/** What comes out of archives within archives is held up to this: several may be open within each other. */
const HELD_WITHIN = 8 * 2 ** 20;
/** First bytes that are unpacked to see what they are; a mebibyte comes out at most. */
const PEEK_PACKED = 1024;
const LEAST_CHUNK = 64;
const MOST_CHUNK = 2 ** 20;
/** Windows above 64 MiB are refused. */
const ZSTD_WINDOW_LOG = 26;
const GZIP_HEADER = 10;
const GZIP_TRAILER = 8;
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;

type Whole = { readonly bytes: Buffer } | { readonly problem: 'too large' | 'damaged' };

/** Size of what comes out, as the file says itself; 0 when it says nothing. */
export function statedSize(content: FileContent, kind: PackedKind): number {
  if (kind === 'zstd') return zstdSize(content.read(0, 18));
  return content.size < GZIP_HEADER + GZIP_TRAILER ? 0 : content.read(content.size - 4, 4).readUInt32LE(0);
}

/** Frame_Content_Size of the first frame. */
function zstdSize(head: Buffer): number {
  const descriptor = head[4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const width = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  if (width === 0 || at + width > head.length) return 0;
  if (width === 8) return Number(head.readBigUInt64LE(at));
  return head.readUIntLE(at, width) + (width === 2 ? 256 : 0);
}

/** All of it in memory, `limit` bytes at most. */
function unpackHeld(content: FileContent, kind: PackedKind, limit: number): Whole {
  const stated = statedSize(content, kind);
  if (content.size > HELD_PACKED || stated > limit) return { problem: 'too large' };
  // In one piece when it is as large as it says, and not larger at once than its input can make it.
  const chunkSize = Math.max(LEAST_CHUNK, Math.min(stated + 1, content.size * 1032, limit + 1));
  const packed = content.read(0, content.size);
  try {
    if (kind === 'gzip') return { bytes: gunzipSync(packed, { maxOutputLength: limit, chunkSize }) };
    const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG };
    const options = { params, maxOutputLength: limit, chunkSize: Math.max(chunkSize, MOST_CHUNK) };
    return { bytes: zstdDecompressSync(packed, options) };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return { problem: 'too large' };
    if (/^(?:Z_|ZSTD_)/.test(code)) return { problem: 'damaged' };
    throw error;
  } finally {
    if (content.held === undefined) releaseUnpacked(packed);
  }
}

/** First bytes of what comes out of gzip; none when they are damaged. */
export function peekGzip(content: FileContent): Buffer {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 * MOST_CHUNK };
    return gunzipSync(content.read(0, PEEK_PACKED), options);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Where the deflated data of a gzip member begin; undefined when there is none at `start`. */
function deflatedAt(content: FileContent, start: number): number | undefined {
  const head = content.read(start, GZIP_HEADER);
  if (head.length < GZIP_HEADER || head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8) return undefined;
  const flags = head[3] ?? 0;
  let at = start + GZIP_HEADER;
  if ((flags & FLAG.extra) !== 0) {
    const length = content.read(at, 2);
    if (length.length < 2) return undefined;
    at += 2 + length.readUInt16LE(0);
  }
  for (const flag of [FLAG.name, FLAG.comment]) {
    if ((flags & flag) === 0) continue;
    if (at >= content.size) return undefined;
    const end = content.read(at, 65_536).indexOf(0);
    if (end < 0) return undefined;
    at += end + 1;
  }
  if ((flags & FLAG.headerCrc) !== 0) at += 2;
  return at < content.size ? at : undefined;
}

/** All members of a gzip file, one after the other. False when one is damaged; what came before was written. */
function gunzipPieces(content: FileContent, write: (piece: Buffer) => void): boolean {
  let start = 0;
  for (;;) {
    const at = deflatedAt(content, start);
    // What follows the first member and is none itself is filling, as for gzip(1).
    if (at === undefined) return start > 0;
    let used = 0;
    const rest = partOf(content, at, content.size - at);
    const outcome = inflatePieces(rest, Number.POSITIVE_INFINITY, write, (bytes) => {
      used = bytes;
    });
    if (outcome !== 'whole') return false;
    start = at + used + GZIP_TRAILER;
    if (start >= content.size) return true;
  }
}

function unpackHere(walk: Walk, content: FileContent, kind: PackedKind, depth: number): Whole {
  const { zstdBytes, memberBytes } = walk.limits;
  return unpackHeld(content, kind, kind === 'zstd' ? zstdBytes : depth > 0 ? HELD_WITHIN : memberBytes);
}

/**
 * Gives all that comes out to `write`, whose pieces are only valid during the call, and counts it. Returns why it is not all.
 * @throws WalkEnd, and what `write` throws.
 */
export function unpackPieces(
  walk: Walk,
  content: FileContent,
  kind: PackedKind,
  write: (piece: Buffer) => void,
  depth: number,
): string | undefined {
  const whole = unpackHere(walk, content, kind, depth);
  if ('bytes' in whole) {
    try {
      charge(walk, whole.bytes.length);
      write(whole.bytes);
    } finally {
      releaseUnpacked(whole.bytes);
    }
    return undefined;
  }
  if (kind === 'zstd') return whole.problem === 'damaged' ? DAMAGED : NEEDS_TOO_MUCH;
  const isWhole = gunzipPieces(content, (piece) => {
    charge(walk, piece.length);
    write(piece);
  });
  return isWhole ? undefined : DAMAGED;
}

/**
 * What comes out, for as long as `use` runs: in memory, or on disk where that is too large. Returns why it is not all.
 * @throws WalkEnd, CodedError GC_NO_TEMPORARY_SPACE, and what `use` throws.
 */
export function withUnpacked(
  walk: Walk,
  content: FileContent,
  kind: PackedKind,
  depth: number,
  use: (content: FileContent) => void,
): string | undefined {
  const whole = unpackHere(walk, content, kind, depth);
  if ('bytes' in whole) {
    try {
      charge(walk, whole.bytes.length);
      use(heldContent(whole.bytes));
    } finally {
      releaseUnpacked(whole.bytes);
    }
    return undefined;
  }
  if (kind === 'zstd') return whole.problem === 'damaged' ? DAMAGED : NEEDS_TOO_MUCH;
  const file = openTemporaryFile();
  try {
    const isWhole = gunzipPieces(content, (piece) => {
      charge(walk, piece.length);
      file.write(piece);
    });
    use(file.content());
    return isWhole ? undefined : DAMAGED;
  } finally {
    file.close();
  }
}
