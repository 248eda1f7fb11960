// Reads a BPF ring buffer straight from its mapped pages: no copy and no native call per record.
// Layout: https://docs.kernel.org/bpf/ringbuf.html
import type { RingPages } from './bpf-backend.ts';

const BUSY = 0x8000_0000;
const DISCARD = 0x4000_0000;
const LENGTH = 0x3fff_ffff;
const RECORD_HEADER = 8;
/** How many records are read before the kernel is told that their space is free. */
const RELEASE_EVERY = 256;

export interface RingReader {
  /** The data pages; offsets given to the consumer count from their start. */
  readonly data: ArrayBuffer;
  /** How far has been read, in bytes since the ring was made. */
  readonly position: number;
  /** How far the kernel has been told. */
  readonly released: number;
  /** Tells the kernel that the space before `position` is free. What is not released is read again after a crash. */
  release(position: number): void;
  /**
   * Hands every complete record to `consume(offset, length)`, at most `limit`. Returns how many there were.
   * A record may be read only until `consume` returns.
   */
  drain(consume: (offset: number, length: number) => void, limit: number): number;
  /** Bytes waiting. */
  pending(): number;
}

/**
 * @param sizeBytes size of the ring, a power of two
 * @param isManual leaves `release` to the caller; a drain then ends after a quarter of the ring at the latest
 */
export function ringReader(pages: RingPages, sizeBytes: number, isManual = false): RingReader {
  const consumerPosition = new BigUint64Array(pages.consumer, 0, 1);
  const producerPosition = new BigUint64Array(pages.producer, 0, 1);
  const words = new Int32Array(pages.data);
  let position = Number(Atomics.load(consumerPosition, 0));

  let released = position;

  function release(to: number): void {
    if (to <= released) return;
    released = to;
    Atomics.store(consumerPosition, 0, BigInt(to));
  }

  function drain(consume: (offset: number, length: number) => void, limit: number): number {
    const end = Number(Atomics.load(producerPosition, 0));
    const stop = isManual ? Math.min(end, position + sizeBytes / 4) : end;
    let count = 0;
    try {
      while (position < stop && count < limit) {
        const offset = position % sizeBytes;
        const header = Atomics.load(words, offset >>> 2) >>> 0;
        if ((header & BUSY) !== 0) break;
        const length = header & LENGTH;
        const isDiscarded = (header & DISCARD) !== 0;
        position += (length + RECORD_HEADER + 7) & ~7;
        count++;
        if (!isDiscarded) consume(offset + RECORD_HEADER, length);
        if (!isManual && count % RELEASE_EVERY === 0) release(position);
      }
    } finally {
      if (!isManual) release(position);
    }
    return count;
  }

  return {
    data: pages.data,
    get position() {
      return position;
    },
    get released() {
      return released;
    },
    release,
    drain,
    pending: () => Number(Atomics.load(producerPosition, 0)) - position,
  };
}
