// Alerts as JSON text, several to a compressed block: alerts resemble each other, so a block is a fraction of its parts.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Places in a block; a body reference is block × BLOCK_PLACES + place. */
export const BLOCK_PLACES = 64;

const MOST_TEXTS = 32;
const MOST_CHARS = 64 * 1024;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Divides texts, in their order, into runs that each make a block. */
export function blockRuns(texts: readonly string[]): string[][] {
  const runs: string[][] = [];
  let run: string[] = [];
  let chars = 0;
  for (const text of texts) {
    if (run.length === MOST_TEXTS || (run.length > 0 && chars + text.length > MOST_CHARS)) {
      runs.push(run);
      run = [];
      chars = 0;
    }
    run.push(text);
    chars += text.length;
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

/** Texts must not contain line breaks; JSON as `JSON.stringify` writes it has none. */
export function packBlock(texts: readonly string[]): Uint8Array {
  return zstdCompressSync(texts.join('\n'), LEVEL);
}

export function unpackBlock(data: Uint8Array): string[] {
  return zstdDecompressSync(data).toString('utf8').split('\n');
}
