// When the kernel may forget what was read: after each batch, or when the consumer says that its results are safe.
import type { RingReader } from './ring.ts';

/** Batches that wait for being committed; beyond that, older ones are committed together with newer ones. */
const REMEMBERED = 4096;

export interface Batches {
  /** Everything read so far was handed over. Returns the number of this batch, from 1. */
  end(): number;
  /** Frees what was read up to the end of this batch; without a number, of the last. */
  commit(batch?: number): void;
  /** Commits everything that was handed over if it takes more than half of the ring. */
  relieve(): void;
  readonly uncommittedBytes: number;
  /** How often the ring was freed without the consumer's word, because it was half full. */
  readonly forcedCommits: number;
}

export function batches(
  ring: Pick<RingReader, 'position' | 'released' | 'release'>,
  sizeBytes: number,
): Batches {
  const waiting: { readonly batch: number; readonly position: number }[] = [];
  let last = 0;
  let lastPosition = ring.position;
  let forcedCommits = 0;

  function commit(batch = last): void {
    let count = 0;
    let position = ring.released;
    for (const mark of waiting) {
      if (mark.batch > batch) break;
      position = mark.position;
      count++;
    }
    waiting.splice(0, count);
    ring.release(position);
  }

  return {
    end: () => {
      lastPosition = ring.position;
      waiting.push({ batch: ++last, position: lastPosition });
      if (waiting.length > REMEMBERED) waiting.shift();
      return last;
    },
    commit,
    relieve: () => {
      if (lastPosition - ring.released <= sizeBytes / 2) return;
      forcedCommits++;
      commit();
    },
    get uncommittedBytes() {
      return ring.position - ring.released;
    },
    get forcedCommits() {
      return forcedCommits;
    },
  };
}
