// Runs registry jobs, one at a time, in a helper process: by schedule and when somebody asks.
import type { ScanJob } from '@guardcell/contract';
import type { ScanReport } from '@guardcell/core';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { ArtifactNames, ScanStore, StateStore } from '@guardcell/store';
import { ApiError, notFound } from '../errors.ts';
import { put, read, remove } from '../stored.ts';
import type { Helper } from './helper/helper-process.ts';
import type { ListedImage, RegistryAsk, RegistrySelectionInput } from './helper/work-types.ts';
import type { Job, ScanJobs } from './jobs.ts';
import { type Registries, type RegistryDocument, selectionOf } from './registries.ts';

/** When a registry is scanned next, and how its last scan went. */
export interface RegistryRun {
  readonly nextRunAtMs: number;
  readonly lastJob: string;
  /** Images that its last whole scan has found. */
  readonly images: number;
}

export interface RegistryScans {
  /** The job under way, or a new one. @throws ApiError GC_NOT_FOUND. */
  start(
    name: string,
    by: string,
    options?: { readonly all?: boolean; readonly image?: string },
  ): Promise<ScanJob>;
  /** Ends a job that waits or runs. */
  cancel(id: string): Promise<ScanJob>;
  run(name: string): Promise<RegistryRun | undefined>;
  /** A registry is new or its schedule changed. */
  planned(registry: RegistryDocument): Promise<void>;
  /** Looks for what is due; called every few seconds. */
  tick(): Promise<void>;
  /** What was under way when the server ended has failed, and is begun again. */
  recover(): Promise<void>;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
  stop(): void;
}

export interface RegistryScansDeps {
  readonly state: StateStore;
  readonly jobs: ScanJobs;
  readonly registries: Registries;
  readonly store: () => Promise<ScanStore>;
  readonly helper: Helper;
  readonly cacheDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A report is stored. */
  readonly onScanned: (id: string, report: ScanReport) => Promise<void>;
}

const MAX_RUN_MS = 12 * 3_600_000;
/** Registries of one schedule do not all start in the same minute. */
const JITTER = 0.1;

/** What an index of several platforms led to, so that it is known when it is seen again; and what was scanned in part. */
interface IndexDocument {
  readonly digest: string;
  /** When it was scanned in part only. */
  readonly incompleteAtMs?: number;
}

