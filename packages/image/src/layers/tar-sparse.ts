// Sparse files of GNU tar: where the map is kept, and how the file looks to its reader.
import { BLOCK, tarNumber } from './tar-header.ts';
import { expandSparse, parseSparseList, type SparsePiece, splitSparseData } from './tar-pax.ts';

export interface SparseLayout {
  /** Real name, where the header only has a made-up one. */
  readonly name: string | undefined;
  readonly realSize: number;
  /** Undefined when the map stands before the data (format 1.0); `malformed` when it cannot be read. */
  readonly pieces: readonly SparsePiece[] | 'malformed' | undefined;
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What pax records say of a sparse file; undefined for all other files. */
export function paxSparse(pax: ReadonlyMap<string, string> | undefined): SparseLayout | undefined {
  if (pax === undefined) return undefined;
  const isFormat1 = pax.get('GNU.sparse.major') === '1';
  const list = pax.get('GNU.sparse.map');
  if (!isFormat1 && list === undefined) return undefined;
  const realSize = whole(pax.get('GNU.sparse.realsize') ?? pax.get('GNU.sparse.size'));
  const pieces = isFormat1 ? undefined : (parseSparseList(list ?? '') ?? 'malformed');
  return {
    name: pax.get('GNU.sparse.name'),
    realSize: realSize ?? 0,
    pieces: realSize === undefined ? 'malformed' : pieces,
  };
}

/** The map of the old GNU format: the header block and the blocks that continue it. */
export function gnuSparseMap(blocks: readonly Buffer[]): SparseLayout {
  const pieces: SparsePiece[] = [];
  const [header] = blocks;
  let malformed = false;
  for (const [i, block] of blocks.entries()) {
    const [start, count] = i === 0 ? [386, 4] : [0, 21];
    for (let k = 0; k < count; k += 1) {
      const at = start + k * 24;
      if (block[at] === 0 && block[at + 12] === 0) break;
      const offset = tarNumber(block, at, 12);
      const length = tarNumber(block, at + 12, 12);
      if (offset === undefined || length === undefined) malformed = true;
      else pieces.push({ offset, length });
    }
  }
  const realSize = header === undefined || header.length < BLOCK ? undefined : tarNumber(header, 483, 12);
  return {
    name: undefined,
    realSize: realSize ?? 0,
    pieces: malformed || realSize === undefined ? 'malformed' : pieces,
  };
}

/** The content as its reader sees it; undefined when the map does not fit. */
export function sparseContent(layout: SparseLayout, stored: Buffer, size: number): Buffer | undefined {
  if (layout.pieces === 'malformed') return undefined;
  if (layout.pieces !== undefined) return expandSparse(stored, layout.pieces, size);
  const split = splitSparseData(stored);
  return split && expandSparse(split.data, split.pieces, size);
}
