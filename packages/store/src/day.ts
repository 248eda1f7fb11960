// UTC days as whole numbers since 1970, and the order key of an alert within its day.

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** Alerts of one millisecond that a day can tell apart; keys stay below 2^53. */
export const TIES = 2 ** 26;

/** First and last moment an alert can have: 1970 to 9999, so that every day has a plain name. */
export const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

/** `2026-01-31` */
function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

const DAY_FILE = /^events-(\d{4}-\d{2}-\d{2})\.sqlite$/;

export function dayFileName(day: number): string {
  return `events-${dayName(day)}.sqlite`;
}

/** The day of a file name, or undefined when it is not the name of a day file. */
export function dayOfFileName(name: string): number | undefined {
  const text = DAY_FILE.exec(name)?.[1];
  const timeMs = text === undefined ? Number.NaN : Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(timeMs) ? undefined : timeMs / DAY_MS;
}

/** Least key of alerts of `day` at or after `timeMs`; 0 for times before the day. */
export function keyAt(day: number, timeMs: number): number {
  return Math.ceil(Math.min(Math.max(timeMs - day * DAY_MS, 0), DAY_MS)) * TIES;
}

/** Key that no alert of a day reaches. */
export const END_KEY = DAY_MS * TIES;

/** Time of the alert with this key, ms since 1970. */
export function timeOfKey(day: number, key: number): number {
  return day * DAY_MS + Math.floor(key / TIES);
}
