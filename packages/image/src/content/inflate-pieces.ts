// Uncompresses DEFLATE (RFC 1951) from content into pieces, in memory of a fixed size. Node's zlib can do that with callbacks only,
// and gives the whole output at once without: this is for archives within archives that are too large for that.
import type { FileContent } from './file-content.ts';
import { type Code, Damage, FAST_MASK, fixedCode, longEntry, MAX_BITS, makeCode } from './huffman-code.ts';

export type InflateOutcome = 'whole' | 'too-large' | 'broken';

const REACH = 32_768;
const OUTPUT = 4 * REACH;
const INPUT = 65_536;
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

class Overflow extends Error {}

let fixed: ReturnType<typeof fixedCode> | undefined;

/** Input that is read bit by bit; the loop that takes most of the time works on the fields. */
interface Bits {
  input: Buffer;
  /** Of the input, the next byte. */
  at: number;
  /** Bits that were taken from the input and not used yet, and how many. */
  held: number;
  count: number;
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
  let offset = 0;
  let missing = 0;

  function refill(): void {
    bits.input = source.window(offset, INPUT);
    offset += bits.input.length;
    bits.at = 0;
  }

  function need(wished: number): void {
    while (bits.count < wished) {
      if (bits.at === bits.input.length) refill();
      let byte = 0;
      if (bits.at < bits.input.length) byte = bits.input[bits.at++] ?? 0;
      else if (++missing > 4) throw new Damage();
      bits.held |= byte << bits.count;
      bits.count += 8;
    }
  }

  function drop(many: number): void {
    bits.held >>>= many;
    bits.count -= many;
  }

  const bits: Bits = {
    input: Buffer.alloc(0),
    at: 0,
    held: 0,
    count: 0,
    take(many) {
      need(many);
      const value = bits.held & ((1 << many) - 1);
      drop(many);
      return value;
    },
    symbol(code) {
      need(MAX_BITS);
      const entry = code.fast[bits.held & FAST_MASK] || longEntry(bits.held, code);
      if (entry === 0) throw new Damage();
      drop(entry & 15);
      return entry >> 4;
    },
    align() {
      drop(bits.count & 7);
    },
    bytes(most) {
      // Whole bytes that were looked at already come first.
      if (bits.count > 0) return Buffer.of(bits.take(8));
      if (bits.at === bits.input.length) refill();
      const piece = bits.input.subarray(bits.at, bits.at + most);
      bits.at += piece.length;
      if (piece.length === 0) throw new Damage();
      return piece;
    },
    isBeyond: () => missing * 8 > bits.count,
    used: () => offset - (bits.input.length - bits.at) - (bits.count >> 3),
  };
  return bits;
}

interface Output {
  readonly bytes: Buffer;
  /** Where the next byte goes. */
  position: number;
  put(byte: number): void;
  append(bytes: Buffer): void;
  repeat(distance: number, length: number): void;
  flush(): void;
}

function outputTo(write: (piece: Buffer) => void, limit: number): Output {
  const bytes = Buffer.allocUnsafeSlow(OUTPUT);
  let flushed = 0;
  let total = 0;

  function flush(): void {
    total += out.position - flushed;
    if (total > limit) throw new Overflow();
    if (out.position > flushed) write(bytes.subarray(flushed, out.position));
    flushed = out.position;
  }

  function room(wished: number): void {
    if (out.position + wished <= OUTPUT) return;
    flush();
    bytes.copyWithin(0, out.position - REACH, out.position);
    out.position = REACH;
    flushed = REACH;
  }

  const out: Output = {
    bytes,
    position: 0,
    put(byte) {
      room(1);
      bytes[out.position++] = byte;
    },
    append(piece) {
      for (let at = 0; at < piece.length; at += REACH) {
        const part = piece.subarray(at, at + REACH);
        room(part.length);
        out.position += part.copy(bytes, out.position);
      }
    },
    repeat(distance, length) {
      room(length);
      if (distance > out.position) throw new Damage();
      for (let i = 0; i < length; i += 1, out.position += 1)
        bytes[out.position] = bytes[out.position - distance] ?? 0;
    },
    flush,
  };
  return out;
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

/** Input that one turn of `manySymbols` takes at most, and output that it makes. */
const TURN = { input: 8, output: 258 } as const;
/** Copies above this are made by the engine. */
const LONG_COPY = 24;

/**
 * Symbols as long as neither input nor output come near their ends: on local variables and without asking at each byte. What
 * came before damage is in the output.
 */
function manySymbols(bits: Bits, out: Output, literals: Code, distances: Code): 'more' | 'end' | 'damage' {
  const { input } = bits;
  const { bytes } = out;
  const lastInput = input.length - TURN.input;
  const lastOutput = OUTPUT - TURN.output;
  let { at, held, count } = bits;
  let { position } = out;
  let state: 'more' | 'end' | 'damage' = 'damage';
  for (;;) {
    if (at > lastInput || position > lastOutput) {
      state = 'more';
      break;
    }
    if (count < 16) {
      held |= ((input[at] as number) | ((input[at + 1] as number) << 8)) << count;
      at += 2;
      count += 16;
    }
    const entry = literals.fast[held & FAST_MASK] || longEntry(held, literals);
    if (entry === 0) break;
    held >>>= entry & 15;
    count -= entry & 15;
    const symbol = entry >> 4;
    if (symbol < 256) {
      bytes[position++] = symbol;
      continue;
    }
    if (symbol === 256) {
      state = 'end';
      break;
    }
    if (count < 16) {
      held |= ((input[at] as number) | ((input[at + 1] as number) << 8)) << count;
      at += 2;
      count += 16;
    }
    const base = LENGTH_BASE[symbol - 257];
    if (base === undefined) break;
    const lengthBits = LENGTH_EXTRA[symbol - 257] ?? 0;
    const length = base + (held & ((1 << lengthBits) - 1));
    held >>>= lengthBits;
    count -= lengthBits;
    if (count < 16) {
      held |= ((input[at] as number) | ((input[at + 1] as number) << 8)) << count;
      at += 2;
      count += 16;
    }
    const far = distances.fast[held & FAST_MASK] || longEntry(held, distances);
    held >>>= far & 15;
    count -= far & 15;
    if (count < 16) {
      held |= ((input[at] as number) | ((input[at + 1] as number) << 8)) << count;
      at += 2;
      count += 16;
    }
    const start = DISTANCE_BASE[far >> 4];
    if (far === 0 || start === undefined) break;
    const distanceBits = far >> 4 < 2 ? 0 : (far >> 5) - 1;
    const distance = start + (held & ((1 << distanceBits) - 1));
    held >>>= distanceBits;
    count -= distanceBits;
    if (distance > position) break;
    if (length > LONG_COPY && distance >= length) {
      bytes.copyWithin(position, position - distance, position - distance + length);
      position += length;
    } else
      for (const end = position + length; position < end; position += 1)
        bytes[position] = bytes[position - distance] as number;
  }
  bits.at = at;
  bits.held = held;
  bits.count = count;
  out.position = position;
  return state;
}

function codedBlock(bits: Bits, out: Output, literals: Code, distances: Code): void {
  for (;;) {
    const state = manySymbols(bits, out, literals, distances);
    if (state === 'end') return;
    if (state === 'damage') throw new Damage();
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
