// Every read about scanning as query options: what was scanned, vulnerabilities, registries, jobs, accepted risks.
// The library's types name the result of each query; written out they would say the same again, at length.
/* oxlint-disable typescript/explicit-module-boundary-types */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from './client.ts';
import type { Endpoint } from './endpoints.ts';
import { PAGE_SIZE } from './queries.ts';
import type { Page, Results } from './types.ts';
import type { Query } from './url.ts';

/** Endpoints that answer with one page of a list. */
type Listing = {
  [Name in Endpoint]: Results[Name] extends Page<unknown> ? Name : never;
}[Endpoint];

function pages<Name extends Listing>(
  key: readonly unknown[],
  endpoint: Name,
  filter: Query,
  params: Readonly<Record<string, string>> = {},
) {
  return infiniteQueryOptions({
    queryKey: [...key, filter],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      call(endpoint, { signal, params, query: { ...filter, limit: PAGE_SIZE, cursor: pageParam } }),
    getNextPageParam: (page: Results[Name]) => (page as Page<unknown>).nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function vulnerabilitiesQuery(filter: Query) {
  return pages(['vulnerabilities', 'list'], 'listVulnerabilities', filter);
}

export function vulnerablePackagesQuery(filter: Query) {
  return pages(['vulnerabilities', 'packages'], 'listVulnerablePackages', filter);
}

export function vulnerableArtifactsQuery(filter: Query) {
  return pages(['vulnerabilities', 'artifacts'], 'listVulnerableArtifacts', filter);
}

export function vulnerableWorkloadsQuery(filter: Query) {
  return pages(['vulnerabilities', 'workloads'], 'listVulnerableWorkloads', filter);
}

export function vulnerabilityFacetsQuery(filter: Query) {
  return queryOptions({
    queryKey: ['vulnerabilities', 'facets', filter],
    queryFn: ({ signal }) => call('vulnerabilityFacets', { signal, query: filter }),
    placeholderData: keepPreviousData,
  });
}

export function fixPlanQuery(filter: Query) {
  return queryOptions({
    queryKey: ['vulnerabilities', 'fix-plan', filter],
    queryFn: ({ signal }) => call('getFixPlan', { signal, query: filter }),
    placeholderData: keepPreviousData,
  });
}

export function vulnerabilityQuery(id: string) {
  return queryOptions({
    queryKey: ['vulnerabilities', 'one', id],
    queryFn: ({ signal }) => call('getVulnerability', { signal, params: { id } }),
  });
}

export function occurrencesQuery(id: string, filter: Query) {
  return pages(['vulnerabilities', 'occurrences', id], 'listOccurrences', filter, { id });
}

export const vulnerabilityDataQuery = queryOptions({
  queryKey: ['vulnerability-data'],
  queryFn: ({ signal }) => call('vulnerabilityData', { signal }),
});

export function artifactsQuery(filter: Query) {
  return pages(['artifacts', 'list'], 'listArtifacts', filter);
}

export function artifactQuery(id: string) {
  return queryOptions({
    queryKey: ['artifacts', 'one', id],
    queryFn: ({ signal }) => call('getArtifact', { signal, params: { id } }),
  });
}

export function artifactPackagesQuery(id: string, filter: Query) {
  return pages(['artifacts', 'packages', id], 'listArtifactPackages', filter, { id });
}

export function artifactVulnerabilitiesQuery(id: string, filter: Query) {
  return pages(['artifacts', 'vulnerabilities', id], 'listArtifactVulnerabilities', filter, { id });
}

export function artifactFindingsQuery(id: string) {
  return queryOptions({
    queryKey: ['artifacts', 'findings', id],
    queryFn: ({ signal }) => call('getArtifactFindings', { signal, params: { id } }),
  });
}

export function artifactFixPlanQuery(id: string) {
  return queryOptions({
    queryKey: ['artifacts', 'fix-plan', id],
    queryFn: ({ signal }) => call('getArtifactFixPlan', { signal, params: { id } }),
  });
}

export function comparisonQuery(from: string, to: string) {
  return queryOptions({
    queryKey: ['artifacts', 'comparison', from, to],
    queryFn: ({ signal }) => call('compareArtifacts', { signal, params: { id: from }, query: { to } }),
    enabled: to !== '',
  });
}

/** While something runs its progress is read again every two seconds: hints tell of changes, not of each image. */
const PROGRESS_MS = 2000;

export const registriesQuery = queryOptions({
  queryKey: ['registries'],
  queryFn: ({ signal }) => call('listRegistries', { signal }),
  refetchInterval: ({ state }) =>
    state.data?.items.some(({ lastJob }) => isUnderWay(lastJob?.state)) === true ? PROGRESS_MS : false,
});

export function scanJobsQuery(filter: Query) {
  return infiniteQueryOptions({
    ...pages(['scan-jobs', 'list'], 'listScanJobs', filter),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((job) => isUnderWay(job.state))) === true
        ? PROGRESS_MS
        : false,
  });
}

export function isUnderWay(state: string | undefined): boolean {
  return state === 'waiting' || state === 'running';
}

export function acceptancesQuery(filter: Query) {
  return pages(['acceptances', 'list'], 'listAcceptances', filter);
}

/** How many requests wait for an administrator; one page of them is enough to say so. */
export const openRequestsQuery = queryOptions({
  queryKey: ['acceptances', 'open'],
  queryFn: ({ signal }) =>
    call('listAcceptances', { signal, query: { state: ['requested'], limit: PAGE_SIZE } }),
});

export function acceptanceQuery(id: string) {
  return queryOptions({
    queryKey: ['acceptances', 'one', id],
    queryFn: ({ signal }) => call('getAcceptance', { signal, params: { id } }),
  });
}
