// The last events as encoded blocks, so that what came before a match can still be written. Fixed memory.

/** Whose event it is. */
export interface RingOwner {
  readonly containerId: string;
  readonly pid: number;
}

export interface EventRing {
  /** Keeps a copy; the oldest make room. What is larger than the whole ring is not kept. */
  push(blocks: Uint8Array, timeMs: number, owner: RingOwner): void;
  /** Calls back for each event since `fromMs`, oldest first; the bytes are valid only during the call. */
  forEach(fromMs: number, visit: (blocks: Buffer, owner: RingOwner) => void): void;
  clear(): void;
  readonly size: number;
}

interface Slot {
  at: number;
  length: number;
  timeMs: number;
  containerId: string;
  pid: number;
}

export function eventRing(maxEvents: number, maxBytes: number): EventRing {
  const bytes = Buffer.allocUnsafeSlow(maxBytes);
  // slots are reused, so that a busy machine makes no garbage
  const slots: Slot[] = [];
  let first = 0;
  let count = 0;
  let end = 0;

  function slot(index: number): Slot | undefined {
    return slots[(first + index) % maxEvents];
  }

  function dropFirst(): void {
    first = (first + 1) % maxEvents;
    count--;
  }

  /** Frees the bytes from `at` to `to`. */
  function makeRoom(at: number, to: number): void {
    while (count > 0) {
      const oldest = slot(0);
      if (oldest === undefined || oldest.at >= to || oldest.at + oldest.length <= at) return;
      dropFirst();
    }
  }

  return {
    get size() {
      return count;
    },
    push(blocks, timeMs, { containerId, pid }) {
      const { length } = blocks;
      if (length > maxBytes) return;
      if (end + length > maxBytes) {
        // the rest of the buffer stays empty: what begins there is the oldest
        makeRoom(end, maxBytes);
        end = 0;
      }
      makeRoom(end, end + length);
      if (count === maxEvents) dropFirst();
      bytes.set(blocks, end);
      const index = (first + count) % maxEvents;
      const place = slots[index];
      if (place === undefined) slots[index] = { at: end, length, timeMs, containerId, pid };
      else {
        place.at = end;
        place.length = length;
        place.timeMs = timeMs;
        place.containerId = containerId;
        place.pid = pid;
      }
      count++;
      end += length;
    },
    forEach(fromMs, visit) {
      for (let index = 0; index < count; index++) {
        const entry = slot(index);
        if (entry === undefined || entry.timeMs < fromMs) continue;
        visit(bytes.subarray(entry.at, entry.at + entry.length), entry);
      }
    },
    clear() {
      first = 0;
      count = 0;
      end = 0;
    },
  };
}
