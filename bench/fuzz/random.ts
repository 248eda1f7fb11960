// Reproducible randomness for fuzzing: a seed gives the same case again.

export interface Random {
  /** 0 ≤ x < bound, whole. */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Between `min` and `max` results of `make`. */
  many<T>(min: number, max: number, make: () => T): T[];
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    many: (min, max, make) => Array.from({ length: min + below(max - min + 1) }, make),
  };
}

const BYTES = [
  '\0',
  '\n',
  '\t',
  ' ',
  '"',
  "'",
  '\\',
  '(',
  ')',
  ':',
  '-',
  '%',
  '*',
  '&',
  '\ud800',
  '\ufffd',
  'é',
  '😀',
];

/** A few changes: characters taken out, put in, doubled, parts moved. */
export function mutate(text: string, random: Random): string {
  let out = text;
  for (let change = random.below(4); change >= 0; change -= 1) {
    const at = random.below(out.length + 1);
    const end = Math.min(out.length, at + random.below(8));
    switch (random.below(4)) {
      case 0:
        out = out.slice(0, at) + out.slice(end);
        break;
      case 1:
        out = out.slice(0, at) + random.pick(BYTES) + out.slice(at);
        break;
      case 2:
        out = out.slice(0, end) + out.slice(at);
        break;
      default: {
        const from = random.below(out.length + 1);
        out = out.slice(0, at) + out.slice(from, from + random.below(40)) + out.slice(at);
      }
    }
  }
  return out;
}