interface Running {
  readonly id: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

const RETRY_INCOMPLETE_MS = 3_600_000;

/**
 * Whether every layer was read. A copy with broken layers has the configuration of the image, but what was found in it is not
 * what the image holds: anybody who may push could otherwise empty the findings of an image that runs.
 */
function isWhole({ artifact, errors }: ScanReport): boolean {
  return !errors.some(
    ({ code, at }) =>
      /^GC_(?:LAYER|IMAGE|REGISTRY)_/.test(code) && artifact.layers.some((layer) => at.includes(layer)),
  );
}

export function createRegistryScans(deps: RegistryScansDeps): RegistryScans {
  const { state, jobs, registries, helper, clock, logger } = deps;
  let running: Running | undefined;
  let work: Promise<void> | undefined;
  const stopping = new AbortController();
  const { signal: ended } = stopping;
  let starting: Promise<unknown> = Promise.resolve();

  const activeOf = (name: string): Job | undefined =>
    jobs
      .active()
      .find(({ job, image }) => job.kind === 'registry' && job.target === name && image === undefined);

  async function plan(name: string, change: Partial<RegistryRun>): Promise<void> {
    const before = (await read<RegistryRun>(state, 'registry-run', name))?.value;
    const run = { nextRunAtMs: clock.nowMs(), lastJob: '', images: 0, ...before, ...change };
    await state.commit([put('registry-run', name, run)]);
  }

  function nextMs({ everyMinutes }: RegistryDocument): number {
    return clock.nowMs() + everyMinutes * 60_000 * (1 + JITTER * (Math.random() - 0.5));
  }

  function namesOf(image: ListedImage, digest: string, registry: string, imageId = ''): ArtifactNames {
    return { id: '', manifestDigest: digest, imageId, reference: image.reference, registry };
  }

  /** Whether the image is stored already; then it is noted that it was seen under these names. */
  async function isKnown(image: ListedImage, registry: string): Promise<boolean> {
    const store = await deps.store();
    const index = await read<IndexDocument>(state, 'scan-index', image.digest);
    const digest = index?.value.digest ?? image.digest;
    const taken = await store.touch(namesOf(image, digest, registry), clock.nowMs());
    if (!taken && index !== undefined) await state.commit([remove('scan-index', image.digest)]);
    // What could not be read may be readable now; a network that broke off is, an image that is broken costs a try an hour.
    const { incompleteAtMs } = index?.value ?? {};
    return taken && (incompleteAtMs === undefined || clock.nowMs() - incompleteAtMs < RETRY_INCOMPLETE_MS);
  }

  async function keep(image: ListedImage, report: ScanReport, registry: string): Promise<void> {
    const store = await deps.store();
    const { digest } = report.artifact;
    const imageId = isWhole(report) ? (report.artifact.imageId ?? '') : '';
    const own = digest === '' ? image.digest : digest;
    const id = await store.putScan(namesOf(image, own, registry, imageId), report, clock.nowMs());
    const incomplete = isWhole(report) ? {} : { incompleteAtMs: clock.nowMs() };
    if (own !== image.digest || !isWhole(report))
      await state.commit([put('scan-index', image.digest, { digest: own, ...incomplete })]);
    else if ((await read(state, 'scan-index', image.digest)) !== undefined)
      await state.commit([remove('scan-index', image.digest)]);
    await deps.onScanned(id, report);
  }

  async function take(job: Job, registry: string, message: RegistryAsk): Promise<boolean> {
    const { id } = job.job;
    const progress = { ...job.job.progress };
    let answer = true;
    switch (message.kind) {
      case 'progress':
        progress.total = Math.max(progress.total, message.images);
        break;
      case 'known':
        progress.current = message.image.reference;
        answer = job.all !== true && (await isKnown(message.image, registry));
        break;
      case 'scanned':
        await keep(message.image, message.report, registry);
        progress.scanned += 1;
        progress.done += 1;
        break;
      case 'skipped':
        progress.skipped += 1;
        progress.done += 1;
        break;
      case 'failed': {
        const { code, message: text } = message.problem;
        jobs.problem(id, { at: message.reference, code, message: text });
        progress.failed += 1;
        progress.done += 1;
        break;
      }
    }
    progress.total = Math.max(progress.total, progress.done);
    await jobs.update(id, { progress });
    return answer;
  }

  function selectionFor(registry: RegistryDocument, image: string | undefined): RegistrySelectionInput {
    if (image === undefined) return selectionOf(registry);
    const at = image.lastIndexOf(':');
    const [repository, tag] = [image.slice(0, at), image.slice(at + 1)];
    return { prefix: '', repositories: [repository], exclude: [], tags: [tag], newestTags: 0 };
  }

  async function perform(job: Job, { signal }: AbortController): Promise<void> {
    const { id, target } = job.job;
    const stored = await registries.get(target);
    if (stored === undefined) throw notFound('registry', target);
    const { registry } = stored;
    const startedAt = new Date(clock.nowMs()).toISOString();
    await jobs.update(id, { state: 'running', startedAt });
    logger.info('scanning a registry', { registry: target, job: id, by: job.job.startedBy });
    const access = await registries.access(registry);
    const selection = selectionFor(registry, job.image);
    const input = { access, selection, cacheDir: deps.cacheDir };
    await helper.call('scanRegistry', input, { signal, onAsk: (message) => take(job, target, message) });
    const { scanned, skipped, failed, total } = job.job.progress;
    const detail = `${scanned} scanned, ${skipped} known or no images, ${failed} failed`;
    const isLost = failed > 0 && scanned + skipped === 0;
    await jobs.finish(id, isLost ? 'failed' : 'succeeded', {
      detail,
      ...(isLost && { errorCode: job.job.problems[0]?.code ?? 'GC_SCAN_FAILED' }),
    });
    if (job.image === undefined) await plan(target, { images: total - failed });
    logger.info('registry scanned', { registry: target, job: id, scanned, skipped, failed });
  }

  async function runOne(job: Job): Promise<void> {
    const stop = new AbortController();
    const { id, target } = job.job;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    running = { id, stop, done };
    const limit = setTimeout(() => stop.abort(new Error('it took longer than 12 hours')), MAX_RUN_MS).unref();
    try {
      await perform(job, stop);
    } catch (thrown) {
      // While the server stops the job stays as it is: the next start finds it and begins it again.
      if (ended.aborted) return;
      const { code, message, hint } = errorFacts(thrown);
      const isEnded = stop.signal.aborted && stop.signal.reason === CANCELLED;
      const detail = isEnded ? 'ended by a user' : [message, hint].filter((each) => each !== '').join('. ');
      await jobs.finish(id, isEnded ? 'cancelled' : 'failed', { detail, errorCode: isEnded ? '' : code });
      if (!isEnded)
        logger.warn('a registry could not be scanned', { registry: target, job: id, code, detail });
    } finally {
      clearTimeout(limit);
      running = undefined;
      resolve();
    }
  }

  async function drain(): Promise<void> {
    while (!ended.aborted) {
      const next = jobs.active().find(({ job }) => job.kind === 'registry' && job.state === 'waiting');
      if (next === undefined) break;
      try {
        await runOne(next);
      } catch (thrown) {
        // The state store cannot be written: the job waits until it can.
        logger.warn('a scan job cannot be recorded', { job: next.job.id, ...errorFacts(thrown) });
        break;
      }
    }
    await jobs.prune().catch(() => undefined);
  }

  function wake(): void {
    if (ended.aborted) return;
    work ??= drain().finally(() => {
      work = undefined;
    });
  }

  async function add(name: string, by: string, options: { all?: boolean; image?: string }): Promise<ScanJob> {
    const stored = await registries.get(name);
    if (stored === undefined) throw notFound('registry', name);
    const active = options.image === undefined ? activeOf(name) : undefined;
    if (active !== undefined) return active.job;
    const { all = false, image } = options;
    const details = { ...(all && { all }), ...(image !== undefined && { image }) };
    const { job } = await jobs.add('registry', name, by, details);
    if (image === undefined) await plan(name, { lastJob: job.id, nextRunAtMs: nextMs(stored.registry) });
    wake();
    return job;
  }

  const scans: RegistryScans = {
    start(name, by, options = {}) {
      // One after the other: two who ask at the same time get the same job.
      const mine = starting.then(
        () => add(name, by, options),
        () => add(name, by, options),
      );
      starting = mine.catch(() => undefined);
      return mine;
    },
    async cancel(id) {
      if (running?.id === id) {
        const { stop, done } = running;
        stop.abort(CANCELLED);
        await done;
        return jobs.finish(id, 'cancelled');
      }
      return jobs.finish(id, 'cancelled', { detail: 'ended by a user' });
    },
    run: async (name) => (await read<RegistryRun>(state, 'registry-run', name))?.value,
    async planned(registry) {
      const before = await scans.run(registry.name);
      // A shorter time between scans holds at once.
      const latest = nextMs(registry);
      const nextRunAtMs = before === undefined ? clock.nowMs() : Math.min(before.nextRunAtMs, latest);
      await plan(registry.name, { nextRunAtMs });
    },
    async tick() {
      // Its end could not be recorded when it came.
      for (const { job } of jobs.active()) {
        if (job.kind !== 'registry' || job.state !== 'running' || running?.id === job.id) continue;
        await jobs.finish(job.id, 'failed', { detail: INTERRUPTED, errorCode: 'GC_SCAN_INTERRUPTED' });
      }
      for (const registry of await registries.list()) {
        if (ended.aborted || !registry.enabled || activeOf(registry.name) !== undefined) continue;
        const run = await scans.run(registry.name);
        if (run !== undefined && run.nextRunAtMs > clock.nowMs()) continue;
        await scans.start(registry.name, 'schedule').catch((thrown: unknown) => {
          // It may have been deleted in between.
          if (!(thrown instanceof ApiError)) throw thrown;
        });
      }
      wake();
    },
    async recover() {
      for (const { job, all, image } of jobs.active()) {
        if (job.kind !== 'registry' || job.state !== 'running') continue;
        await jobs.finish(job.id, 'failed', { detail: INTERRUPTED, errorCode: 'GC_SCAN_INTERRUPTED' });
        const again = { ...(all !== undefined && { all }), ...(image !== undefined && { image }) };
        await scans.start(job.target, job.startedBy, again).catch((thrown: unknown) => {
          if (!(thrown instanceof ApiError)) throw thrown;
        });
      }
      wake();
    },
    async idle() {
      for (let now = work; now !== undefined; now = work) await now;
    },
    stop() {
      stopping.abort(new Error('the server is stopping'));
      running?.stop.abort(new Error('the server is stopping'));
    },
  };
  return scans;
}

const INTERRUPTED = 'the server ended while the job ran, or could not record its end';
const CANCELLED: Error = new Error('ended by a user');
