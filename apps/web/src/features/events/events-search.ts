// What the events screen shows, as kept in its URL: time range, filters, words, pause.
import {
  ALERT_DIMENSIONS,
  type AlertDimension,
  type EventQuery,
  isSeverity,
  parseTimeMs,
  tokensOf,
} from '@guardcell/core';
import type { Query } from '../../api/url.ts';
import { choiceParam, defined, listParam, textParam } from '../../routes/search-params.ts';

export const RANGES = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type Range = (typeof RANGES)[number];
export const DEFAULT_RANGE: Range = '24h';

export type Filters = Partial<Record<AlertDimension, string[]>>;

export interface EventsSearch extends Filters {
  /** An age or an RFC 3339 time. */
  since?: string;
  until?: string;
  q?: string;
  /** `paused` holds the live tail. */
  tail?: 'paused';
}

function timeParam(value: unknown): string | undefined {
  const text = textParam(value, 40);
  return text !== undefined && parseTimeMs(text, 0) !== undefined ? text : undefined;
}

/** Reads the URL; what makes no sense is ignored. */
export function validateEventsSearch(raw: Record<string, unknown>): EventsSearch {
  const filters: Filters = {};
  for (const dimension of ALERT_DIMENSIONS) {
    const values = listParam(raw[dimension])?.filter(
      (value) => dimension !== 'severity' || isSeverity(value),
    );
    if (values !== undefined && values.length > 0) filters[dimension] = values;
  }
  return {
    ...filters,
    ...defined({
      since: timeParam(raw['since']),
      until: timeParam(raw['until']),
      q: textParam(raw['q']),
      tail: choiceParam(raw['tail'], ['paused'] as const),
    }),
  };
}

/** The API's query for a search. */
export function apiFilter(search: EventsSearch): Query {
  const { tail: _tail, ...rest } = search;
  return { ...rest, since: search.since ?? DEFAULT_RANGE };
}

/** Whether the range ends now, so that new alerts belong to it. */
export function followsNow(search: EventsSearch): boolean {
  return search.until === undefined;
}

/** Filter for alerts from the live stream; the same meaning as on the server. */
export function liveQuery(search: EventsSearch): EventQuery {
  const any: Partial<Record<AlertDimension, readonly string[]>> = {};
  for (const dimension of ALERT_DIMENSIONS) {
    const values = search[dimension];
    if (values !== undefined) any[dimension] = values;
  }
  return { any, words: tokensOf(search.q ?? '') };
}

/** The range of a search as times. */
export function rangeOf(
  search: EventsSearch,
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  return {
    fromMs: parseTimeMs(search.since ?? DEFAULT_RANGE, nowMs) ?? nowMs,
    toMs: search.until === undefined ? nowMs : (parseTimeMs(search.until, nowMs) ?? nowMs),
  };
}

/** The named range of a search, or undefined when it is absolute. */
export function namedRange(search: EventsSearch): Range | undefined {
  if (search.until !== undefined) return undefined;
  return choiceParam(search.since ?? DEFAULT_RANGE, RANGES);
}

/** Adds a value to a dimension, or takes it out when it is there. */
export function toggleFilter(search: EventsSearch, dimension: AlertDimension, value: string): EventsSearch {
  const values = search[dimension] ?? [];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  const { [dimension]: _old, ...rest } = search;
  return next.length === 0 ? rest : { ...rest, [dimension]: next };
}

/** Only this value in a dimension. */
export function onlyFilter(search: EventsSearch, dimension: AlertDimension, value: string): EventsSearch {
  return { ...search, [dimension]: [value] };
}

/** Everything but the time range taken out. */
export function clearFilters(search: EventsSearch): EventsSearch {
  return defined({ since: search.since, until: search.until, tail: search.tail });
}

export function withRange(search: EventsSearch, since: string, until?: string): EventsSearch {
  const { since: _since, until: _until, ...rest } = search;
  return {
    ...rest,
    ...(since === DEFAULT_RANGE && until === undefined ? {} : { since }),
    ...(until !== undefined && { until }),
  };
}

/** Twice the range, around its middle; named ranges go to the next larger one. */
export function zoomOut(search: EventsSearch, nowMs: number): EventsSearch {
  const named = namedRange(search);
  if (named !== undefined)
    return withRange(search, RANGES[Math.min(RANGES.indexOf(named) + 1, RANGES.length - 1)] ?? named);
  const { fromMs, toMs } = rangeOf(search, nowMs);
  const half = Math.max(30_000, (toMs - fromMs) / 2);
  const end = toMs + half;
  const since = new Date(fromMs - half).toISOString();
  return end >= nowMs ? withRange(search, since) : withRange(search, since, new Date(end).toISOString());
}

/** The filters in force, one entry a value. */
export function activeFilters(search: EventsSearch): readonly (readonly [AlertDimension, string])[] {
  return ALERT_DIMENSIONS.flatMap((dimension) =>
    (search[dimension] ?? []).map((value) => [dimension, value] as const),
  );
}
