// The one query over alerts that API, live stream, stores and console share, and its meaning.
import type { Alert } from './alert.ts';
import { SHORT_ID_LENGTH } from './container.ts';

/** What alerts can be filtered and counted by. */
export const ALERT_DIMENSIONS = [
  'severity',
  'rule',
  'container',
  'image',
  'namespace',
  'tag',
  'mitre',
  'process',
  'host',
] as const;
export type AlertDimension = (typeof ALERT_DIMENSIONS)[number];

export interface EventQuery {
  /** Inclusive, ms since 1970. */
  readonly fromMs?: number;
  /** Exclusive, ms since 1970. */
  readonly toMs?: number;
  /** Within a dimension any value may match; all given dimensions must. */
  readonly any: Readonly<Partial<Record<AlertDimension, readonly string[]>>>;
  /** Lower-case search tokens that must all occur (see `tokensOf`). */
  readonly words: readonly string[];
}

export const EVERYTHING: EventQuery = { any: {}, words: [] };

/** The values that an alert has in a dimension. A container is found by full id, short id and name. */
export function dimensionValues(alert: Alert, dimension: AlertDimension): readonly string[] {
  switch (dimension) {
    case 'severity':
      return [alert.severity];
    case 'rule':
      return [alert.rule];
    case 'container':
      return [alert.container.id, alert.container.id.slice(0, SHORT_ID_LENGTH), alert.container.name];
    case 'image':
      return [alert.container.image];
    case 'namespace':
      return [alert.container.namespace];
    case 'tag':
      return alert.tags;
    case 'mitre':
      return alert.mitre;
    case 'process':
      return [alert.process.name];
    case 'host':
      return [alert.hostname];
  }
}

const TOKEN = /[\p{L}\p{N}]+/gu;

/**
 * Search tokens of a text: maximal runs of letters and digits, lower-cased. Every store uses exactly these, so that
 * the same search has the same result on every engine. `/tmp/xmrig --url` → tmp, xmrig, url.
 */
export function tokensOf(text: string): string[] {
  return text.toLowerCase().match(TOKEN) ?? [];
}

/** The text that word search looks at. */
export function searchText(alert: Alert): string {
  const { process: actor, container } = alert;
  return [
    alert.rule,
    alert.message,
    actor.cmdline,
    actor.exe,
    container.name,
    container.image,
    alert.hostname,
    ...alert.tags,
    ...Object.values(alert.event.args),
  ].join('\n');
}

export function alertTimeMs(alert: Pick<Alert, 'time'>): number {
  return Date.parse(alert.time);
}

/** Whether an alert is in the result of a query: the definition that every store is tested against. */
export function matchesQuery(alert: Alert, query: EventQuery): boolean {
  const timeMs = alertTimeMs(alert);
  if (query.fromMs !== undefined && timeMs < query.fromMs) return false;
  if (query.toMs !== undefined && timeMs >= query.toMs) return false;
  for (const dimension of ALERT_DIMENSIONS) {
    const wanted = query.any[dimension];
    if (wanted === undefined || wanted.length === 0) continue;
    if (!dimensionValues(alert, dimension).some((value) => wanted.includes(value))) return false;
  }
  if (query.words.length === 0) return true;
  const tokens = new Set(tokensOf(searchText(alert)));
  return query.words.every((word) => tokens.has(word));
}

const AGE = /^(\d{1,9})(ms|s|m|h|d|w)$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `10m`, `24h`, `7d` … in ms, or undefined. */
export function parseAgeMs(text: string): number | undefined {
  const match = AGE.exec(text);
  const unit = UNIT_MS[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** A point in time given as RFC 3339 or as an age before `nowMs`; undefined when it is neither. */
export function parseTimeMs(text: string, nowMs: number): number | undefined {
  const age = parseAgeMs(text);
  if (age !== undefined) return nowMs - age;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
