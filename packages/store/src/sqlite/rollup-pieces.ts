// Divides a time within a day into what rollups know (whole hours and minutes) and what must be counted alert by alert.
import { DAY_MS, HOUR_MS, keyAt, MINUTE_MS } from '../day.ts';

/** `from` inclusive, `to` exclusive: keys for `alert`, ms since 1970 for rollups. */
export interface Piece {
  readonly table: 'hour' | 'minute' | 'alert';
  readonly from: number;
  readonly to: number;
}

const STEPS: readonly { readonly table: 'hour' | 'minute'; readonly stepMs: number }[] = [
  { table: 'hour', stepMs: HOUR_MS },
  { table: 'minute', stepMs: MINUTE_MS },
];

function cut(day: number, fromMs: number, toMs: number, level: number): Piece[] {
  if (fromMs >= toMs) return [];
  const step = STEPS[level];
  if (step === undefined) return [{ table: 'alert', from: keyAt(day, fromMs), to: keyAt(day, toMs) }];
  const first = Math.ceil(fromMs / step.stepMs) * step.stepMs;
  const last = Math.floor(toMs / step.stepMs) * step.stepMs;
  if (first >= last) return cut(day, fromMs, toMs, level + 1);
  return [
    ...cut(day, fromMs, first, level + 1),
    { table: step.table, from: first, to: last },
    ...cut(day, last, toMs, level + 1),
  ];
}

/** Pieces of the part of the time that lies in `day`, in order, without overlap. */
export function rollupPieces(day: number, fromMs: number, toMs: number): Piece[] {
  return cut(day, Math.max(fromMs, day * DAY_MS), Math.min(toMs, (day + 1) * DAY_MS), 0);
}
