// The bytes of a file, wherever they are: in memory, in a file on disk, or a stretch of either. Readers of formats take this, so
// that a program of 250 MiB costs them no more memory than its headers.

export interface FileContent {
  readonly size: number;
  /** All bytes, where they are in memory anyway. */
  readonly held?: Buffer;
  /**
   * Bytes from `offset`, fewer where the file ends; they stay valid. Memory for those of a file is the caller's to bound.
   * @throws RangeError for what is no offset; the system's error when the file cannot be read.
   */
  read(offset: number, length: number): Buffer;
  /** As `read`, but at most `WINDOW_BYTES`, and only valid until the next window of this content is asked for. */
  window(offset: number, length: number): Buffer;
}

export const WINDOW_BYTES: number = 2 ** 20;

/** Offsets come from hostile headers; negative ones would count from the end. */
export function checkOffset(offset: number): void {
  if (!(offset >= 0)) throw new RangeError('no offset within the file');
}

/** Content in memory; everything read of it is a view. */
export function heldContent(bytes: Uint8Array): FileContent {
  const held = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (offset: number, length: number): Buffer => {
    checkOffset(offset);
    return held.subarray(offset, offset + length);
  };
  return {
    size: held.length,
    held,
    read,
    window: (offset, length) => read(offset, Math.min(length, WINDOW_BYTES)),
  };
}

/** A stretch of some content, cut to where that ends; nothing is copied. */
export function partOf(whole: FileContent, offset: number, length: number): FileContent {
  checkOffset(offset);
  const size = Math.max(0, Math.min(length, whole.size - offset));
  if (whole.held !== undefined) return heldContent(whole.held.subarray(offset, offset + size));
  const within = (at: number, wished: number): number => {
    checkOffset(at);
    return Math.max(0, Math.min(wished, size - at));
  };
  return {
    size,
    read: (at, wished) => whole.read(offset + at, within(at, wished)),
    window: (at, wished) => whole.window(offset + at, within(at, wished)),
  };
}

const HALF_WINDOW = WINDOW_BYTES / 2;

/** First place at or after `from` where the bytes stand whole before `end`; -1 when there is none. */
export function placeOf(content: FileContent, needle: Buffer, from = 0, end = content.size): number {
  if (content.held !== undefined) return content.held.subarray(0, end).indexOf(needle, from);
  for (let at = from; at + needle.length <= end; ) {
    // Windows begin at multiples: searches that go on behind a place find theirs still there.
    const start = at - (at % HALF_WINDOW);
    const window = content.window(start, WINDOW_BYTES).subarray(0, end - start);
    const found = window.indexOf(needle, at - start);
    if (found >= 0) return start + found;
    const next = start + window.length - needle.length + 1;
    if (next <= at) return -1;
    at = next;
  }
  return -1;
}
