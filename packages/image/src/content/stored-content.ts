// Content that stays in a file on disk and is read where it is looked at.
import { readSync } from 'node:fs';
import { checkOffset, type FileContent, WINDOW_BYTES } from './file-content.ts';

function fill(fd: number, into: Buffer, offset: number): Buffer {
  let at = 0;
  while (at < into.length) {
    const count = readSync(fd, into, at, into.length - at, offset + at);
    // The file was cut since.
    if (count === 0) break;
    at += count;
  }
  return into.subarray(0, at);
}

/** Of an open file, which the caller closes; `size` is what it had when it was opened. */
export function storedContent(fd: number, size: number): FileContent {
  let scratch: Buffer | undefined;
  let window: Buffer = Buffer.alloc(0);
  let start = 0;
  const within = (offset: number, length: number): number => {
    checkOffset(offset);
    return Math.max(0, Math.min(length, size - offset));
  };
  return {
    size,
    read: (offset, length) => fill(fd, Buffer.allocUnsafeSlow(within(offset, length)), offset),
    window(offset, length) {
      const wished = Math.min(within(offset, length), WINDOW_BYTES);
      if (offset < start || offset + wished > start + window.length) {
        scratch ??= Buffer.allocUnsafeSlow(WINDOW_BYTES);
        start = offset;
        window = fill(fd, scratch.subarray(0, within(offset, WINDOW_BYTES)), offset);
      }
      return window.subarray(offset - start, offset - start + wished);
    },
  };
}
