// Reads fields of one record in the ring. The offsets come from the generated layout; nothing is copied until asked for.
import {
  HEADER_ARGS,
  HEADER_COMM,
  HEADER_END,
  HEADER_FLAGS,
  HEADER_KIND,
  HEADER_RET,
  HEADER_SIZE,
  HEADER_TS,
} from './layout.generated.ts';

const HIGH = 4_294_967_296;

/** A window on one record; `at` moves it to the next one. */
export class RecordView {
  readonly bytes: Buffer;
  readonly #u32: Uint32Array;
  readonly #i32: Int32Array;
  readonly #u16: Uint16Array;
  /** Offset of the record's header. */
  offset = 0;
  #length = 0;

  constructor(data: ArrayBuffer) {
    this.bytes = Buffer.from(data);
    this.#u32 = new Uint32Array(data);
    this.#i32 = new Int32Array(data);
    this.#u16 = new Uint16Array(data);
  }

  /** Moves to a record; false when it is too short to be one. */
  at(offset: number, length: number): boolean {
    this.offset = offset;
    this.#length = length;
    return length >= HEADER_SIZE;
  }

  u32(field: number): number {
    return this.#u32[(this.offset + field) >>> 2] ?? 0;
  }

  i32(field: number): number {
    return this.#i32[(this.offset + field) >>> 2] ?? 0;
  }

  u16(field: number): number {
    return this.#u16[(this.offset + field) >>> 1] ?? 0;
  }

  /** A 64-bit value as a number: exact up to 2^53. */
  u64(field: number): number {
    const at = (this.offset + field) >>> 2;
    return (this.#u32[at] ?? 0) + (this.#u32[at + 1] ?? 0) * HIGH;
  }

  i64(field: number): number {
    const at = (this.offset + field) >>> 2;
    return (this.#u32[at] ?? 0) + (this.#i32[at + 1] ?? 0) * HIGH;
  }

  big(field: number): bigint {
    const at = (this.offset + field) >>> 2;
    return (BigInt(this.#u32[at + 1] ?? 0) << 32n) | BigInt(this.#u32[at] ?? 0);
  }

  get kind(): number {
    return this.bytes[this.offset + HEADER_KIND] ?? 0;
  }

  get flags(): number {
    return this.u16(HEADER_FLAGS);
  }

  get timeNs(): bigint {
    return this.big(HEADER_TS);
  }

  get result(): number {
    return this.i64(HEADER_RET);
  }

  /** A system call argument as the C int it usually is. */
  argInt(index: number): number {
    return this.i32(HEADER_ARGS + index * 8);
  }

  argUint(index: number): number {
    return this.u32(HEADER_ARGS + index * 8);
  }

  argBig(index: number): bigint {
    return this.big(HEADER_ARGS + index * 8);
  }

  /** Start of a slot of variable data, relative to the buffer. */
  slotStart(slot: number): number {
    return this.offset + HEADER_SIZE + (slot === 0 ? 0 : this.u16(HEADER_END + (slot - 1) * 2));
  }

  slotEnd(slot: number): number {
    const end = HEADER_SIZE + this.u16(HEADER_END + slot * 2);
    return this.offset + (end > this.#length ? this.#length : end);
  }

  hasSlot(slot: number): boolean {
    return this.slotEnd(slot) > this.slotStart(slot);
  }

  text(slot: number): string {
    const start = this.slotStart(slot);
    const end = this.slotEnd(slot);
    return end > start ? decodeText(this.bytes, start, end) : '';
  }

  /** Whether two slots hold the same bytes; cheaper than decoding the second. */
  isSame(slot: number, other: number): boolean {
    const start = this.slotStart(slot);
    const from = this.slotStart(other);
    const length = this.slotEnd(slot) - start;
    if (length !== this.slotEnd(other) - from) return false;
    const { bytes } = this;
    for (let at = 0; at < length; at++) if (bytes[start + at] !== bytes[from + at]) return false;
    return true;
  }

  /** A copy: the ring's memory is reused. */
  copy(slot: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.bytes, this.slotStart(slot), this.slotEnd(slot));
  }

  /** Texts that each end with NUL. */
  texts(slot: number): string[] {
    const end = this.slotEnd(slot);
    const found: string[] = [];
    let start = this.slotStart(slot);
    while (start < end) {
      let stop = this.bytes.indexOf(0, start);
      if (stop < 0 || stop > end) stop = end;
      found.push(decodeText(this.bytes, start, stop));
      start = stop + 1;
    }
    return found;
  }

  comm(): string {
    const start = this.offset + HEADER_COMM;
    let end = start;
    while (end < start + 16 && this.bytes[end] !== 0) end++;
    return decodeText(this.bytes, start, end);
  }
}

/** Paths are bytes, not text: what is no UTF-8 becomes U+FFFD. ASCII takes the cheap way. */
function decodeText(bytes: Buffer, start: number, end: number): string {
  if (end - start < 24) {
    let text = '';
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80) return bytes.toString('utf8', start, end);
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return bytes.toString('utf8', start, end);
}
