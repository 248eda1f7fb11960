// A small seeded generator, so that fake data is the same on every run.

export interface Random {
  /** 0 ≤ value < 1. */
  next(): number;
  /** An integer, 0 ≤ value < `end`. */
  below(end: number): number;
}

/** mulberry32: 32 bits of state are plenty for test data. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return { next, below: (end) => Math.floor(next() * end) };
}
