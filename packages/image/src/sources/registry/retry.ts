// Trying again: what may pass, and how long to wait.
import { setTimeout as delay } from 'node:timers/promises';
import { systemErrorCode } from '@guardcell/kit';
import { isImageFailure } from '../failures.ts';

const BASE_MS = 250;
const MAX_BACKOFF_MS = 10_000;
/** A registry that wants a longer pause is reported instead. */
const MAX_RETRY_AFTER_MS = 60_000;
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Somebody who is not there, or not trusted, will not be there in a second. */
const LASTING_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ABORT_ERR',
  'EHOSTUNREACH',
]);

export const DEFAULT_RETRIES = 4;

export function mayPass(status: number): boolean {
  return PASSING_STATUSES.has(status);
}

/** Whether a thrown failure is one of the network that may pass. */
export function isPassingFailure(thrown: unknown): boolean {
  if (!isImageFailure(thrown) || thrown.code !== 'GC_REGISTRY_UNREACHABLE') return false;
  return !LASTING_CODES.has(systemErrorCode(thrown.cause) ?? '');
}

/** Full jitter: between a half and the whole of 250 ms, 500 ms, 1 s … */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, BASE_MS * 2 ** attempt);
  return Math.round(ceiling * (0.5 + random() / 2));
}

/** `Retry-After` in seconds or as a date; undefined without one, `too-long` when nobody should wait for it. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | 'too-long' | undefined {
  if (header === undefined || header === '') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  if (Number.isNaN(ms)) return undefined;
  return ms > MAX_RETRY_AFTER_MS ? 'too-long' : Math.max(0, ms);
}

export async function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal });
}
