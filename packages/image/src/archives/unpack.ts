// What comes out of a gzip (RFC 1952) or zstd (RFC 8878) file: in one piece where that is small, else by pieces in memory of a fixed size.
import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type FileContent, heldContent, partOf } from '../content/file-content.ts';
import { inflatePieces } from '../content/inflate-pieces.ts';
import { releaseMemory } from '../content/release-memory.ts';
import { openTemporaryFile } from '../content/temporary-file.ts';
import { charge, countBroken, type Walk } from './archive-walk.ts';
import { unzstdPieces } from './unpack-elsewhere.ts';

export type PackedKind = 'gzip' | 'zstd';

export const DAMAGED = 'the compressed data are damaged or cut off';
const TOO_MANY_LARGE = 'too many large zstd files in it';
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

/** Threads that one archive may start, and what each counts for in bytes of the scan. */
const MAX_THREADS = 16;
const THREAD_COST = 16 * 2 ** 20;

/** Without bytes it is too large for memory, or damaged: then pieces tell what comes before. With a problem it is not all. */
interface Whole {
  readonly bytes?: Buffer;
  readonly problem?: string;
  /** An attempt failed. */
  readonly isDamaged?: true;
}

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
  if (content.size > HELD_PACKED || stated > limit) return {};
  // In one piece when it is as large as it says, and not larger at once than its input can make it.
  const chunkSize = Math.max(LEAST_CHUNK, Math.min(stated + 1, content.size * 1032, limit + 1));
  const packed = content.read(0, content.size);
  try {
    if (kind === 'zstd') return unzstdHeld(packed, limit, Math.max(chunkSize, MOST_CHUNK));
    return { bytes: gunzipSync(packed, { maxOutputLength: limit, chunkSize }) };
  } catch (error) {
    if (isDamage(error)) return { isDamaged: true };
    if (isTooLarge(error)) return {};
    throw error;
  } finally {
    if (content.held === undefined) releaseMemory(packed);
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const isDamage = (error: unknown): boolean => /^(?:Z_|ZSTD_)/.test(codeOf(error));
const isTooLarge = (error: unknown): boolean => codeOf(error) === 'ERR_BUFFER_TOO_LARGE';

/** What is damaged is worth no thread: it gives what comes before a cut, or nothing. */
function unzstdHeld(packed: Buffer, maxOutputLength: number, chunkSize: number): Whole {
  const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG };
  const options = { params, maxOutputLength, chunkSize };
  try {
    return { bytes: zstdDecompressSync(packed, options) };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  try {
    const bytes = zstdDecompressSync(packed, { ...options, finishFlush: constants.ZSTD_e_flush });
    return { bytes, problem: DAMAGED };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { bytes: Buffer.alloc(0), problem: DAMAGED };
  }
}

/** First bytes of what comes out of gzip; none when they are damaged. */
export function peekGzip(walk: Walk, content: FileContent): Buffer {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 * MOST_CHUNK };
    return gunzipSync(content.read(0, PEEK_PACKED), options);
  } catch {
    countBroken(walk);
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
  const whole = unpackHeld(content, kind, depth > 0 ? HELD_WITHIN : walk.limits.memberBytes);
  if (whole.problem !== undefined || whole.isDamaged === true) countBroken(walk);
  return whole;
}

/** All that comes out by pieces, counted. Returns why it is not all. @throws WalkEnd, and what `write` throws. */
function piecesOf(
  walk: Walk,
  content: FileContent,
  kind: PackedKind,
  write: (piece: Buffer) => void,
): string | undefined {
  const counted = (piece: Buffer): void => {
    charge(walk, piece.length);
    write(piece);
  };
  if (kind === 'gzip') return gunzipPieces(content, counted) ? undefined : DAMAGED;
  walk.threads += 1;
  if (walk.threads > MAX_THREADS) return TOO_MANY_LARGE;
  walk.budget.bytesLeft -= THREAD_COST;
  return unzstdPieces(content, ZSTD_WINDOW_LOG, counted) ? undefined : DAMAGED;
}

/** Hands out what was unpacked in memory, and gives the memory back. Returns why it is not all. */
function using(
  walk: Walk,
  bytes: Buffer,
  { problem }: Whole,
  use: (bytes: Buffer) => void,
): string | undefined {
  try {
    charge(walk, bytes.length);
    if (bytes.length > 0) use(bytes);
  } finally {
    releaseMemory(bytes);
  }
  return problem;
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
  return whole.bytes !== undefined
    ? using(walk, whole.bytes, whole, write)
    : piecesOf(walk, content, kind, write);
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
  if (whole.bytes !== undefined) return using(walk, whole.bytes, whole, (bytes) => use(heldContent(bytes)));
  const file = openTemporaryFile();
  try {
    const problem = piecesOf(walk, content, kind, (piece) => file.write(piece));
    const inner = file.content();
    if (inner.size > 0) use(inner);
    return problem;
  } finally {
    file.close();
  }
}
