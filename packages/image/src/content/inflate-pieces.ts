// Uncompresses DEFLATE (RFC 1951) from content into pieces, in memory of a fixed size. Node's zlib can do that with callbacks only,
// and gives the whole output at once without: this is for archives within archives that are too large for that.
import type { FileContent } from './file-content.ts';

export type InflateOutcome = 'whole' | 'too-large' | 'broken';

const REACH = 32_768;
const OUTPUT = 4 * REACH;
const INPUT = 65_536;
/** Codes up to so many bits are found in one step. */
const FAST_BITS = 10;
const MAX_BITS = 15;
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12_289, 16_385, 24_577,
];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

class Damage extends Error {}
class Overflow extends Error {}

/** A canonical Huffman code. */
interface Code {
  /** By the next bits: symbol × 16 + length; 0 for longer codes. */
  readonly fast: Uint16Array;
  /** Codes of each length. */
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/** Codes that leave bits without meaning are damage, as in zlib; but for a single one of one bit where `mayBeSingle`. */
function makeCode(lengths: Uint8Array, mayBeSingle: boolean): Code {
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

function fixedCode(): { readonly literals: Code; readonly distances: Code } {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  // Two of the distances stand for nothing.
  return { literals: makeCode(lengths, false), distances: makeCode(new Uint8Array(32).fill(5), false) };
}

let fixed: ReturnType<typeof fixedCode> | undefined;

interface Bits {
  take(count: number): number;
  symbol(code: Code): number;
  /** Goes to the next whole byte and gives up to `most` bytes from there; only valid until the next call. */
  bytes(most: number): Buffer;
  align(): void;
  /** Whether more was read than there is. */
  isBeyond(): boolean;
  /** Bytes that were begun. */
  used(): number;
}

function bitsOf(source: FileContent): Bits {
  let input: Buffer = Buffer.alloc(0);
  let at = 0;
  let offset = 0;
  let held = 0;
  let count = 0;
  let missing = 0;

  function refill(): void {
    input = source.window(offset, INPUT);
    offset += input.length;
    at = 0;
  }

  function need(bits: number): void {
    while (count < bits) {
      if (at === input.length) refill();
      let byte = 0;
      if (at < input.length) byte = input[at++] ?? 0;
      else if (++missing > 4) throw new Damage();
      held |= byte << count;
      count += 8;
    }
  }

  function take(bits: number): number {
    need(bits);
    const value = held & ((1 << bits) - 1);
    held >>>= bits;
    count -= bits;
    return value;
  }

  /** Bit by bit, for the rare long codes. */
  function longSymbol(code: Code): number {
    let value = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= MAX_BITS; bits += 1) {
      value |= (held >>> (bits - 1)) & 1;
      const many = code.counts[bits] ?? 0;
      if (value - many < first) {
        held >>>= bits;
        count -= bits;
        return code.symbols[index + (value - first)] ?? 0;
      }
      index += many;
      first = (first + many) << 1;
      value <<= 1;
    }
    throw new Damage();
  }

  return {
    take,
    symbol(code) {
      need(MAX_BITS);
      const entry = code.fast[held & ((1 << FAST_BITS) - 1)] ?? 0;
      if (entry === 0) return longSymbol(code);
      held >>>= entry & 15;
      count -= entry & 15;
      return entry >> 4;
    },
    align() {
      take(count & 7);
    },
    bytes(most) {
      // Whole bytes that were looked at already come first.
      if (count > 0) return Buffer.of(take(8));
      if (at === input.length) refill();
      const piece = input.subarray(at, at + most);
      at += piece.length;
      if (piece.length === 0) throw new Damage();
      return piece;
    },
    isBeyond: () => missing * 8 > count,
    used: () => offset - (input.length - at) - (count >> 3),
  };
}

interface Output {
  put(byte: number): void;
  append(bytes: Buffer): void;
  repeat(distance: number, length: number): void;
  flush(): void;
}

function outputTo(write: (piece: Buffer) => void, limit: number): Output {
  const out = Buffer.allocUnsafeSlow(OUTPUT);
  let position = 0;
  let flushed = 0;
  let total = 0;

  function flush(): void {
    total += position - flushed;
    if (total > limit) throw new Overflow();
    if (position > flushed) write(out.subarray(flushed, position));
    flushed = position;
  }

  function room(bytes: number): void {
    if (position + bytes <= OUTPUT) return;
    flush();
    out.copyWithin(0, position - REACH, position);
    position = REACH;
    flushed = REACH;
  }

  return {
    put(byte) {
      room(1);
      out[position++] = byte;
    },
    append(bytes) {
      for (let at = 0; at < bytes.length; at += REACH) {
        const piece = bytes.subarray(at, at + REACH);
        room(piece.length);
        position += piece.copy(out, position);
      }
    },
    repeat(distance, length) {
      room(length);
      if (distance > position) throw new Damage();
      for (let i = 0; i < length; i += 1, position += 1) out[position] = out[position - distance] ?? 0;
    },
    flush,
  };
}

function dynamicCode(bits: Bits): { readonly literals: Code; readonly distances: Code } {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const many = bits.take(4) + 4;
  if (literals > 286 || distances > 30) throw new Damage();
  const first = new Uint8Array(19);
  for (const symbol of ORDER.slice(0, many)) first[symbol] = bits.take(3);
  const code = makeCode(first, false);
  const lengths = new Uint8Array(literals + distances);
  for (let at = 0; at < lengths.length; ) {
    const symbol = bits.symbol(code);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw new Damage();
    const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (at + times > lengths.length) throw new Damage();
    lengths.fill(value, at, at + times);
    at += times;
  }
  if (lengths[256] === 0) throw new Damage();
  return {
    literals: makeCode(lengths.subarray(0, literals), true),
    distances: makeCode(lengths.subarray(literals), true),
  };
}

function storedBlock(bits: Bits, out: Output): void {
  bits.align();
  const length = bits.take(16);
  if ((bits.take(16) ^ length) !== 0xffff) throw new Damage();
  for (let left = length; left > 0; ) {
    const piece = bits.bytes(left);
    out.append(piece);
    left -= piece.length;
  }
}

function codedBlock(bits: Bits, out: Output, literals: Code, distances: Code): void {
  for (;;) {
    const symbol = bits.symbol(literals);
    if (symbol < 256) {
      out.put(symbol);
      continue;
    }
    if (symbol === 256) return;
    const base = LENGTH_BASE[symbol - 257];
    if (base === undefined) throw new Damage();
    const length = base + bits.take(LENGTH_EXTRA[symbol - 257] ?? 0);
    const far = bits.symbol(distances);
    const distance = DISTANCE_BASE[far];
    if (distance === undefined) throw new Damage();
    out.repeat(distance + bits.take(far < 2 ? 0 : (far >> 1) - 1), length);
  }
}

/**
 * Uncompresses all of `source`, at most `limit` bytes; `write` gets pieces that are only valid during the call, what comes
 * before damage too, and what it throws goes on to the caller. `ended` is told how many bytes of `source` a whole stream has.
 */
export function inflatePieces(
  source: FileContent,
  limit: number,
  write: (piece: Buffer) => void,
  ended?: (bytes: number) => void,
): InflateOutcome {
  const bits = bitsOf(source);
  const out = outputTo(write, limit);
  try {
    const isWhole = inflateBlocks(bits, out);
    out.flush();
    if (isWhole) ended?.(bits.used());
    return isWhole ? 'whole' : 'broken';
  } catch (error) {
    if (error instanceof Overflow) return 'too-large';
    throw error;
  }
}

/** False at damage; what came before it is in `out`. */
function inflateBlocks(bits: Bits, out: Output): boolean {
  try {
    for (let isLast = 0; isLast === 0; ) {
      isLast = bits.take(1);
      const kind = bits.take(2);
      if (kind === 3) return false;
      if (kind === 0) storedBlock(bits, out);
      else {
        if (kind === 1) fixed ??= fixedCode();
        const { literals, distances } = kind === 1 && fixed !== undefined ? fixed : dynamicCode(bits);
        codedBlock(bits, out, literals, distances);
      }
      if (bits.isBeyond()) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof Damage) return false;
    throw error;
  }
}
