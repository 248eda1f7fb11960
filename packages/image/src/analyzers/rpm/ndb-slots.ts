// Reads `Packages.db` of SUSE: pages of slots that name blobs by place, all little endian.

import type { FileContent } from '../../content/file-content.ts';
import { type DatabaseBytes, databaseBytes, MAX_VALUE_BYTES } from './database-bytes.ts';

const DB_MAGIC = 0x506d7052; // RpmP
const SLOT_MAGIC = 0x746f6c53; // Slot
const BLOB_MAGIC = 0x53626c42; // BlbS
const PAGE_BYTES = 4096;
const SLOT_BYTES = 16;
const BLOCK_BYTES = 16;
/** Two slots' room is taken by the head of the file. */
const HEAD_BYTES = 32;
const MAX_SLOT_PAGES = 2048;

/**
 * Blobs of the packages, in the order of slots; undefined when the bytes are no such database. `onBroken` is
 * called for each package whose blob is not where its slot says.
 */
export function ndbBlobs(content: FileContent, onBroken: () => void): Iterable<Uint8Array> | undefined {
  if (content.size < HEAD_BYTES) return undefined;
  const bytes = databaseBytes(content);
  return bytes.u32(0, true) === DB_MAGIC ? blobsOf(bytes, onBroken) : undefined;
}

function* blobsOf(bytes: DatabaseBytes, onBroken: () => void): Generator<Uint8Array> {
  const slotPages = Math.min(bytes.u32(12, true), MAX_SLOT_PAGES);
  const end = Math.min(slotPages * PAGE_BYTES, bytes.length - SLOT_BYTES + 1);
  let total = 0;
  for (let slot = HEAD_BYTES; slot < end; slot += SLOT_BYTES) {
    if (bytes.u32(slot, true) !== SLOT_MAGIC) continue;
    const index = bytes.u32(slot + 4, true);
    const at = bytes.u32(slot + 8, true) * BLOCK_BYTES;
    // Slots without package are free.
    if (index === 0) continue;
    if (at + BLOCK_BYTES > bytes.length || bytes.u32(at, true) !== BLOB_MAGIC) {
      onBroken();
      continue;
    }
    const length = bytes.u32(at + 12, true);
    total += length;
    // Blobs never overlap, so together they are no longer than the file.
    const isWhole = at + BLOCK_BYTES + length <= bytes.length && total <= bytes.length;
    if (isWhole && length <= MAX_VALUE_BYTES) yield bytes.slice(at + BLOCK_BYTES, at + BLOCK_BYTES + length);
    else onBroken();
  }
}
