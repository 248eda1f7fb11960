// What was scanned: artifacts, their packages and findings, reports as files, comparison, scans asked for.
import type {
  Artifact,
  ArtifactFilter,
  Comparison,
  FixPlan,
  ScanJob,
  VulnerabilityFilter,
} from '@guardcell/contract';
import { errorFacts } from '@guardcell/kit';
import type { PackageFilter, VulnerabilitySort } from '@guardcell/store';
import { ApiError, notFound } from '../../errors.ts';
import type { Call } from '../../http/register-routes.ts';
import { tellLanguage } from '../../language/accepted-language.ts';
import type { Platform } from '../../platform.ts';
import { registryAddress } from '../../scanning/registry-address.ts';
import { type ReportQuery, sendReport } from '../../scanning/report-download.ts';
import type { ScanHandlers } from './index.ts';
import { filterOf, type Paging, pageOf, pathId } from './page.ts';

type FindingQuery = VulnerabilityFilter & {
  readonly layer?: string;
  readonly sort?: VulnerabilitySort;
} & Paging;

async function neededArtifact(platform: Platform, id: string): Promise<Artifact> {
  const artifact = await (await platform.scanning.store()).artifact(id);
  if (artifact === undefined) throw notFound('artifact', id);
  return artifact;
}

/** The registry that holds the image, and the `repository:tag` there. */
async function placeOf(
  { scanning }: Platform,
  { summary }: Artifact,
): Promise<{ readonly registry: string; readonly image: string } | undefined> {
  for (const name of summary.registries) {
    const stored = await scanning.registries.get(name);
    if (stored === undefined) continue;
    const { host } = registryAddress(stored.registry.url, stored.registry.allowInsecure);
    const reference = [summary.name, ...summary.references].find((each) => each.startsWith(`${host}/`));
    const image = reference?.slice(host.length + 1).split('@')[0];
    if (image !== undefined && image.includes(':')) return { registry: name, image };
  }
  return undefined;
}

async function scanAgain(platform: Platform, artifact: Artifact, by: string): Promise<ScanJob> {
  const { scanning, fleet } = platform;
  const { summary } = artifact;
  if (summary.kind === 'host')
    return scanning.agentScans.request(summary.id.replace(/^host:/, ''), 'host', by);
  // A container that runs is nearer than a registry, and what it holds is what matters.
  for (const { id } of artifact.containers) {
    const [known] = fleet.find(id);
    if (known !== undefined && platform.desired.reaches(known.sensorId)) {
      return scanning.agentScans.request(known.sensorId, id, by);
    }
  }
  const place = await placeOf(platform, artifact);
  if (place !== undefined) {
    return scanning.registryScans.start(place.registry, by, { image: place.image, all: true });
  }
  throw new ApiError(
    'GC_SCAN_NO_SOURCE',
    'it is in no registry that is configured, and no agent runs it now',
    {
      hint: 'Add its registry, or start a container of it.',
    },
  );
}

export function artifactRoutes(
  platform: Platform,
): Pick<
  ScanHandlers,
  | 'listArtifacts'
  | 'getArtifact'
  | 'deleteArtifact'
  | 'listArtifactPackages'
  | 'listArtifactVulnerabilities'
  | 'getArtifactFindings'
  | 'getArtifactFixPlan'
  | 'getArtifactReport'
  | 'compareArtifacts'
  | 'scanArtifact'
> {
  const { scanning, logger } = platform;
  const store = scanning.store;
  /** Its id, whatever name it was asked for by. */
  const idOf = async (params: Readonly<Record<string, string>>): Promise<string> =>
    (await neededArtifact(platform, pathId(params))).summary.id;
  return {
    async listArtifacts({ query }: Call<ArtifactFilter & Paging>) {
      return pageOf(await (await store()).artifacts(filterOf(query), query.limit, query.cursor));
    },
    getArtifact: ({ params }: Call): Promise<Artifact> => neededArtifact(platform, pathId(params)),
    async deleteArtifact({ params, principal, request }: Call) {
      const id = await idOf(params);
      await (await store()).remove(id);
      await scanning.alerts.forget(id);
      request.auditSubject = id;
      logger.info('artifact forgotten', { artifact: id, by: principal.name });
      scanning.changed('artifacts');
    },
    async listArtifactPackages({ params, query }: Call<PackageFilter & Paging>) {
      const id = await idOf(params);
      return pageOf(await (await store()).packages(id, filterOf(query), query.limit, query.cursor));
    },
    async listArtifactVulnerabilities({ params, query }: Call<FindingQuery>) {
      const id = await idOf(params);
      return pageOf(
        await (await store()).artifactVulnerabilities(id, filterOf(query), query.limit, query.cursor),
      );
    },
    async getArtifactFindings({ params, query, reply }: Call<Pick<ReportQuery, 'language'>>) {
      const id = await idOf(params);
      const findings = await (await store()).findings(id);
      if (findings === undefined) throw notFound('artifact', id);
      const { language = 'en' } = query;
      tellLanguage(reply, language);
      if (language === 'en') return findings;
      try {
        return await scanning.helper.call('localizeFindings', { findings, language });
      } catch (error) {
        tellLanguage(reply, 'en');
        // Findings in English are better than none.
        logger.warn('findings could not be put into another language', {
          artifact: id,
          ...errorFacts(error),
        });
        return findings;
      }
    },
    async getArtifactFixPlan({ params }: Call): Promise<FixPlan> {
      return (await store()).fixPlan({ artifact: await idOf(params) });
    },
    async getArtifactReport({ params, query, reply }: Call<ReportQuery>) {
      const artifact = await neededArtifact(platform, pathId(params));
      await sendReport(platform, artifact, query, reply);
    },
    async compareArtifacts({ params, query }: Call<{ readonly to: string }>): Promise<Comparison> {
      const from = await idOf(params);
      const to = (await neededArtifact(platform, query.to)).summary.id;
      const comparison = await (await store()).compare(from, to);
      if (comparison === undefined) throw notFound('artifact', from);
      return comparison;
    },
    async scanArtifact({ params, principal, request }: Call): Promise<ScanJob> {
      const artifact = await neededArtifact(platform, pathId(params));
      const job = await scanAgain(platform, artifact, principal.name);
      request.auditSubject = `job ${job.id}`;
      logger.info('scan asked for', { artifact: artifact.summary.id, job: job.id, by: principal.name });
      return job;
    },
  };
}
