// Reads `Packages.db` of SUSE: pages of slots that name blobs by place, all little endian.

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
export function ndbBlobs(bytes: Uint8Array, onBroken: () => void): Uint8Array[] | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== DB_MAGIC) return undefined;
  const slotPages = Math.min(view.getUint32(12, true), MAX_SLOT_PAGES);
  const end = Math.min(slotPages * PAGE_BYTES, bytes.length - SLOT_BYTES + 1);
  const blobs: Uint8Array[] = [];
  let total = 0;
  for (let slot = HEAD_BYTES; slot < end; slot += SLOT_BYTES) {
    if (view.getUint32(slot, true) !== SLOT_MAGIC) continue;
    const index = view.getUint32(slot + 4, true);
    const at = view.getUint32(slot + 8, true) * BLOCK_BYTES;
    // Slots without package are free.
    if (index === 0) continue;
    if (at + BLOCK_BYTES > bytes.length || view.getUint32(at, true) !== BLOB_MAGIC) {
      onBroken();
      continue;
    }
    const length = view.getUint32(at + 12, true);
    total += length;
    // Blobs never overlap, so together they are no longer than the file.
    if (at + BLOCK_BYTES + length > bytes.length || total > bytes.length) {
      onBroken();
      continue;
    }
    blobs.push(bytes.subarray(at + BLOCK_BYTES, at + BLOCK_BYTES + length));
  }
  return blobs;
}
