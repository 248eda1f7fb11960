// JSON in zstd, as parts of artifacts are kept.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { storeError } from '../../store-error.ts';

/** Beyond what one part can be when it is whole; a damaged one must not fill the memory. */
const MOST_BYTES = 1024 * 1024 * 1024;

export function packJson(value: unknown): Uint8Array {
  return zstdCompressSync(Buffer.from(JSON.stringify(value)));
}

/** @throws CodedError GC_STORE_CORRUPT when it is not what `packJson` made. */
export function unpackJson<T>(data: unknown): T {
  try {
    return JSON.parse(
      zstdDecompressSync(data as Uint8Array, { maxOutputLength: MOST_BYTES }).toString(),
    ) as T;
  } catch (thrown) {
    throw storeError('GC_STORE_CORRUPT', 'a part of an artifact cannot be read', '', thrown);
  }
}
