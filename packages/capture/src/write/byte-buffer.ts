// A growing buffer with the primitives of the capture format: little-endian integers, texts with a length before them.

const TWO_32 = 2 ** 32;
/** Up to here, copying characters is quicker than asking the encoder. */
const SHORT_TEXT = 128;
const encoder = new TextEncoder();

export class ByteBuffer {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 64 * 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Forgets what was written after `length`. */
  truncate(length: number): void {
    if (length < this.#length) this.#length = length;
  }

  /** The bytes in place: valid until the next write. */
  view(from = 0): Buffer {
    return this.#bytes.subarray(from, this.#length);
  }

  /** A copy that may be kept. */
  copy(): Buffer {
    return Buffer.from(this.view());
  }

  #room(bytes: number): number {
    const at = this.#length;
    const needed = at + bytes;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#length = needed;
    return at;
  }

  /** Leaves room to be filled in later; returns where. */
  reserve(bytes: number): number {
    const at = this.#room(bytes);
    // a call into the runtime costs more than a few stores
    if (bytes > 64) this.#bytes.fill(0, at, this.#length);
    else for (let index = at; index < this.#length; index++) this.#bytes[index] = 0;
    return at;
  }

  u8(value: number): void {
    this.#bytes[this.#room(1)] = value;
  }

  u16(value: number): void {
    this.#bytes.writeUInt16LE(value & 0xffff, this.#room(2));
  }

  u32(value: number): void {
    this.#bytes.writeUInt32LE(value >>> 0, this.#room(4));
  }

  /** Signed or unsigned; negative numbers as two's complement. Numbers must be integers. */
  u64(value: number | bigint): void {
    const at = this.#room(8);
    if (typeof value === 'bigint') {
      this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
      return;
    }
    const high = Math.floor(value / TWO_32);
    this.#bytes.writeUInt32LE((value - high * TWO_32) >>> 0, at);
    this.#bytes.writeUInt32LE(high >>> 0, at + 4);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** UTF-8 without terminator, at most `max` bytes; returns how many were left out. */
  text(text: string, max: number): number {
    const most = Math.min(text.length * 3, max);
    const at = this.#room(most);
    if (text.length <= SHORT_TEXT && text.length <= max && this.#ascii(text, at)) return 0;
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(at, at + most));
    this.#length = at + written;
    return most < max ? 0 : Buffer.byteLength(text) - written;
  }

  /** Whether the text was plain ASCII, and so is written. */
  #ascii(text: string, at: number): boolean {
    const bytes = this.#bytes;
    const { length } = text;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[at + index] = code;
    }
    this.#length = at + length;
    return true;
  }

  /** A u16 with the length, then the text; longer ones are cut. */
  str(text: string, max = 0xffff): void {
    const at = this.reserve(2);
    this.text(text, max);
    this.setU16(at, this.#length - at - 2);
  }

  /** Texts, each ended by a zero byte, in one `str`. */
  strList(texts: readonly string[], max = 0xffff): void {
    const at = this.reserve(2);
    for (const text of texts) {
      const room = max - (this.#length - at - 2) - 1;
      if (room < 0) break;
      this.text(text, room);
      this.u8(0);
    }
    this.setU16(at, this.#length - at - 2);
  }

  setU16(at: number, value: number): void {
    this.#bytes.writeUInt16LE(value, at);
  }

  setU32(at: number, value: number): void {
    this.#bytes.writeUInt32LE(value >>> 0, at);
  }
}
