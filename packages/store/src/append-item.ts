// What an item must be to be stored; checked before anything is written, so that one bad item fails alone and early.
import { alertId, alertTimeMs } from '@guardcell/core';
import { LAST_MS } from './day.ts';
import type { AppendItem } from './ports.ts';
import { storeError } from './store-error.ts';

/** @throws CodedError GC_STORE_BAD_ITEM when seq, epoch, id or time are not what they must be. */
export function checkAppendItem(item: AppendItem): void {
  const { sensor, epoch, seq, alert } = item;
  if (!Number.isSafeInteger(epoch) || epoch < 0 || !Number.isSafeInteger(seq) || seq < 1) {
    throw storeError(
      'GC_STORE_BAD_ITEM',
      'epoch and seq must be whole numbers, seq at least 1',
      `${sensor}-${epoch}-${seq}`,
    );
  }
  if (alert.id !== alertId(item)) {
    throw storeError('GC_STORE_BAD_ITEM', 'the id of an alert must name its sensor, epoch and seq', alert.id);
  }
  const timeMs = alertTimeMs(alert);
  // Written so that NaN fails too.
  if (!(timeMs >= 0 && timeMs <= LAST_MS)) {
    throw storeError(
      'GC_STORE_BAD_ITEM',
      'the time of an alert must be RFC 3339, from 1970 to 9999',
      alert.id,
    );
  }
}

const ALERT_ID = /^(.*)-(\d{1,16})-(\d{1,16})$/s;

/** The place that an alert id names, or undefined when it is no such id. */
export function parseAlertId(
  id: string,
): { readonly sensor: string; readonly epoch: number; readonly seq: number } | undefined {
  const match = ALERT_ID.exec(id);
  const place = { sensor: match?.[1] ?? '', epoch: Number(match?.[2]), seq: Number(match?.[3]) };
  // `s-01-1` is not how the id of that place is written.
  return match !== null && alertId(place) === id ? place : undefined;
}
