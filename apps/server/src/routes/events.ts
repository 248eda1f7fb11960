// Alerts: list, one, histogram, facets. (The live stream is in stream.ts.)
import type { AlertFilter, Facets, Histogram } from '@guardcell/contract';
import { ALERT_DIMENSIONS, type Alert, type EventQuery } from '@guardcell/core';
import { ApiError, notFound } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import { eventQuery } from './query.ts';

const DAY_MS = 86_400_000;
const TOP_VALUES = 20;

type ListQuery = AlertFilter & { readonly limit: number; readonly cursor?: string };
type HistogramQuery = AlertFilter & { readonly buckets: number };

/** Whole seconds a bucket; the last one may reach past `to`. */
function stretch(
  query: EventQuery,
  buckets: number,
  nowMs: number,
): { fromMs: number; toMs: number; bucketMs: number } {
  const toMs = query.toMs ?? nowMs;
  const fromMs = query.fromMs ?? toMs - DAY_MS;
  if (fromMs >= toMs) {
    const message = 'must be before `until`';
    throw new ApiError('GC_INVALID_REQUEST', `/since ${message}`, {
      errors: [{ pointer: '/since', message }],
    });
  }
  const bucketMs = Math.max(1000, Math.ceil((toMs - fromMs) / buckets / 1000) * 1000);
  return { fromMs, toMs: fromMs + bucketMs * buckets, bucketMs };
}

export function eventRoutes(
  platform: Platform,
): Pick<Handlers, 'listEvents' | 'getEvent' | 'eventHistogram' | 'eventFacets'> {
  const { events, clock } = platform;
  return {
    async listEvents({ query }: Call<ListQuery>) {
      const page = await events.list(eventQuery(query, clock.nowMs()), query.limit, query.cursor);
      return { items: page.items, nextCursor: page.nextCursor ?? null };
    },
    async getEvent({ params }: Call): Promise<Alert> {
      const id = params['id'] ?? '';
      const alert = await events.get(id);
      if (alert === undefined) throw notFound('event', id);
      return alert;
    },
    async eventHistogram({ query }: Call<HistogramQuery>): Promise<Histogram> {
      const wanted = eventQuery(query, clock.nowMs());
      const { fromMs, toMs, bucketMs } = stretch(wanted, query.buckets, clock.nowMs());
      const buckets = await events.histogram({ ...wanted, fromMs, toMs }, query.buckets);
      return {
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        bucketSeconds: bucketMs / 1000,
        buckets: buckets.map(({ startMs, counts }) => ({
          start: new Date(startMs).toISOString(),
          counts: { ...counts },
        })),
      };
    },
    async eventFacets({ query }: Call<AlertFilter>): Promise<Facets> {
      const wanted = eventQuery(query, clock.nowMs());
      const [total, ...facets] = await Promise.all([
        events.count(wanted),
        ...ALERT_DIMENSIONS.map((dimension) => {
          // A dimension is not narrowed by its own filter: the values beside the chosen one stay visible.
          const { [dimension]: _own, ...others } = wanted.any;
          return events.facet({ ...wanted, any: others }, dimension, TOP_VALUES);
        }),
      ]);
      return {
        total,
        facets: Object.fromEntries(
          ALERT_DIMENSIONS.map((dimension, at) => [
            dimension,
            (facets[at] ?? []).map((each) => ({ ...each })),
          ]),
        ),
      };
    },
  };
}
