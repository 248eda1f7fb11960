// pwxform, the mixing of yescrypt: multiplies, looks up in tables and fills them anew as it goes. With PWXsimple 2,
// PWXgather 4, PWXrounds 6 and Swidth 8, the only ones that yescrypt 1.1 computes. Spec: yescrypt 1.1 by Solar Designer.
import { BLOCK_WORDS } from './salsa20.ts';

const ROUNDS = 6;
/** Words of one of the three tables. */
const TABLE_WORDS = 1024;
/** Of a word: which entry of four words, as an index of words times four. */
const ENTRY_MASK = 0xff0;
/** Words of the tables of one lane. */
export const LANE_WORDS: number = 3 * TABLE_WORDS;

/** The tables of one lane: where each begins, and what is written next in the third. */
export interface Lane {
  readonly words: Int32Array;
  first: number;
  second: number;
  third: number;
  next: number;
}

/** A lane over `LANE_WORDS` words that were filled for it. */
export function laneOf(words: Int32Array): Lane {
  return { words, first: 2 * TABLE_WORDS, second: TABLE_WORDS, third: 0, next: 0 };
}

/** Mixes the block of `x` that begins at `from`, in place: x ← (high × low + first[…]) xor second[…], 64 bits at a time. */
export function pwxform(x: Int32Array, from: number, lane: Lane): void {
  const { words, first, second, third } = lane;
  let next = third + lane.next;
  for (let round = 0; round < ROUNDS; round++) {
    const isKept = round !== 0 && round !== ROUNDS - 1;
    for (let at = from; at < from + BLOCK_WORDS; at += 4) {
      const one = first + (((x[at] as number) & ENTRY_MASK) >> 2);
      const two = second + (((x[at + 1] as number) & ENTRY_MASK) >> 2);
      for (let k = 0; k < 4; k += 2) {
        const low = x[at + k] as number;
        const high = x[at + k + 1] as number;
        // The upper half of the product, from products of 16 bits: numbers hold no 64 bits.
        const highUpper = high >>> 16;
        const highLower = high & 0xffff;
        const lowUpper = low >>> 16;
        const lowLower = low & 0xffff;
        const crossed = Math.imul(highUpper, lowLower);
        const other = Math.imul(highLower, lowUpper);
        const carried = (Math.imul(highLower, lowLower) >>> 16) + (crossed & 0xffff) + (other & 0xffff);
        const upper = Math.imul(highUpper, lowUpper) + (crossed >>> 16) + (other >>> 16) + (carried >>> 16);
        const added = words[one + k] as number;
        const sum = (Math.imul(high, low) + added) | 0;
        const carry = sum >>> 0 < added >>> 0 ? 1 : 0;
        const newLow = sum ^ (words[two + k] as number);
        const newHigh = (upper + (words[one + k + 1] as number) + carry) ^ (words[two + k + 1] as number);
        x[at + k] = newLow;
        x[at + k + 1] = newHigh;
        if (!isKept) continue;
        words[next] = newLow;
        words[next + 1] = newHigh;
        next += 2;
      }
    }
  }
  lane.first = third;
  lane.second = first;
  lane.third = second;
  lane.next = (next - third) & (TABLE_WORDS - 1);
}
