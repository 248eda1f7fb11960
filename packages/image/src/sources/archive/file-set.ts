// Files by name, from a folder or from inside a tar: what layouts and docker archives are read through.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '@guardcell/kit';
import { imageFailure } from '../failures.ts';

const READ_BYTES = 64 * 1024;

export interface FileSet {
  /** Bytes of a file; undefined when there is no such regular file. */
  size(path: string): Promise<number | undefined>;
  /** @throws CodedError GC_IMAGE_NOT_FOUND. */
  read(path: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A part of an open file. Every chunk is a buffer of its own: consumers may keep them. */
export async function* readRange(
  path: string,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(path, 'r');
  try {
    let at = start;
    const end = start + length;
    while (at < end) {
      const want = Math.min(READ_BYTES, end - at);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(want), 0, want, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield bytesRead === want ? buffer : buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** The files of a folder; pipes and devices are not opened. Names come from us and from checked digests. */
export function folderFiles(folder: string): FileSet {
  async function size(path: string): Promise<number | undefined> {
    try {
      const facts = await stat(join(folder, path));
      return facts.isFile() ? facts.size : undefined;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemErrorCode(error) ?? '')) return undefined;
      throw imageFailure('GC_IMAGE_ARCHIVE', 'the file cannot be read', {
        at: join(folder, path),
        cause: error,
      });
    }
  }
  async function* read(path: string): AsyncGenerator<Uint8Array, void, undefined> {
    const bytes = await size(path);
    if (bytes === undefined) {
      throw imageFailure('GC_IMAGE_NOT_FOUND', 'the file is missing', { at: join(folder, path) });
    }
    yield* readRange(join(folder, path), 0, bytes);
  }
  return { size, read, close: () => Promise.resolve() };
}
