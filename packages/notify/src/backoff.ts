// When to try again.
import type { NotifierLimits } from './types.ts';

export const DEFAULT_NOTIFIER_LIMITS: NotifierLimits = {
  attempts: 5,
  attemptTimeoutMs: 10_000,
  totalMs: 60_000,
  firstDelayMs: 2000,
  maxDelayMs: 20_000,
  maxResponseBytes: 65_536,
  maxInFlight: 200,
};

/** Whether an answer with this status may become another one later. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** `Retry-After` (seconds or an HTTP date) in ms from now; undefined when absent or malformed. */
export function retryAfterMs(header: string, nowMs: number): number | undefined {
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/**
 * Wait after the n-th attempt (from 1): doubles each time, between half and all of it by chance, so that many senders
 * do not come back at the same moment.
 */
export function delayMs(attempts: number, limits: NotifierLimits, random: () => number): number {
  const full = Math.min(limits.maxDelayMs, limits.firstDelayMs * 2 ** (attempts - 1));
  return Math.round(full * (0.5 + random() / 2));
}
