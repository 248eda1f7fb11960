// Binary deltas: the new file as pieces of the old one and what is new. Pieces end where the content says, so that
// rows that moved within the file are still found.
import { createHash } from 'node:crypto';
import { constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { CodedError } from '@guardcell/kit';

const MAGIC = 'GCDELTA1';
const MIN_PIECE = 64;
const MAX_PIECE = 4096;
/** A piece ends with probability 1/256 at each byte. */
const MASK = 0xff00_0000;
const MAX_OUTPUT = 2 ** 31 - 1;

/** Fixed pseudo-random numbers for the rolling hash: both sides must cut alike. */
const GEAR: Int32Array = (() => {
  const gear = new Int32Array(256);
  let state = 0x9e3779b9;
  for (let at = 0; at < 256; at += 1) {
    state = Math.imul(state ^ (state >>> 15), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35) ^ (at * 0x27d4eb2f);
    gear[at] = state ^ (state >>> 16);
  }
  return gear;
})();

/** Ends of the pieces. */
function* cuts(bytes: Buffer): Generator<readonly [number, number]> {
  let start = 0;
  let hash = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0;
    const length = at - start + 1;
    if (length < MIN_PIECE || ((hash & MASK) !== 0 && length < MAX_PIECE)) continue;
    yield [start, at + 1];
    start = at + 1;
    hash = 0;
  }
  if (start < bytes.length) yield [start, bytes.length];
}

function key(piece: Buffer): string {
  return createHash('sha1').update(piece).digest('latin1');
}

/** Makes what `applyDelta` needs to turn `from` into `to`. */
export function makeDelta(from: Buffer, to: Buffer): Buffer {
  const known = new Map<string, number>();
  for (const [start, end] of cuts(from)) {
    const piece = key(from.subarray(start, end));
    if (!known.has(piece)) known.set(piece, start);
  }
  // [offset in the old file or -1 for new bytes, length], neighbours joined.
  const steps: [number, number][] = [];
  const fresh: Buffer[] = [];
  for (const [start, end] of cuts(to)) {
    const piece = to.subarray(start, end);
    const offset = known.get(key(piece)) ?? -1;
    const last = steps.at(-1);
    if (offset < 0) fresh.push(piece);
    const joins =
      last !== undefined && (offset < 0 ? last[0] < 0 : last[0] >= 0 && last[0] + last[1] === offset);
    if (last !== undefined && joins) last[1] += piece.length;
    else steps.push([offset, piece.length]);
  }
  const table = Buffer.alloc(steps.length * 8);
  for (const [at, [offset, length]] of steps.entries()) {
    table.writeInt32LE(offset, at * 8);
    table.writeUInt32LE(length, at * 8 + 4);
  }
  const head = Buffer.alloc(16);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(steps.length, 8);
  head.writeUInt32LE(to.length, 12);
  return zstdCompressSync(Buffer.concat([head, table, ...fresh]), {
    params: { [zlib.ZSTD_c_compressionLevel]: 12 },
  });
}

/**
 * The new file.
 * @throws CodedError GC_DB_DELTA for a damaged delta or one that belongs to another file.
 */
export function applyDelta(from: Buffer, delta: Buffer, at: string): Buffer {
  const refuse = (cause?: unknown): CodedError =>
    new CodedError('GC_DB_DELTA', 'the delta is damaged or made for another file', {
      at,
      hint: 'Fetch the whole database instead.',
      cause,
    });
  let body: Buffer;
  try {
    body = zstdDecompressSync(delta, { maxOutputLength: MAX_OUTPUT });
  } catch (cause) {
    throw refuse(cause);
  }
  if (body.length < 16 || body.toString('latin1', 0, 8) !== MAGIC) throw refuse();
  const steps = body.readUInt32LE(8);
  const size = body.readUInt32LE(12);
  let fresh = 16 + steps * 8;
  if (fresh > body.length || size > MAX_OUTPUT) throw refuse();
  const output = Buffer.alloc(size);
  let written = 0;
  for (let step = 0; step < steps; step += 1) {
    const offset = body.readInt32LE(16 + step * 8);
    const length = body.readUInt32LE(20 + step * 8);
    const source = offset < 0 ? body : from;
    const start = offset < 0 ? fresh : offset;
    if (start + length > source.length || written + length > size) throw refuse();
    source.copy(output, written, start, start + length);
    if (offset < 0) fresh += length;
    written += length;
  }
  if (written !== size) throw refuse();
  return output;
}
