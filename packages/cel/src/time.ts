// Timestamps and durations: ranges, arithmetic, text forms.
import { fail } from './failure.ts';
import { CelDuration, CelTimestamp } from './values.ts';

export const NS_PER_SECOND = 1_000_000_000n;
export const NS_PER_MS = 1_000_000n;

const MIN_TIMESTAMP = -62_135_596_800n * NS_PER_SECOND; // 0001-01-01T00:00:00Z
const MAX_TIMESTAMP = 253_402_300_800n * NS_PER_SECOND - 1n; // 9999-12-31T23:59:59.999999999Z
const MAX_DURATION = 2n ** 63n - 1n; // ns in 64 bits: about 292 years

/** Quotient rounded towards minus infinity, for a positive divisor. */
export function floorDiv(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

/** @throws CelFailure outside years 1 … 9999. */
export function checkedTimestamp(ns: bigint): CelTimestamp {
  if (ns < MIN_TIMESTAMP || ns > MAX_TIMESTAMP) throw fail('timestamp out of range');
  return new CelTimestamp(ns);
}

/** @throws CelFailure beyond about 292 years. */
export function checkedDuration(ns: bigint): CelDuration {
  if (ns > MAX_DURATION || ns < -MAX_DURATION) throw fail('duration out of range');
  return new CelDuration(ns);
}

/** @throws CelFailure when the sum is out of range. */
export function addDuration(time: CelTimestamp, ns: bigint): CelTimestamp {
  return checkedTimestamp(time.ns + ns);
}

/** @throws CelFailure when the difference is out of range. */
export function timestampDifference(a: CelTimestamp, b: CelTimestamp): CelDuration {
  return checkedDuration(a.ns - b.ns);
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** ms since 1970 of a civil time in UTC, or undefined when there is no such day or time. */
function civilMs(parts: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return date.setUTCHours(hour, minute, second, 0);
}

/**
 * Reads RFC 3339 with up to nine digits of a second.
 * @throws CelFailure when it is malformed or out of range.
 */
export function parseTimestamp(text: string): CelTimestamp {
  const match = RFC3339.exec(text);
  const ms = match === null ? undefined : civilMs(match.slice(1, 7).map(Number));
  if (match === null || ms === undefined) throw fail('not an RFC 3339 timestamp');
  const offsetMinutes = Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0);
  const offsetMs = (match[8] === '-' ? -1 : 1) * offsetMinutes * 60_000;
  const fraction = BigInt((match[7] ?? '').padEnd(9, '0'));
  return checkedTimestamp(BigInt(ms - offsetMs) * NS_PER_MS + fraction);
}

function fractionText(ns: bigint): string {
  if (ns === 0n) return '';
  return `.${ns.toString().padStart(9, '0').replace(/0+$/, '')}`;
}

/** RFC 3339 in UTC, with as many digits of a second as needed. */
export function formatTimestamp(time: CelTimestamp): string {
  const seconds = floorDiv(time.ns, NS_PER_SECOND);
  const whole = new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, '');
  return `${whole}${fractionText(time.ns - seconds * NS_PER_SECOND)}Z`;
}

const UNIT_NS: Readonly<Record<string, bigint>> = {
  h: 3600n * NS_PER_SECOND,
  m: 60n * NS_PER_SECOND,
  s: NS_PER_SECOND,
  ms: NS_PER_MS,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
};
const DURATION = /^[+-]?(?:(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:h|ms|m|s|us|µs|μs|ns))+$/;
const DURATION_PART = /(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|μs|ns)/g;

/**
 * Reads `1h30m`, `1.5s`, `-20ms` …
 * @throws CelFailure when it is malformed or out of range.
 */
export function parseDuration(text: string): CelDuration {
  if (/^[+-]?0$/.test(text)) return new CelDuration(0n);
  if (text.length > 200 || !DURATION.test(text)) throw fail('not a duration like 1h30m or 2.5s');
  let ns = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(DURATION_PART)) {
    const unitNs = UNIT_NS[unit] ?? 1n;
    ns += BigInt(whole === '' ? 0 : whole) * unitNs;
    ns += (BigInt(fraction === '' ? 0 : fraction) * unitNs) / 10n ** BigInt(fraction.length);
  }
  return checkedDuration(text.startsWith('-') ? -ns : ns);
}

/** `1.5s`: seconds with as many digits as needed. */
export function formatDuration(duration: CelDuration): string {
  const magnitude = duration.ns < 0n ? -duration.ns : duration.ns;
  const sign = duration.ns < 0n ? '-' : '';
  return `${sign}${magnitude / NS_PER_SECOND}${fractionText(magnitude % NS_PER_SECOND)}s`;
}
