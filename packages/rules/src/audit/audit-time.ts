// Times of audit events: RFC 3339 with up to nine digits after the second.

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/i;
const NS_PER_MS = 1_000_000n;

/** Nanoseconds since 1970; undefined when it is not a time or lies before 1970. */
export function timeNs(value: unknown): bigint | undefined {
  const match = typeof value === 'string' && value.length < 64 ? RFC3339.exec(value) : null;
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1] ?? ''}${match[3] ?? ''}`);
  if (Number.isNaN(ms) || ms < 0) return undefined;
  return BigInt(ms) * NS_PER_MS + BigInt((match[2] ?? '').padEnd(9, '0'));
}
