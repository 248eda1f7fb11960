// Parts of timestamps (in a time zone) and of durations.
import { fail } from '../failure.ts';
import { charge, type Meter } from '../limits.ts';
import { type CelFunction, type CelLibrary, type CelOverload, method } from '../overload.ts';
import { floorDiv, NS_PER_MS, NS_PER_SECOND } from '../time.ts';
import type { CelDuration, CelTimestamp } from '../values.ts';

const FIXED_OFFSET = /^([+-]?)(\d\d):(\d\d)$/;
/** Making a formatter for a named zone costs far more than using it. */
const ZONE_COST = 50;
const MAX_ZONES = 64;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  let formatter: Intl.DateTimeFormat;
  try {
    formatter = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw fail(`unknown time zone '${zone.slice(0, 60)}'`);
  }
  if (formatters.size >= MAX_ZONES) formatters.clear();
  formatters.set(zone, formatter);
  return formatter;
}

function namedZoneMs(ms: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(ms)) parts[type] = Number(value);
  const date = new Date(0);
  date.setUTCFullYear(parts['year'] ?? 1970, (parts['month'] ?? 1) - 1, parts['day'] ?? 1);
  return date.setUTCHours(parts['hour'] ?? 0, parts['minute'] ?? 0, parts['second'] ?? 0, 0);
}

/** The civil time in a zone, as a date whose UTC parts are that civil time. */
function civil(time: CelTimestamp, zone: string | undefined, meter: Meter): Date {
  const ms = Number(floorDiv(time.ns, NS_PER_MS));
  if (zone === undefined || zone === 'UTC' || zone === 'Z') return new Date(ms);
  const fixed = FIXED_OFFSET.exec(zone);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return new Date(ms + (fixed[1] === '-' ? -minutes : minutes) * 60_000);
  }
  charge(meter, ZONE_COST);
  return new Date(namedZoneMs(ms, zone) + (((ms % 1000) + 1000) % 1000));
}

function dayOfYear(date: Date): number {
  const start = new Date(0);
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - start.getTime()) / 86_400_000);
}

const PARTS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: dayOfYear,
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const DURATION_PARTS: Readonly<Record<string, (duration: CelDuration) => bigint>> = {
  getHours: ({ ns }) => ns / (3600n * NS_PER_SECOND),
  getMinutes: ({ ns }) => ns / (60n * NS_PER_SECOND),
  getSeconds: ({ ns }) => ns / NS_PER_SECOND,
  getMilliseconds: ({ ns }) => (ns % NS_PER_SECOND) / NS_PER_MS,
};

function getter(name: string, part: (date: Date) => number): CelFunction {
  const overloads: CelOverload[] = [
    method(['timestamp'], 'int', ([time], meter) => BigInt(part(civil(time, undefined, meter)))),
    method(['timestamp', 'string'], 'int', ([time, zone], meter) => BigInt(part(civil(time, zone, meter)))),
  ];
  const ofDuration = DURATION_PARTS[name];
  if (ofDuration !== undefined) {
    overloads.push(method(['duration'], 'int', ([duration]) => ofDuration(duration)));
  }
  return { name, overloads };
}

export const TIME_GETTERS: CelLibrary = {
  name: 'time',
  functions: Object.entries(PARTS).map(([name, part]) => getter(name, part)),
};
