// The place in a list after which the next page starts, as opaque text that is checked when it comes back.
import { END_KEY } from './day.ts';
import { storeError } from './store-error.ts';

export interface Cursor {
  readonly day: number;
  readonly key: number;
}

const MAX_DAY = 2_932_896;
const CURSOR = /^1\.(\d{1,7})\.(\d{1,16})$/;

export function cursorText(cursor: Cursor): string {
  return Buffer.from(`1.${cursor.day}.${cursor.key}`).toString('base64url');
}

/** @throws CodedError GC_BAD_CURSOR */
export function parseCursor(text: string): Cursor {
  const match = text.length <= 64 ? CURSOR.exec(Buffer.from(text, 'base64url').toString('latin1')) : null;
  const cursor = { day: Number(match?.[1]), key: Number(match?.[2]) };
  const valid =
    match !== null && cursor.day <= MAX_DAY && cursor.key < END_KEY && cursorText(cursor) === text;
  if (!valid) throw storeError('GC_BAD_CURSOR', 'this is not a cursor of the alert list');
  return cursor;
}
