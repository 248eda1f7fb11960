// The time at which a batch of events is judged: the clock is read once for all of them, because reading it takes longer
// than most of what is done with one event.

export interface BatchClock {
  /** Ms since 1970, the same until `next`. */
  nowMs(): number;
  /** The events after this one are of another time. */
  next(): void;
}

export function batchClock(read: () => number): BatchClock {
  let ms: number | undefined;
  return {
    nowMs: () => (ms ??= read()),
    next() {
      ms = undefined;
    },
  };
}
