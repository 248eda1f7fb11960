// A segment: a file of consecutive records that is written at its end, and removed as a whole when all was delivered.
import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  encodeRecord,
  HEADER_BYTES,
  type RecordPlace,
  recordAt,
  type SegmentScan,
  scanSegment,
} from './record.ts';

/** A segment that reaches this size is followed by a new one. */
export const SEGMENT_BYTES = 2 * 1024 * 1024;

const FILE_NAME = /^(\d{16})\.seg$/;

function segmentFileName(firstSeq: number): string {
  return `${String(firstSeq).padStart(16, '0')}.seg`;
}

/** First seq that a file name promises, or undefined when it is no segment. */
export function firstSeqOf(name: string): number | undefined {
  const digits = FILE_NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export interface Segment {
  readonly file: string;
  readonly firstSeq: number;
  lastSeq(): number;
  sizeBytes(): number;
  records(): number;
  /** Appends; on failure nothing of it stays. */
  append(seq: number, payload: Uint8Array): void;
  /** Consecutive records from `fromSeq` or the first one after; stops at a hole. */
  read(
    fromSeq: number,
    maxCount: number,
    maxBytes: number,
  ): { readonly seq: number; readonly payload: string }[];
  /** Whether there is something that is not on disk yet. */
  dirty(): boolean;
  sync(): void;
  close(): void;
  /** Removes the file. */
  remove(): void;
  /** Modification time of the file, ms since 1970. */
  modifiedMs(): number;
}

export interface OpenedSegment {
  readonly segment: Segment;
  readonly scan: SegmentScan;
}

/**
 * Opens or creates the segment of `firstSeq`. The index of its records is held in memory only while it is used.
 * `onLost` hears how many records turn out to be damaged after they were intact.
 * @throws system errors
 */
export function openSegment(dir: string, firstSeq: number, onLost: (records: number) => void): OpenedSegment {
  const file = join(dir, segmentFileName(firstSeq));
  let fd: number | undefined = openSync(file, 'a+', 0o600);
  const scan = scanSegment(readFileSync(file), firstSeq - 1);
  // What follows the last intact record was never acknowledged to anybody.
  ftruncateSync(fd, scan.intactBytes);
  let index: RecordPlace[] | undefined = [...scan.records];
  let size = scan.intactBytes;
  let last = scan.records.at(-1)?.seq ?? firstSeq - 1;
  let count = scan.records.length;
  let unsynced = false;

  function places(): readonly RecordPlace[] {
    if (index === undefined) {
      index = [...scanSegment(readFileSync(file), firstSeq - 1).records];
      lose(count - index.length);
    }
    return index;
  }

  function lose(records: number): void {
    if (records <= 0) return;
    count -= records;
    onLost(records);
  }

  function handle(): number {
    fd ??= openSync(file, 'a+', 0o600);
    return fd;
  }

  const segment: Segment = {
    file,
    firstSeq,
    lastSeq: () => last,
    sizeBytes: () => size,
    records: () => count,
    append(seq, payload) {
      const record = encodeRecord(seq, payload);
      try {
        let written = 0;
        while (written < record.length) written += writeSync(handle(), record, written);
      } catch (thrown) {
        ftruncateSync(handle(), size);
        throw thrown;
      }
      index?.push({ seq, offset: size, payloadBytes: payload.length });
      size += record.length;
      last = seq;
      count += 1;
      unsynced = true;
    },
    read(fromSeq, maxCount, maxBytes) {
      const found: { seq: number; payload: string }[] = [];
      let bytes = 0;
      const all = places();
      let at = all.findIndex((place) => place.seq >= fromSeq);
      for (; at >= 0 && at < all.length && found.length < maxCount; at++) {
        const place = all[at];
        const before = found.at(-1);
        if (place === undefined || (before !== undefined && place.seq !== before.seq + 1)) break;
        if (found.length > 0 && bytes + place.payloadBytes > maxBytes) break;
        const record = Buffer.allocUnsafe(HEADER_BYTES + place.payloadBytes);
        readSync(handle(), record, 0, record.length, place.offset);
        // Damaged since it was indexed: from now on a hole.
        if (recordAt(record, 0, place.seq - 1)?.seq !== place.seq) {
          index = all.filter((other) => other !== place);
          lose(1);
          if (before !== undefined) break;
          continue;
        }
        found.push({ seq: place.seq, payload: record.toString('utf8', HEADER_BYTES) });
        bytes += place.payloadBytes;
      }
      return found;
    },
    dirty: () => unsynced,
    sync() {
      if (unsynced) fdatasyncSync(handle());
      unsynced = false;
    },
    close() {
      segment.sync();
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
      index = undefined;
    },
    remove() {
      unsynced = false;
      segment.close();
      rmSync(file, { force: true });
    },
    modifiedMs: () => Math.floor(statSync(file).mtimeMs),
  };
  return { segment, scan };
}
