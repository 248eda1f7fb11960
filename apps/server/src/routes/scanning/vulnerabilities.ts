// Vulnerabilities over everything that was scanned, facts of one, and the database that they come from.
import type {
  FixPlan,
  VulnerabilityData,
  VulnerabilityDetail,
  VulnerabilityFacets,
  VulnerabilityFilter,
} from '@guardcell/contract';
import { CodedError } from '@guardcell/kit';
import type { VulnerabilitySort } from '@guardcell/store';
import { cvssScore, severityOfScore } from '@guardcell/vuln';
import { notFound } from '../../errors.ts';
import type { Call } from '../../http/register-routes.ts';
import type { Platform } from '../../platform.ts';
import type { ScanHandlers } from './index.ts';
import { filterOf, type Paging, pageOf, pathId } from './page.ts';

type ListQuery = VulnerabilityFilter & { readonly sort?: VulnerabilitySort } & Paging;
type Facts = Awaited<ReturnType<typeof factsOf>>;

async function factsOf(
  { scanning }: Platform,
  id: string,
): Promise<Omit<VulnerabilityDetail, 'findings'> | undefined> {
  let facts: Awaited<ReturnType<typeof scanning.helper.call<'vulnerabilityFacts'>>>;
  try {
    facts = await scanning.helper.call('vulnerabilityFacts', { places: scanning.database.places, id });
  } catch (thrown) {
    // Without a database there is still what was found with the last one.
    if (!(thrown instanceof CodedError) || !thrown.code.startsWith('GC_DB_')) throw thrown;
  }
  if (facts === undefined) return undefined;
  const cvss = facts.cvss.map((each) => ({
    ...each,
    score: each.score > 0 ? each.score : (cvssScore(each.vector) ?? 0),
  }));
  const best = cvss.find(({ score }) => score > 0)?.score ?? 0;
  return {
    id: facts.id,
    aliases: [...facts.aliases],
    summary: facts.summary,
    severity: best > 0 ? severityOfScore(best) : facts.kev === undefined ? 'medium' : 'high',
    cvss,
    cwe: [...facts.cwe],
    references: [...facts.references],
    published: facts.published,
    ...(facts.kev !== undefined && { kev: { ...facts.kev } }),
    ...(facts.ssvc !== undefined && { ssvc: { ...facts.ssvc } }),
    ...(facts.epss !== undefined && { epss: { ...facts.epss } }),
  };
}

async function countOf({ scanning }: Platform, id: string, accepted: boolean): Promise<number> {
  if (!scanning.hasStore()) return 0;
  const store = await scanning.store();
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await store.occurrences(id, { accepted }, 500, cursor);
    count += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== undefined && count < 20_000);
  return count;
}

/** Of a vulnerability that the database does not have any more. */
async function remembered({ scanning }: Platform, id: string): Promise<Facts> {
  if (!scanning.hasStore()) return undefined;
  const store = await scanning.store();
  for (const accepted of [false, true]) {
    const page = await store.vulnerabilities({ q: id, accepted }, 'id', 50);
    const group = page.items.find((each) => each.id === id || each.aliases.includes(id));
    if (group === undefined) continue;
    const { aliases, summary, severity, cvss } = group;
    return {
      id: group.id,
      aliases,
      summary,
      severity,
      cvss: cvss > 0 ? [{ vector: '', score: cvss, source: 'stored' }] : [],
      cwe: [],
      references: [],
      published: '',
    };
  }
  return undefined;
}

export function vulnerabilityRoutes(
  platform: Platform,
): Pick<
  ScanHandlers,
  | 'listVulnerabilities'
  | 'vulnerabilityFacets'
  | 'listVulnerablePackages'
  | 'listVulnerableArtifacts'
  | 'listVulnerableWorkloads'
  | 'getFixPlan'
  | 'getVulnerability'
  | 'listOccurrences'
  | 'vulnerabilityData'
  | 'updateVulnerabilityData'
> {
  const { scanning, logger } = platform;
  const store = scanning.store;
  return {
    async listVulnerabilities({ query }: Call<ListQuery>) {
      const { sort = 'risk', ...filter } = filterOf(query);
      return pageOf(await (await store()).vulnerabilities(filter, sort, query.limit, query.cursor));
    },
    vulnerabilityFacets: async ({ query }: Call<VulnerabilityFilter>): Promise<VulnerabilityFacets> =>
      (await store()).facets(query),
    async listVulnerablePackages({ query }: Call<VulnerabilityFilter & Paging>) {
      return pageOf(await (await store()).vulnerablePackages(filterOf(query), query.limit, query.cursor));
    },
    async listVulnerableArtifacts({ query }: Call<VulnerabilityFilter & Paging>) {
      return pageOf(await (await store()).vulnerableArtifacts(filterOf(query), query.limit, query.cursor));
    },
    async listVulnerableWorkloads({ query }: Call<VulnerabilityFilter & Paging>) {
      return pageOf(await (await store()).vulnerableWorkloads(filterOf(query), query.limit, query.cursor));
    },
    getFixPlan: async ({ query }: Call<VulnerabilityFilter>): Promise<FixPlan> =>
      (await store()).fixPlan(query),
    async getVulnerability({ params }: Call): Promise<VulnerabilityDetail> {
      const id = pathId(params);
      const facts = (await factsOf(platform, id)) ?? (await remembered(platform, id));
      if (facts === undefined) throw notFound('vulnerability', id);
      const findings = {
        open: await countOf(platform, facts.id, false),
        accepted: await countOf(platform, facts.id, true),
      };
      return { ...facts, findings };
    },
    async listOccurrences({
      params,
      query,
    }: Call<Pick<VulnerabilityFilter, 'accepted' | 'running'> & Paging>) {
      const id = pathId(params);
      return pageOf(await (await store()).occurrences(id, filterOf(query), query.limit, query.cursor));
    },
    vulnerabilityData: (): Promise<VulnerabilityData> => scanning.data.view(),
    async updateVulnerabilityData({ principal }: Call): Promise<VulnerabilityData> {
      logger.info('update of the vulnerability database asked for', { by: principal.name });
      scanning.data.update();
      return scanning.data.view();
    },
  };
}
