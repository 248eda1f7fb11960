// Texts of points in time, with nanoseconds.

const NS_PER_MS = 1_000_000n;
const NS_PER_S = 1_000_000_000n;

function shifted(timeNs: bigint, offsetMinutes: number): Date {
  return new Date(Number(timeNs / NS_PER_MS) + offsetMinutes * 60_000);
}

/** Nine digits after the second. */
function nanoseconds(timeNs: bigint): string {
  return (timeNs % NS_PER_S).toString().padStart(9, '0');
}

/** `17:57:41.881781397`, local time by the given offset. */
export function clockText(timeNs: bigint, offsetMinutes: number, fraction: boolean): string {
  const text = shifted(timeNs, offsetMinutes).toISOString().slice(11, 19);
  return fraction ? `${text}.${nanoseconds(timeNs)}` : text;
}

/** `2016-08-04 17:57:41.881781397`, local time by the given offset. */
export function dateText(timeNs: bigint, offsetMinutes: number, fraction: boolean): string {
  const date = shifted(timeNs, offsetMinutes).toISOString().slice(0, 10);
  return `${date} ${clockText(timeNs, offsetMinutes, fraction)}`;
}

/** `2016-08-04T16:17:57.881781397+0000`. */
export function isoText(timeNs: bigint): string {
  return `${rfc3339(timeNs).slice(0, -1)}+0000`;
}

const LAST_MS = Date.parse('9999-12-31T23:59:59Z');

/** `2016-08-04T16:17:57.881781397Z`; years beyond 9999 become the last one. */
export function rfc3339(timeNs: bigint): string {
  const date = new Date(Math.min(Number(timeNs / NS_PER_MS), LAST_MS));
  return `${date.toISOString().slice(0, 19)}.${nanoseconds(timeNs)}Z`;
}

/** Nanoseconds since 1970 of an RFC 3339 time in UTC; undefined when it is not one. */
export function epochNanoseconds(time: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time);
  const ms = Date.parse(`${match?.[1] ?? ''}Z`);
  if (match === null || Number.isNaN(ms)) return undefined;
  return BigInt(ms) * NS_PER_MS + BigInt((match[2] ?? '').padEnd(9, '0'));
}
