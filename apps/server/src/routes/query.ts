// From query parameters to core's query.
import type { AlertFilter } from '@guardcell/contract';
import {
  ALERT_DIMENSIONS,
  type AlertDimension,
  type EventQuery,
  parseTimeMs,
  tokensOf,
} from '@guardcell/core';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

/** The header `If-Match`. */
export function ifMatchOf(request: FastifyRequest): string | undefined {
  const value = request.headers['if-match'];
  return typeof value === 'string' ? value : undefined;
}

/** A time or an age. @throws ApiError GC_INVALID_REQUEST naming the parameter. */
function timeMs(text: string, name: string, nowMs: number): number {
  const parsed = parseTimeMs(text, nowMs);
  if (parsed !== undefined && Math.abs(parsed) < 8.64e15) return parsed;
  const message = 'must be an RFC 3339 time or an age such as 10m, 24h, 7d';
  throw new ApiError('GC_INVALID_REQUEST', `/${name} ${message}`, {
    errors: [{ pointer: `/${name}`, message }],
  });
}

export function eventQuery(filter: AlertFilter, nowMs: number): EventQuery {
  const any: Partial<Record<AlertDimension, readonly string[]>> = {};
  for (const dimension of ALERT_DIMENSIONS) {
    const values = filter[dimension];
    if (values !== undefined && values.length > 0) any[dimension] = values;
  }
  return {
    ...(filter.since !== undefined && { fromMs: timeMs(filter.since, 'since', nowMs) }),
    ...(filter.until !== undefined && { toMs: timeMs(filter.until, 'until', nowMs) }),
    any,
    words: [...new Set(tokensOf(filter.q ?? ''))].slice(0, 50),
  };
}
