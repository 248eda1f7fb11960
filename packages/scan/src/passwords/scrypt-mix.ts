// SMix of yescrypt: fills a memory with blocks and mixes what it reads of it. Spec: yescrypt 1.1 by Solar Designer, RFC 7914 §4–5.
import { type Lane, pwxform } from './pwxform.ts';
import { BLOCK_WORDS, plainIndex, salsa20 } from './salsa20.ts';

/** Mixes all blocks of `x` in place. */
export type BlockMix = (x: Int32Array) => void;

/** What scrypt mixes with. */
export function salsaMix(x: Int32Array): void {
  const blocks = x.length / BLOCK_WORDS;
  const last = x.slice(-BLOCK_WORDS);
  const odd = new Int32Array(x.length / 2);
  for (let i = 0; i < blocks; i++) {
    for (let k = 0; k < BLOCK_WORDS; k++) last[k] = (last[k] as number) ^ (x[i * BLOCK_WORDS + k] as number);
    salsa20(last, 0, 8);
    if (i % 2 === 1) odd.set(last, (i >> 1) * BLOCK_WORDS);
    // Blocks in front of this one were read.
    else x.set(last, (i >> 1) * BLOCK_WORDS);
  }
  x.set(odd, odd.length);
}

/** What yescrypt mixes with, by the tables of a lane. */
export function tableMix(lane: Lane): BlockMix {
  return (x) => {
    let before = x.length - BLOCK_WORDS;
    for (let from = 0; from < x.length; from += BLOCK_WORDS) {
      for (let k = 0; k < BLOCK_WORDS; k++) x[from + k] = (x[from + k] as number) ^ (x[before + k] as number);
      pwxform(x, from, lane);
      before = from;
    }
    salsa20(x, before, 2);
  };
}

/** The number that a block stands for, its lower 32 bits. */
function numberOf(x: Int32Array): number {
  return (x[x.length - BLOCK_WORDS] as number) >>> 0;
}

function xor(x: Int32Array, memory: Int32Array, from: number): void {
  for (let k = 0; k < x.length; k++) x[k] = (x[k] as number) ^ (memory[from + k] as number);
}

/** The largest power of two that is not larger. */
function powerBelow(count: number): number {
  return 2 ** (31 - Math.clz32(count));
}

/** Blocks as they are mixed. */
function shuffled(block: Int32Array): Int32Array {
  return block.map((_, i) => block[(i & -BLOCK_WORDS) + plainIndex(i % BLOCK_WORDS)] as number);
}

function putBack(x: Int32Array, block: Int32Array): void {
  for (let i = 0; i < x.length; i++) block[(i & -BLOCK_WORDS) + plainIndex(i % BLOCK_WORDS)] = x[i] as number;
}

/** Fills all of `memory`, a whole number of blocks as large as `block`. `isReading`: blocks are mixed with earlier ones. */
export function fill(block: Int32Array, memory: Int32Array, mix: BlockMix, isReading: boolean): void {
  const x = shuffled(block);
  const count = memory.length / x.length;
  for (let i = 0; i < count; i++) {
    memory.set(x, i * x.length);
    if (isReading && i > 1) {
      const power = powerBelow(i);
      xor(x, memory, ((numberOf(x) & (power - 1)) + (i - power)) * x.length);
    }
    mix(x);
  }
  putBack(x, block);
}

/** Mixes `rounds` times with blocks of the memory, of which the first power of two is used. `isWriting`: they change. */
export function revisit(
  block: Int32Array,
  memory: Int32Array,
  mix: BlockMix,
  rounds: number,
  isWriting: boolean,
): void {
  const x = shuffled(block);
  const mask = powerBelow(memory.length / x.length) - 1;
  for (let i = 0; i < rounds; i++) {
    const from = (numberOf(x) & mask) * x.length;
    xor(x, memory, from);
    if (isWriting) memory.set(x, from);
    mix(x);
  }
  putBack(x, block);
}
