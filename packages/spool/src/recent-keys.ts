// Keys of the alerts that were appended lately, so that after a crash one that is made again is known. Two files of a
// bounded number of entries `[seq u64][key u64]`, little-endian; when the newer one is full it takes the older's place.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '@guardcell/kit';

/** Entries a file: so many alerts at least are remembered. */
export const REMEMBERED = 32_768;
const ENTRY_BYTES = 16;

export interface RecentKeys {
  /** Of the alerts that were in the spool when it was opened. */
  readonly known: BigUint64Array;
  /** Written before the alert itself: without the alert of this seq the entry means nothing. @throws system errors */
  note(seq: number, key: bigint): void;
  close(): void;
}

/** 64 bits of a text that names an alert wherever it is made. */
export function keyOfText(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigUInt64LE(0);
}

function entriesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return Buffer.alloc(0);
    throw thrown;
  }
}

/**
 * Alerts after `lastSeq` were never written: their entries do not count, and their seqs may be given to others.
 * @throws system errors
 */
export function openRecentKeys(dir: string, lastSeq: number): RecentKeys {
  const newer = join(dir, 'recent.keys');
  const older = join(dir, 'recent.keys.1');
  const found: (readonly [seq: number, key: bigint])[] = [];
  for (const file of [older, newer]) {
    const bytes = entriesOf(file);
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      const seq = Number(bytes.readBigUInt64LE(at));
      // A seq that comes again was given away anew: what stands before was never written.
      while ((found.at(-1)?.[0] ?? -1) >= seq) found.pop();
      found.push([seq, bytes.readBigUInt64LE(at + 8)]);
    }
  }
  const valid = found.filter(([seq]) => seq <= lastSeq);

  const entry = Buffer.alloc(ENTRY_BYTES);
  let fd = openSync(newer, 'a', 0o600);
  let size = fstatSync(fd).size;
  // Half of an entry at the end would shift all that follow.
  size -= size % ENTRY_BYTES;
  ftruncateSync(fd, size);

  function turn(): void {
    closeSync(fd);
    renameSync(newer, older);
    fd = openSync(newer, 'a', 0o600);
    size = 0;
  }

  return {
    known: BigUint64Array.from(valid, ([, key]) => key),
    note(seq, key) {
      if (size >= REMEMBERED * ENTRY_BYTES) turn();
      entry.writeBigUInt64LE(BigInt(seq), 0);
      entry.writeBigUInt64LE(key, 8);
      size += writeSync(fd, entry);
    },
    close: () => closeSync(fd),
  };
}
