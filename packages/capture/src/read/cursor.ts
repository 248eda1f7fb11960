// Reads the fields of a metadata block one after the other, never past its end.
import { captureError } from './fault.ts';

const TWO_32 = 2 ** 32;

export class Cursor {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  /** Where the buffer begins in the unpacked file, for errors. */
  readonly #base: number;
  #at: number;
  #end: number;

  constructor(bytes: Buffer, start: number, end: number, base: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#base = base;
    this.#at = start;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  fail(message: string): never {
    throw captureError('GC_CAPTURE_CORRUPT', message, this.#base + this.#at);
  }

  #take(count: number): number {
    if (count > this.#end - this.#at) this.fail(`a field of ${count} bytes does not fit into its block`);
    const at = this.#at;
    this.#at += count;
    return at;
  }

  skip(count: number): void {
    this.#take(count);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** 64 bits as a number; beyond 2^53 the lowest digits are lost. */
  u64(): number {
    const at = this.#take(8);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * TWO_32;
  }

  i64(): number {
    const at = this.#take(8);
    return this.#view.getUint32(at, true) + this.#view.getInt32(at + 4, true) * TWO_32;
  }

  big(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  bytes(count: number): Buffer {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** Text after its length in 16 bits; ends before the first NUL. */
  text(): string {
    const bytes = this.bytes(this.u16());
    const end = bytes.indexOf(0);
    return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
  }

  /** A cursor over the next `count` bytes, which this one passes. */
  part(count: number): Cursor {
    const at = this.#take(count);
    return new Cursor(this.#bytes, at, at + count, this.#base);
  }
}

/** The texts in a buffer in which each ends with NUL; a last one without is taken too. */
export function splitTexts(bytes: Buffer): readonly string[] {
  if (bytes.length === 0) return [];
  const end = bytes[bytes.length - 1] === 0 ? bytes.length - 1 : bytes.length;
  return bytes.toString('utf8', 0, end).split('\0');
}
