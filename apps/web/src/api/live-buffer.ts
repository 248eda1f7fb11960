// The pure part of the live tail: a capped list of what arrived, newest first, and how fast it arrives.
import type { Alert } from '@guardcell/core';

export const LIVE_CAP = 1000;
const RATE_WINDOW_MS = 5000;

/** Puts a batch (oldest first) in front; drops what is over the cap and says how many that were. */
export function pushBatch(
  shown: readonly Alert[],
  batch: readonly Alert[],
  cap: number = LIVE_CAP,
): { items: readonly Alert[]; dropped: number } {
  if (batch.length === 0) return { items: shown, dropped: 0 };
  const known = new Set(shown.map((alert) => alert.id));
  const fresh: Alert[] = [];
  for (const alert of batch) {
    if (known.has(alert.id)) continue;
    known.add(alert.id);
    fresh.push(alert);
  }
  const all = [...fresh.toReversed(), ...shown];
  return { items: all.slice(0, cap), dropped: Math.max(0, all.length - cap) };
}

/** Live items before the fetched ones, each once. */
export function mergeAlerts(live: readonly Alert[], fetched: readonly Alert[]): readonly Alert[] {
  if (live.length === 0) return fetched;
  const known = new Set(fetched.map((alert) => alert.id));
  const fresh = live.filter((alert) => !known.has(alert.id));
  return fresh.length === 0 ? fetched : [...fresh, ...fetched];
}

/** Arrivals per second over the last five seconds. */
export interface RateMeter {
  readonly marks: readonly { readonly atMs: number; readonly count: number }[];
}

export const NO_RATE: RateMeter = { marks: [] };

export function markRate(meter: RateMeter, atMs: number, count: number): RateMeter {
  const recent = meter.marks.filter((mark) => mark.atMs > atMs - RATE_WINDOW_MS);
  return { marks: count === 0 ? recent : [...recent, { atMs, count }] };
}

export function ratePerSecond(meter: RateMeter, nowMs: number): number {
  let total = 0;
  for (const mark of meter.marks) if (mark.atMs > nowMs - RATE_WINDOW_MS) total += mark.count;
  return total / (RATE_WINDOW_MS / 1000);
}
