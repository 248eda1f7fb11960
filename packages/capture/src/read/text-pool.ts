// Strings by their bytes: a text that was seen before is found without being made again, and is the same object.

const MAX_LENGTH = 255;
const SLOTS = 1 << 16;
const MAX_TEXTS = SLOTS >> 1;
const FIRST_ARENA_BYTES = 64 * 1024;
const MAX_ARENA_BYTES = 4 * 1024 * 1024;

/** Bounded; forgets everything when full. */
export class TextPool {
  readonly #slots = new Int32Array(SLOTS);
  readonly #hashes = new Int32Array(MAX_TEXTS + 1);
  readonly #starts = new Int32Array(MAX_TEXTS + 1);
  readonly #lengths = new Int32Array(MAX_TEXTS + 1);
  #arena: Buffer = Buffer.allocUnsafeSlow(FIRST_ARENA_BYTES);
  #arenaView = viewOf(this.#arena);
  #texts: string[] = [''];
  #used = 0;

  /** The text of bytes `from` to `to`, which holds no NUL; UTF-8, what is not valid is replaced. */
  text(bytes: Buffer, view: DataView, from: number, to: number): string {
    const length = to - from;
    if (length <= 0) return '';
    if (length > MAX_LENGTH) return bytes.toString('utf8', from, to);
    const hash = hashOf(view, from, to);
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (;;) {
      const index = this.#slots[slot] ?? 0;
      if (index === 0) break;
      if (
        this.#hashes[index] === hash &&
        this.#lengths[index] === length &&
        this.#equals(index, view, from, length)
      )
        return this.#texts[index] ?? '';
      slot = (slot + 1) & (SLOTS - 1);
    }
    const text = bytes.toString('utf8', from, to);
    this.#keep(slot, hash, text, bytes, from, length);
    return text;
  }

  #equals(index: number, view: DataView, from: number, length: number): boolean {
    const start = this.#starts[index] ?? 0;
    const arena = this.#arenaView;
    let at = 0;
    for (; at + 4 <= length; at += 4)
      if (arena.getInt32(start + at, true) !== view.getInt32(from + at, true)) return false;
    for (; at < length; at += 1) if (arena.getUint8(start + at) !== view.getUint8(from + at)) return false;
    return true;
  }

  #keep(slot: number, hash: number, text: string, bytes: Buffer, from: number, length: number): void {
    if (this.#used + length > this.#arena.length && this.#arena.length < MAX_ARENA_BYTES) this.#grow();
    if (this.#texts.length > MAX_TEXTS || this.#used + length > this.#arena.length) {
      this.#slots.fill(0);
      this.#texts = [''];
      this.#used = 0;
      return;
    }
    const index = this.#texts.length;
    this.#texts.push(text);
    this.#hashes[index] = hash;
    this.#starts[index] = this.#used;
    this.#lengths[index] = length;
    bytes.copy(this.#arena, this.#used, from, from + length);
    this.#used += length;
    this.#slots[slot] = index;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.#arena.length * 2);
    this.#arena.copy(larger, 0, 0, this.#used);
    this.#arena = larger;
    this.#arenaView = viewOf(larger);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hashOf(view: DataView, from: number, to: number): number {
  let hash = (to - from) * 0x01000193;
  let at = from;
  for (; at + 4 <= to; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1) ^ (hash >>> 13);
  for (; at < to; at += 1) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return (hash ^ (hash >>> 16)) | 0;
}
