// Extended headers of tar: pax records (POSIX.1-2001) and the three ways in which GNU tar writes sparse files.

import { CAPABILITY_RECORD } from './file-capabilities.ts';

/** `length key=value\n` records. Undefined when they are malformed. */
export function parsePaxRecords(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  const map: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) break;
    const space = bytes.indexOf(0x20, at);
    if (space === -1 || space - at > 10) return undefined;
    const digits = bytes.toString('latin1', at, space);
    if (!/^\d+$/.test(digits)) return undefined;
    const end = at + Number(digits);
    if (end > bytes.length || end < space + 3 || bytes[end - 1] !== 0x0a) return undefined;
    const equals = bytes.indexOf(0x3d, space);
    if (equals === -1 || equals >= end) return undefined;
    const key = bytes.toString('utf8', space + 1, equals);
    const value = bytes.toString(key === CAPABILITY_RECORD ? 'latin1' : 'utf8', equals + 1, end - 1);
    // Format 0.0 writes its map as repeated records.
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') map.push(value);
    else records.set(key, value);
    at = end;
  }
  if (map.length > 0 && !records.has('GNU.sparse.map')) records.set('GNU.sparse.map', map.join(','));
  return records;
}

/** A piece of data within a sparse file. */
export interface SparsePiece {
  readonly offset: number;
  readonly length: number;
}

const MAX_PIECES = 100_000;

/** Pieces from `offset,length,offset,length…`; undefined when they are malformed or too many. */
export function parseSparseList(text: string): readonly SparsePiece[] | undefined {
  const numbers = text.split(',').map(Number);
  if (numbers.length % 2 !== 0 || numbers.length > 2 * MAX_PIECES) return undefined;
  if (!numbers.every((value) => Number.isSafeInteger(value) && value >= 0)) return undefined;
  const pieces: SparsePiece[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    pieces.push({ offset: numbers[i] ?? 0, length: numbers[i + 1] ?? 0 });
  }
  return pieces;
}

/** Format 1.0 keeps the map as decimal lines before the data, filled up to a block. */
export function splitSparseData(
  stored: Buffer,
): { readonly pieces: readonly SparsePiece[]; readonly data: Buffer } | undefined {
  let at = 0;
  const line = (): number => {
    const end = stored.indexOf(0x0a, at);
    if (end === -1 || end - at > 20) return -1;
    const digits = stored.toString('latin1', at, end);
    at = end + 1;
    return /^\d+$/.test(digits) ? Number(digits) : -1;
  };
  const count = line();
  if (count < 0 || count > MAX_PIECES) return undefined;
  const pieces: SparsePiece[] = [];
  for (let i = 0; i < count; i += 1) {
    const [offset, length] = [line(), line()];
    if (offset < 0 || length < 0) return undefined;
    pieces.push({ offset, length });
  }
  return { pieces, data: stored.subarray(Math.ceil(at / 512) * 512) };
}

/** The file as its reader would see it, holes filled with zeros; undefined when the map does not fit. */
export function expandSparse(
  data: Buffer,
  pieces: readonly SparsePiece[],
  realSize: number,
): Buffer | undefined {
  const whole = Buffer.alloc(realSize);
  let at = 0;
  for (const { offset, length } of pieces) {
    if (offset + length > realSize || at + length > data.length) return undefined;
    data.copy(whole, offset, at, at + length);
    at += length;
  }
  return whole;
}
