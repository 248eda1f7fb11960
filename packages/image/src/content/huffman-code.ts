// Huffman codes of DEFLATE (RFC 1951, 3.2.2 and 3.2.6) in tables that are looked up with the next bits.

export class Damage extends Error {}

/** Codes up to so many bits are found in one step. */
const FAST_BITS = 10;
export const FAST_MASK = (1 << FAST_BITS) - 1;
export const MAX_BITS = 15;

/** A canonical Huffman code. */
export interface Code {
  /** By the next bits: symbol × 16 + length; 0 for longer codes. */
  readonly fast: Uint16Array;
  /** Codes of each length. */
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/** Codes that leave bits without meaning are damage, as in zlib; but for a single one of one bit where `mayBeSingle`. */
export function makeCode(lengths: Uint8Array, mayBeSingle: boolean): Code {
  const longest = Math.max(...lengths);
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const next = new Uint16Array(MAX_BITS + 2);
  const offsets = new Uint16Array(MAX_BITS + 2);
  let left = 1;
  for (let bits = 1; bits <= MAX_BITS; bits += 1) {
    const count = counts[bits] ?? 0;
    left = left * 2 - count;
    if (left < 0) throw new Damage();
    next[bits + 1] = ((next[bits] ?? 0) + count) << 1;
    offsets[bits + 1] = (offsets[bits] ?? 0) + count;
  }
  if (left > 0 && longest > 0 && !(mayBeSingle && longest === 1)) throw new Damage();
  const symbols = new Uint16Array(lengths.length);
  const fast = new Uint16Array(1 << FAST_BITS);
  for (let symbol = 0; symbol < lengths.length; symbol += 1) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    symbols[offsets[length] ?? 0] = symbol;
    offsets[length] = (offsets[length] ?? 0) + 1;
    if (length > FAST_BITS) continue;
    let turned = 0;
    for (let i = 0; i < length; i += 1) turned |= ((code >> i) & 1) << (length - 1 - i);
    for (let at = turned; at < fast.length; at += 1 << length) fast[at] = symbol * 16 + length;
  }
  return { fast, counts, symbols };
}

export function fixedCode(): { readonly literals: Code; readonly distances: Code } {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  // Two of the distances stand for nothing.
  return { literals: makeCode(lengths, false), distances: makeCode(new Uint8Array(32).fill(5), false) };
}

/** Symbol × 16 + length of a code of more than `FAST_BITS`, bit by bit. Zero when there is none. */
export function longEntry(held: number, code: Code): number {
  let value = 0;
  let first = 0;
  let index = 0;
  for (let bits = 1; bits <= MAX_BITS; bits += 1) {
    value |= (held >>> (bits - 1)) & 1;
    const many = code.counts[bits] ?? 0;
    if (value - many < first) return (code.symbols[index + (value - first)] ?? 0) * 16 + bits;
    index += many;
    first = (first + many) << 1;
    value <<= 1;
  }
  return 0;
}
