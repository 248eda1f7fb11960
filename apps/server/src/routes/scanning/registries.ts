// Registries and scan jobs.
import type { JobState, Registry, RegistryCheck, RegistryInput, ScanJob } from '@guardcell/contract';
import { notFound } from '../../errors.ts';
import type { Call } from '../../http/register-routes.ts';
import type { Platform } from '../../platform.ts';
import { type RegistryDocument, selectionOf } from '../../scanning/registries.ts';
import { ifMatchOf } from '../query.ts';
import type { ScanHandlers } from './index.ts';
import { type Paging, pathId } from './page.ts';

interface JobQuery extends Paging {
  readonly kind?: readonly string[];
  readonly state?: readonly JobState[];
  readonly target?: string;
}

async function viewOf({ scanning }: Platform, registry: RegistryDocument): Promise<Registry> {
  const { secret, ...shown } = registry;
  const run = await scanning.registryScans.run(registry.name);
  const isPlanned = registry.enabled && run !== undefined;
  return {
    ...shown,
    passwordSet: secret !== '',
    artifacts: run?.images ?? 0,
    nextRunAt: isPlanned ? new Date(run.nextRunAtMs).toISOString() : '',
    lastJob:
      run === undefined || run.lastJob === '' ? null : ((await scanning.jobs.get(run.lastJob)) ?? null),
  };
}

export function registryRoutes(
  platform: Platform,
): Pick<
  ScanHandlers,
  | 'listRegistries'
  | 'getRegistry'
  | 'putRegistry'
  | 'deleteRegistry'
  | 'checkRegistry'
  | 'scanRegistry'
  | 'listScanJobs'
  | 'getScanJob'
  | 'cancelScanJob'
> {
  const { scanning, logger } = platform;
  const { registries, registryScans, jobs } = scanning;

  async function neededJob(id: string): Promise<ScanJob> {
    const job = await jobs.get(id);
    if (job === undefined) throw notFound('scan job', id);
    return job;
  }

  return {
    async listRegistries(): Promise<{ items: Registry[] }> {
      const items: Registry[] = [];
      for (const registry of await registries.list()) items.push(await viewOf(platform, registry));
      return { items };
    },
    async getRegistry({ params, reply }: Call): Promise<Registry> {
      const name = pathId(params, 'name');
      const stored = await registries.get(name);
      if (stored === undefined) throw notFound('registry', name);
      void reply.header('etag', stored.tag);
      return viewOf(platform, stored.registry);
    },
    async putRegistry({
      params,
      body,
      principal,
      request,
      reply,
    }: Call<unknown, RegistryInput>): Promise<Registry> {
      const name = pathId(params, 'name');
      const { registry, tag } = await registries.put(name, body, principal.name, ifMatchOf(request));
      await registryScans.planned(registry);
      void reply.header('etag', tag);
      logger.info('registry saved', { registry: name, by: principal.name });
      scanning.changed('registries');
      return viewOf(platform, registry);
    },
    async deleteRegistry({ params, principal }: Call) {
      const name = pathId(params, 'name');
      await registries.delete(name);
      for (const { job } of jobs.active()) {
        if (job.kind === 'registry' && job.target === name) await registryScans.cancel(job.id);
      }
      logger.info('registry deleted', { registry: name, by: principal.name });
      scanning.changed('registries');
    },
    async checkRegistry({ params, body }: Call<unknown, RegistryInput>): Promise<RegistryCheck> {
      const access = await registries.accessOf(pathId(params, 'name'), body);
      return scanning.helper.call('checkRegistry', { access, selection: selectionOf(body) });
    },
    async scanRegistry({ params, query, principal }: Call<{ readonly all?: boolean }>): Promise<ScanJob> {
      const name = pathId(params, 'name');
      const job = await registryScans.start(name, principal.name, { all: query.all ?? false });
      logger.info('scan of a registry asked for', { registry: name, job: job.id, by: principal.name });
      return job;
    },
    listScanJobs: ({ query }: Call<JobQuery>) => jobs.list(query, query.limit, query.cursor),
    getScanJob: ({ params }: Call): Promise<ScanJob> => neededJob(pathId(params)),
    async cancelScanJob({ params, principal }: Call): Promise<ScanJob> {
      const { id } = await neededJob(pathId(params));
      logger.info('end of a scan asked for', { job: id, by: principal.name });
      const job = await registryScans.cancel(id);
      platform.desired.changed();
      return job;
    },
  };
}
