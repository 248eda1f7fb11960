// Which objects of a repository were met before: 20 or 32 bytes for each instead of a text.
import { randomInt } from 'node:crypto';

export interface SeenObjects {
  readonly size: number;
  /** True the first time. False too once `max` objects are held: what is new then is counted in `refused`. */
  add(id: string): boolean;
  readonly refused: number;
}

const FIRST_SLOTS = 1 << 12;
/** Unknown to whoever makes a repository: nobody can make all objects meet in one slot. */
const SEED = randomInt(2 ** 31);

/** @param max objects that are held; with SHA-1 each takes 40 to 80 bytes */
export function createSeenObjects(max: number): SeenObjects {
  let width = 0;
  let slots = new Uint32Array(0);
  let capacity = FIRST_SLOTS;
  let size = 0;
  let refused = 0;
  const words = new Uint32Array(8);

  /** Slot of these words, or the free one where they belong. */
  function slotOf(table: Uint32Array, of: Uint32Array, at: number): number {
    const mask = table.length / width - 1;
    let hash = SEED;
    for (let i = at; i < at + width; i++) {
      hash = Math.imul(hash ^ (of[i] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const start = slot * width;
      let same = 0;
      let used = 0;
      for (let i = 0; i < width; i++) {
        const word = table[start + i] ?? 0;
        used |= word;
        if (word === (of[at + i] ?? 0)) same += 1;
      }
      if (same === width || used === 0) return start;
    }
  }

  function grow(): void {
    const old = slots;
    capacity *= 2;
    slots = new Uint32Array(capacity * width);
    for (let at = 0; at < old.length; at += width) {
      let used = 0;
      for (let i = 0; i < width; i++) used |= old[at + i] ?? 0;
      if (used !== 0) slots.set(old.subarray(at, at + width), slotOf(slots, old, at));
    }
  }

  return {
    get size() {
      return size;
    },
    get refused() {
      return refused;
    },
    add(id) {
      if (width === 0) {
        width = id.length / 8;
        slots = new Uint32Array(capacity * width);
      }
      for (let i = 0; i < width; i++) words[i] = Number.parseInt(id.slice(i * 8, i * 8 + 8), 16);
      const start = slotOf(slots, words, 0);
      for (let i = 0; i < width; i++) if ((slots[start + i] ?? 0) !== 0) return false;
      if (size >= max) {
        refused += 1;
        return false;
      }
      slots.set(words.subarray(0, width), start);
      size += 1;
      if (size * 2 > capacity) grow();
      return true;
    },
  };
}
