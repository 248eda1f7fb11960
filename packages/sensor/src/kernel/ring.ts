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
  /**
   * Hands every complete record to `consume(offset, length)`, at most `limit`. Returns how many there were.
   * A record may be read only until `consume` returns.
   */
  drain(consume: (offset: number, length: number) => void, limit: number): number;
  /** Bytes waiting. */
  pending(): number;
}

/** @param sizeBytes size of the ring, a power of two. */
export function ringReader(pages: RingPages, sizeBytes: number): RingReader {
  const consumerPosition = new BigUint64Array(pages.consumer, 0, 1);
  const producerPosition = new BigUint64Array(pages.producer, 0, 1);
  const words = new Int32Array(pages.data);
  let position = Number(Atomics.load(consumerPosition, 0));

  function release(): void {
    Atomics.store(consumerPosition, 0, BigInt(position));
  }

  function drain(consume: (offset: number, length: number) => void, limit: number): number {
    const end = Number(Atomics.load(producerPosition, 0));
    let count = 0;
    try {
      while (position < end && count < limit) {
        const offset = position % sizeBytes;
        const header = Atomics.load(words, offset >>> 2) >>> 0;
        if ((header & BUSY) !== 0) break;
        const length = header & LENGTH;
        const isDiscarded = (header & DISCARD) !== 0;
        position += (length + RECORD_HEADER + 7) & ~7;
        count++;
        if (!isDiscarded) consume(offset + RECORD_HEADER, length);
        if (count % RELEASE_EVERY === 0) release();
      }
    } finally {
      release();
    }
    return count;
  }

  return { data: pages.data, drain, pending: () => Number(Atomics.load(producerPosition, 0)) - position };
}
