// Archives within archives: stored ones are read where they lie, small ones are inflated in memory, large ones to disk.
import { CodedError } from '@guardcell/kit';
import { type FileContent, heldContent } from '../../content/file-content.ts';
import { inflatePieces } from '../../content/inflate-pieces.ts';
import { releaseMemory } from '../../content/release-memory.ts';
import { openTemporaryFile, type TemporaryFile } from '../../content/temporary-file.ts';
import { readZipEntry, TOO_LARGE, type ZipEntry, zipEntryData } from './read-zip.ts';

/** Several may be open within each other. */
const HELD_BYTES = 8 * 1024 * 1024;

export type Nested =
  | {
      readonly content: FileContent;
      /** Gives memory or disk back; the content is gone then. */
      close?(): void;
    }
  | {
      readonly problem: string;
      /** The disk is full now. */
      readonly isPassing?: true;
    };

/** The archive that an entry is, of at most `limit` bytes. */
export function openNested(zip: FileContent, entry: ZipEntry, limit: number): Nested {
  const found = zipEntryData(zip, entry);
  if ('problem' in found) return found;
  const { data } = found;
  if (entry.method === 0) return data.size > limit ? { problem: TOO_LARGE } : { content: data };
  const held = Math.min(limit, HELD_BYTES);
  if (entry.size <= held && data.size <= 2 * held) {
    const read = readZipEntry(zip, entry, held);
    if ('content' in read) {
      const { content } = read;
      return { content: heldContent(content), close: () => releaseMemory(content) };
    }
    // Those that understate their size are looked at like the large ones they are.
    if (read.problem !== TOO_LARGE || held === limit) return read;
  }
  return limit > 0 ? inflateToDisk(data, limit) : { problem: TOO_LARGE };
}

function inflateToDisk(data: FileContent, limit: number): Nested {
  let file: TemporaryFile | undefined;
  let isKept = false;
  try {
    const into = openTemporaryFile();
    file = into;
    const outcome = inflatePieces(data, limit, (piece) => into.write(piece));
    if (outcome === 'too-large') return { problem: TOO_LARGE };
    if (outcome === 'broken') return { problem: 'entry does not inflate' };
    isKept = true;
    return { content: into.content(), close: () => into.close() };
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'GC_NO_TEMPORARY_SPACE') throw error;
    return { problem: error.message, isPassing: true };
  } finally {
    if (!isKept) file?.close();
  }
}
