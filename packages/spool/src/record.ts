// One record of a segment file: [length u32][crc32c u32][seq u64][payload], little-endian. The length is that of the
// payload; the checksum is over seq and payload.
import { crc32c } from './crc32c.ts';

export const HEADER_BYTES = 16;

/** Longer payloads are not taken. */
export const MOST_PAYLOAD_BYTES = 1024 * 1024;

export interface RecordPlace {
  readonly seq: number;
  readonly offset: number;
  readonly payloadBytes: number;
}

export interface SegmentScan {
  /** Intact records, seqs ascending. */
  readonly records: readonly RecordPlace[];
  /** Where the last intact record ends. */
  readonly intactBytes: number;
  /** How many records look destroyed between and after the intact ones; a torn last record is none. */
  readonly destroyed: number;
}

/** The record to append. */
export function encodeRecord(seq: number, payload: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  record.writeUInt32LE(payload.length, 0);
  record.writeBigUInt64LE(BigInt(seq), 8);
  record.set(payload, HEADER_BYTES);
  record.writeUInt32LE(crc32c(record.subarray(8)), 4);
  return record;
}

interface Header {
  readonly payloadBytes: number;
  readonly crc: number;
  readonly seq: number;
}

// A header that could be one: sizes within bounds, seq after the one before and not absurdly far.
function headerAt(bytes: Buffer, offset: number, previousSeq: number): Header | undefined {
  if (offset + HEADER_BYTES > bytes.length) return undefined;
  const payloadBytes = bytes.readUInt32LE(offset);
  const seq = Number(bytes.readBigUInt64LE(offset + 8));
  if (payloadBytes > MOST_PAYLOAD_BYTES || seq <= previousSeq || !Number.isSafeInteger(seq)) return undefined;
  return { payloadBytes, seq, crc: bytes.readUInt32LE(offset + 4) };
}

/** The intact record at `offset`, or undefined. */
export function recordAt(bytes: Buffer, offset: number, previousSeq: number): RecordPlace | undefined {
  const header = headerAt(bytes, offset, previousSeq);
  if (header === undefined) return undefined;
  const end = offset + HEADER_BYTES + header.payloadBytes;
  if (end > bytes.length || crc32c(bytes.subarray(offset + 8, end)) !== header.crc) return undefined;
  return { seq: header.seq, offset, payloadBytes: header.payloadBytes };
}

// Checksums are only computed for headers that promise a seq soon after the one before, so that a search stays quick.
const SEARCH_SEQS = 1_000_000;

function nextIntact(bytes: Buffer, from: number, previousSeq: number): RecordPlace | undefined {
  let budgetBytes = bytes.length * 8;
  for (let offset = from; offset + HEADER_BYTES <= bytes.length && budgetBytes > 0; offset++) {
    const header = headerAt(bytes, offset, previousSeq);
    if (header === undefined || (previousSeq > 0 && header.seq > previousSeq + SEARCH_SEQS)) continue;
    budgetBytes -= Math.min(header.payloadBytes, bytes.length - offset);
    const record = recordAt(bytes, offset, previousSeq);
    if (record !== undefined) return record;
  }
  return undefined;
}

// Records after the last intact one that are all there by their size but whose content is damaged.
function wholeButDamaged(bytes: Buffer, from: number, previousSeq: number): number {
  let count = 0;
  let offset = from;
  for (;;) {
    const header = headerAt(bytes, offset, previousSeq);
    if (header === undefined) return count;
    offset += HEADER_BYTES + header.payloadBytes;
    if (offset > bytes.length) return count;
    count += 1;
  }
}

/** Finds every intact record of a segment, whatever else is in the bytes; `afterSeq` is the last seq before it. */
export function scanSegment(bytes: Buffer, afterSeq: number): SegmentScan {
  const records: RecordPlace[] = [];
  let end = 0;
  let seq = afterSeq;
  let destroyed = 0;
  for (;;) {
    let record = recordAt(bytes, end, seq);
    if (record === undefined) {
      record = end < bytes.length ? nextIntact(bytes, end + 1, seq) : undefined;
      if (record === undefined) break;
      destroyed += Math.max(1, record.seq - seq - 1);
    }
    records.push(record);
    seq = record.seq;
    end = record.offset + HEADER_BYTES + record.payloadBytes;
  }
  return { records, intactBytes: end, destroyed: destroyed + wholeButDamaged(bytes, end, seq) };
}
