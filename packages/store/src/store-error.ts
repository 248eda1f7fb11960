// Every error of the stores, and how errors of SQLite and of the system become one of them.
import { CodedError, systemErrorCode } from '@guardcell/kit';

export type StoreErrorCode =
  | 'GC_STORE_FULL'
  | 'GC_STORE_IO'
  | 'GC_STORE_CORRUPT'
  | 'GC_STORE_BUSY'
  | 'GC_STORE_CLOSED'
  | 'GC_STORE_BAD_ITEM'
  | 'GC_STORE_BAD_QUERY'
  | 'GC_BAD_CURSOR';

const HINTS: Readonly<Record<StoreErrorCode, string>> = {
  GC_STORE_FULL: 'Free space on the disk of the data folder; the store goes on by itself.',
  GC_STORE_IO: 'Check that the data folder exists, is writable and that its disk is healthy.',
  GC_STORE_CORRUPT: 'The damaged file is set aside; restore it from a backup if you need what is in it.',
  GC_STORE_BUSY: 'Send less at once, or try again in a moment.',
  GC_STORE_CLOSED: 'The platform is stopping.',
  GC_STORE_BAD_ITEM: 'The sender must fix this alert; sending it again will not help.',
  GC_STORE_BAD_QUERY: 'Correct the query.',
  GC_BAD_CURSOR: 'Start again from the first page.',
};

export function storeError(
  code: StoreErrorCode,
  message: string,
  at = '',
  cause?: unknown,
): CodedError<StoreErrorCode> {
  return new CodedError(code, message, { at, hint: HINTS[code], cause });
}

const SQLITE_CODES: Readonly<Record<number, StoreErrorCode>> = {
  11: 'GC_STORE_CORRUPT',
  13: 'GC_STORE_FULL',
  26: 'GC_STORE_CORRUPT',
};

// Primary result code (low byte) of an error of node:sqlite, undefined for other errors.
function sqliteCode(thrown: unknown): number | undefined {
  if (systemErrorCode(thrown) !== 'ERR_SQLITE_ERROR') return undefined;
  if (typeof thrown !== 'object' || thrown === null || !('errcode' in thrown)) return undefined;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : undefined;
}

/**
 * Turns what an engine threw into a coded error about `at` (a file). `diskIsFull` is asked for I/O errors that do not
 * say why, because SQLite reports some failed allocations as plain I/O errors. Errors that have a code stay as they are.
 */
export function asStoreError(thrown: unknown, at: string, diskIsFull: () => boolean): CodedError {
  if (thrown instanceof CodedError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const system = systemErrorCode(thrown);
  if (system === 'ENOSPC' || system === 'EDQUOT') return storeError('GC_STORE_FULL', message, at, thrown);
  const engine = sqliteCode(thrown);
  // Errors of our own SQL or code are bugs, not conditions of the disk.
  if (engine === undefined && system === undefined)
    return new CodedError('GC_INTERNAL', message, { at, cause: thrown });
  const code = SQLITE_CODES[engine ?? 0] ?? 'GC_STORE_IO';
  if (code === 'GC_STORE_IO' && diskIsFull()) return storeError('GC_STORE_FULL', message, at, thrown);
  return storeError(code, message, at, thrown);
}
