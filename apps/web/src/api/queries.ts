// Every read of the console as query options: keys, endpoints, lifetimes. Screens compose these and add nothing.
// The library's types name the result of each query; written out they would say the same again, at length.
/* oxlint-disable typescript/explicit-module-boundary-types */
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { call, callVersioned, setCsrfToken } from './client.ts';
import type { Query } from './url.ts';

export const PAGE_SIZE = 100;

/** What live hints invalidate: the first member of every key. */
export type Tag =
  | 'session'
  | 'status'
  | 'overview'
  | 'events'
  | 'event-counts'
  | 'event'
  | 'containers'
  | 'rules'
  | 'rule-files'
  | 'responses'
  | 'actions'
  | 'settings'
  | 'audit'
  | 'artifacts'
  | 'vulnerabilities'
  | 'vulnerability-data'
  | 'registries'
  | 'scan-jobs'
  | 'acceptances';

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        retry: (count, error) =>
          count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
      },
    },
  });
}

/** Who is signed in, or null. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }) => {
    try {
      const session = await call('session', { signal });
      setCsrfToken(session.csrfToken);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => call('status', { signal }),
});

export function overviewQuery(window: string) {
  return queryOptions({
    queryKey: ['overview', window],
    queryFn: ({ signal }) => call('overview', { signal, query: { window } }),
    placeholderData: keepPreviousData,
  });
}

export function eventsQuery(filter: Query) {
  return infiniteQueryOptions({
    queryKey: ['events', filter],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      call('listEvents', { signal, query: { ...filter, limit: PAGE_SIZE, cursor: pageParam } }),
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

export function histogramQuery(filter: Query, buckets: number) {
  return queryOptions({
    queryKey: ['event-counts', 'histogram', filter, buckets],
    queryFn: ({ signal }) => call('eventHistogram', { signal, query: { ...filter, buckets } }),
    placeholderData: keepPreviousData,
  });
}

export function facetsQuery(filter: Query) {
  return queryOptions({
    queryKey: ['event-counts', 'facets', filter],
    queryFn: ({ signal }) => call('eventFacets', { signal, query: filter }),
    placeholderData: keepPreviousData,
  });
}

export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ['event', id],
    queryFn: ({ signal }) => call('getEvent', { signal, params: { id } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function containersQuery(filter: Query) {
  return infiniteQueryOptions({
    queryKey: ['containers', 'list', filter],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      call('listContainers', { signal, query: { ...filter, limit: PAGE_SIZE, cursor: pageParam } }),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function containerQuery(id: string) {
  return queryOptions({
    queryKey: ['containers', 'one', id],
    queryFn: ({ signal }) => call('getContainer', { signal, params: { id } }),
  });
}

export const rulesQuery = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => call('listRules', { signal }),
});

/** Changes with the rules in force: macros and lists are part of it. */
export const vocabularyQuery = queryOptions({
  queryKey: ['rules', 'vocabulary'],
  queryFn: ({ signal }) => call('ruleVocabulary', { signal }),
  staleTime: 5 * 60_000,
});

export const ruleFilesQuery = queryOptions({
  queryKey: ['rule-files'],
  queryFn: ({ signal }) => call('listRuleFiles', { signal }),
});

/** A file is read anew whenever an editor opens it. */
export function ruleFileQuery(name: string) {
  return queryOptions({
    queryKey: ['rule-file', name],
    queryFn: ({ signal }) => call('getRuleFile', { signal, params: { name }, query: { draft: true } }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** The newest alerts of a rule, for tuning. */
export function ruleAlertsQuery(rule: string) {
  return queryOptions({
    queryKey: ['event', 'of-rule', rule],
    queryFn: ({ signal }) => call('listEvents', { signal, query: { rule: [rule], limit: 200 } }),
  });
}

/** Proposals of exceptions for alerts; the preview reads the history on the server. */
export function tuneQuery(rule: string, alerts: readonly string[]) {
  return queryOptions({
    queryKey: ['event', 'tune', rule, alerts],
    queryFn: ({ signal }) =>
      call('tuneRule', { signal, params: { name: rule }, body: { alerts: [...alerts] } }),
    enabled: alerts.length > 0,
    placeholderData: keepPreviousData,
  });
}

export const responsesQuery = queryOptions({
  queryKey: ['responses'],
  queryFn: ({ signal }) => call('listResponses', { signal }),
});

export function actionsQuery(filter: Query) {
  return infiniteQueryOptions({
    queryKey: ['actions', 'list', filter],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      call('listActions', { signal, query: { ...filter, limit: PAGE_SIZE, cursor: pageParam } }),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function actionQuery(id: string) {
  return queryOptions({
    queryKey: ['actions', 'one', id],
    queryFn: ({ signal }) => call('getAction', { signal, params: { id } }),
  });
}

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => callVersioned('getSettings', { signal }),
});

export const usersQuery = queryOptions({
  queryKey: ['settings', 'users'],
  queryFn: ({ signal }) => call('listUsers', { signal }),
});

export const apiKeysQuery = queryOptions({
  queryKey: ['settings', 'api-keys'],
  queryFn: ({ signal }) => call('listApiKeys', { signal }),
});

export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit', 'list'],
  initialPageParam: '',
  queryFn: ({ signal, pageParam }) =>
    call('listAudit', { signal, query: { limit: PAGE_SIZE, cursor: pageParam } }),
  getNextPageParam: (page) => page.nextCursor,
  staleTime: 0,
});

/** Reads the whole trail on the server: asked for by a person, not on its own. */
export const auditVerdictQuery = queryOptions({
  queryKey: ['audit', 'verification'],
  queryFn: ({ signal }) => call('verifyAudit', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  enabled: false,
});
