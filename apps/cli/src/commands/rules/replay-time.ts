// Points in time as users give them to `rules replay`.
import { CodedError } from '@guardcell/kit';

const ISO = /^(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;
const SECONDS = /^(\d{1,11})(?:\.(\d{1,9}))?$/;
const NS_PER_MS = 1_000_000n;
const NS_PER_S = 1_000_000_000n;

/**
 * ns since 1970 of an ISO 8601 date or time (UTC unless it says otherwise, up to nine digits after the second), or of
 * seconds since 1970. `option` is named in the error. @throws CodedError GC_USAGE.
 */
export function parseTimeNs(option: string, given: string): bigint {
  const seconds = SECONDS.exec(given);
  if (seconds !== null) return BigInt(seconds[1] ?? 0) * NS_PER_S + fraction(seconds[2]);
  const [, date = '', digits, zone = 'Z'] = ISO.exec(given) ?? [];
  const ms = Date.parse(date.length === 10 ? `${date}T00:00:00${zone}` : `${date.replace(' ', 'T')}${zone}`);
  if (Number.isNaN(ms))
    throw new CodedError('GC_USAGE', `--${option} is no time: '${given}'`, {
      hint: 'Write 2026-03-01T10:00:00Z, or seconds since 1970.',
    });
  return BigInt(ms) * NS_PER_MS + fraction(digits);
}

function fraction(digits: string | undefined): bigint {
  return digits === undefined ? 0n : BigInt(digits.padEnd(9, '0'));
}
