// An image archive as files: a tar is read in place, a compressed one is unpacked to a temporary tar first.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { systemErrorCode } from '@guardcell/kit';
import { imageFailure } from '../failures.ts';
import { type FileSet, readRange } from './file-set.ts';
import { spool } from './spool.ts';
import { tarFiles } from './tar-files.ts';

type Compression = 'gzip' | 'zstd' | 'none';

/** What the first four bytes tell. */
export function compressionOf(start: Uint8Array): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd';
  return 'none';
}

async function firstBytes(file: string): Promise<Uint8Array> {
  for await (const chunk of readRange(file, 0, 4)) return chunk;
  return new Uint8Array();
}

async function checkRegular(file: string): Promise<void> {
  try {
    if ((await stat(file)).isFile()) return;
  } catch (error) {
    const missing = systemErrorCode(error) === 'ENOENT';
    const message = missing ? 'there is no such file' : 'the file cannot be read';
    throw imageFailure(missing ? 'GC_IMAGE_NOT_FOUND' : 'GC_IMAGE_ARCHIVE', message, {
      at: file,
      cause: error,
    });
  }
  throw imageFailure('GC_IMAGE_ARCHIVE', 'this is not a regular file', { at: file });
}

/** @throws CodedError GC_IMAGE_NOT_FOUND, GC_IMAGE_ARCHIVE, GC_IMAGE_TOO_LARGE. */
export async function openArchiveFiles(
  file: string,
  maxSpoolBytes: number,
  signal?: AbortSignal,
): Promise<FileSet> {
  await checkRegular(file);
  const compression = compressionOf(await firstBytes(file));
  if (compression === 'none') return tarFiles(file, () => Promise.resolve());
  const unpack = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  // Errors of either side reach the reader of `unpack`.
  pipeline(createReadStream(file), unpack, () => undefined);
  const copy = await spool(unpack, maxSpoolBytes, file, signal);
  try {
    return await tarFiles(copy.file, copy.remove);
  } catch (error) {
    await copy.remove();
    throw error;
  }
}
