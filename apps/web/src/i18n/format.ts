// Dates, numbers, sizes and durations in the user's language. Pure: the time now is a parameter.
import type { Language } from './catalogue.ts';

export interface Format {
  /** 12,345 */
  readonly number: (value: number) => string;
  /** 12.3K */
  readonly compact: (value: number) => string;
  /** 0.9995 → 99.95% ; never rounds up to 100. */
  readonly percent: (ratio: number) => string;
  /** 20 Nov 2026, 09:30:12 */
  readonly dateTime: (time: string | number) => string;
  /** 09:30:12.123 with the date when it is not today's. */
  readonly clock: (time: string | number, nowMs: number) => string;
  /** Axis labels: hours within a day or two, else days. */
  readonly tick: (time: number, spanMs: number) => string;
  /** 3 minutes ago */
  readonly ago: (time: string | number, nowMs: number) => string;
  readonly bytes: (value: number) => string;
  /** 950 ms, 1.2 s, 3 min */
  readonly duration: (ms: number) => string;
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const DAY_MS = 86_400_000;

function toMs(time: string | number): number {
  return typeof time === 'number' ? time : Date.parse(time);
}

function scaled(value: number, language: Language): string {
  return value.toLocaleString(language, { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** Formatters for a language; times are in the browser's zone unless another is given. Unknown times give `—`. */
export function createFormat(language: Language, timeZone?: string): Format {
  const zone = timeZone === undefined ? {} : { timeZone };
  const number = new Intl.NumberFormat(language);
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const full = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
    ...zone,
  });
  const hms = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...zone,
  });
  const hm = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...zone,
  });
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', ...zone });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });

  return {
    number: (value) => number.format(value),
    compact: (value) => (Math.abs(value) < 10_000 ? number.format(value) : compact.format(value)),
    percent: (ratio) => {
      const floored = Math.floor(ratio * 10_000) / 10_000;
      return floored.toLocaleString(language, { style: 'percent', maximumFractionDigits: 2 });
    },
    dateTime: (time) => {
      const ms = toMs(time);
      return Number.isNaN(ms) ? '—' : full.format(ms);
    },
    clock: (time, nowMs) => {
      const ms = toMs(time);
      if (Number.isNaN(ms)) return '—';
      return day.format(ms) === day.format(nowMs) ? hms.format(ms) : `${day.format(ms)} ${hm.format(ms)}`;
    },
    tick: (time, spanMs) => (spanMs <= 2 * DAY_MS ? hm : day).format(time),
    ago: (time, nowMs) => {
      const ms = toMs(time);
      if (Number.isNaN(ms)) return '—';
      const seconds = Math.round((ms - nowMs) / 1000);
      for (const [unit, size] of STEPS) {
        if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
      }
      return relative.format(0, 'second');
    },
    bytes: (value) => {
      let amount = value;
      let unit = 0;
      while (amount >= 1024 && unit < BYTE_UNITS.length - 1) {
        amount /= 1024;
        unit++;
      }
      return `${scaled(amount, language)} ${BYTE_UNITS[unit]}`;
    },
    duration: (ms) => {
      const unit = (value: number, name: string): string =>
        value.toLocaleString(language, {
          style: 'unit',
          unit: name,
          unitDisplay: 'short',
          maximumFractionDigits: value < 10 ? 1 : 0,
        });
      if (ms < 1000) return unit(Math.max(0, Math.round(ms)), 'millisecond');
      if (ms < 60_000) return unit(ms / 1000, 'second');
      if (ms < 3_600_000) return unit(ms / 60_000, 'minute');
      return ms < DAY_MS ? unit(ms / 3_600_000, 'hour') : unit(ms / DAY_MS, 'day');
    },
  };
}
