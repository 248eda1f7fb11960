// A stream written to a private temporary file, bounded by a limit and by what the disk has left.
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageFailure, isImageFailure } from '../failures.ts';
import { SPOOL_RESERVE_BYTES } from '../limits.ts';

/** The free space is asked for again after so many bytes. */
const CHECK_BYTES = 64 * 1024 * 1024;

export interface Spooled {
  readonly file: string;
  /** Removes the file. */
  remove(): Promise<void>;
}

async function checkSpace(folder: string, at: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize > SPOOL_RESERVE_BYTES + CHECK_BYTES) return;
  throw imageFailure('GC_IMAGE_TOO_LARGE', 'the disk has no room for a temporary copy of the image', {
    at,
    hint: `Free some space in ${folder}, or set TMPDIR to a folder on a larger disk.`,
  });
}

/**
 * Writes everything to a file that only this user can read.
 * @throws CodedError GC_IMAGE_TOO_LARGE beyond `maxBytes` or when the disk gets full, and what the source throws.
 */
export async function spool(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  at: string,
  signal?: AbortSignal,
): Promise<Spooled> {
  const folder = await mkdtemp(join(tmpdir(), 'guardcell-image-'));
  const file = join(folder, 'image.tar');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      let bytes = 0;
      let checkedAt = Number.NEGATIVE_INFINITY;
      for await (const chunk of source) {
        signal?.throwIfAborted();
        if (bytes - checkedAt >= CHECK_BYTES) {
          await checkSpace(folder, at);
          checkedAt = bytes;
        }
        bytes += chunk.byteLength;
        if (bytes > maxBytes) {
          throw imageFailure(
            'GC_IMAGE_TOO_LARGE',
            `a temporary copy of more than ${maxBytes} bytes is not made`,
            { at },
          );
        }
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    await remove();
    if (isImageFailure(error) || signal?.aborted === true) throw error;
    throw imageFailure('GC_IMAGE_ARCHIVE', 'the image cannot be copied to a temporary file', {
      at,
      cause: error,
    });
  }
  return { file, remove };
}
