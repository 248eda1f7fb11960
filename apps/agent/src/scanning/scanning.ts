// Scanning on this host: scans of images of running containers, one at a time, of the host beside them, and
// what of both is in use.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InUseUpload, ScanningState } from '@guardcell/contract';
import type { Container } from '@guardcell/core';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import { knownOrNew } from '@guardcell/sensor';
import { openEvidence } from './evidence.ts';
import { indexKey, nextInUse } from './in-use-upload.ts';
import { openOutbox } from './outbox.ts';
import { openOwnershipStore } from './ownership-store.ts';
import { filesOfRunning, type SeenProcesses } from './running-files.ts';
import { CONTAINER_BUDGET, HOST_BUDGET, runScan } from './scan-child.ts';
import { openScanMemory } from './scan-memory.ts';
import {
  HOST_KEY,
  type NextScan,
  nextContainerScan,
  nextHostScan,
  type PlanInput,
  type RefusedRequest,
  type ScanJob,
} from './scan-plan.ts';
import type { TouchedInContainer } from './touched-files.ts';

const LOOK_EVERY_MS = 2000;
const UPLOAD_EVERY_MS = 60_000;
const SWEEP_EVERY_MS = 60_000;
/** After a scan its packages in use are told at once; processes have this long to be looked at first. */
const UPLOAD_SOON_MS = 1000;

export interface ScanningOptions {
  readonly dataDir: string;
  readonly sensorId: string;
  readonly hostname: string;
  readonly clock: Clock;
  readonly logger: Logger;
  containers(): readonly Container[];
  sendScan(file: string): Promise<number>;
  sendInUse(upload: InUseUpload): Promise<void>;
  /** Whether the sensor tells of files in use. */
  watchFiles(isWanted: boolean): void;
  /** Leaves a process out of what the sensor reports; resolves when that is so. */
  exclude(pid: number, isExcluded: boolean): Promise<void>;
  /** Whether the sensor runs: without it nothing is said about packages in use. */
  isWatching(): boolean;
}

export interface Scanning {
  setState(state: ScanningState): void;
  /** In the journal when it returns. */
  touched(files: readonly TouchedInContainer[]): void;
  /** Nobody watched for a while: anything may have been touched in every container. */
  unwatched(): void;
  /** Files in use of a container ('' for the host; undefined: of whichever) were not told. */
  lost(containerId: string | undefined, count: number): void;
  containerChanged(container: Container): void;
  containerGone(id: string): void;
  /** All containers that run were told. */
  containersKnown(): void;
  stop(): Promise<void>;
}

export function startScanning(options: ScanningOptions): Scanning {
  const { clock, logger, sensorId } = options;
  const nowMs = (): number => clock.nowMs();
  const folder = join(options.dataDir, 'scanning');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const evidence = openEvidence(folder, nowMs, logger);
  const owners = openOwnershipStore(join(folder, 'owners'), nowMs);
  const memory = openScanMemory(folder, nowMs, logger);
  const outbox = openOutbox(join(folder, 'outbox'), options.sendScan, nowMs, logger);
  const stopped = new AbortController();
  const { signal } = stopped;
  const seen: SeenProcesses = new Map();
  const isContainer = knownOrNew(
    (id) => options.containers().some((container) => container.id === id && container.complete),
    nowMs,
  );
  const excluded = new Set([process.pid]);
  let areContainersKnown = false;
  let uploadTimer: NodeJS.Timeout | undefined;

  function isInUseWanted(): boolean {
    const { state } = memory;
    return state?.enabled === true && (state.containers || state.host);
  }

  function isOf(id: string): boolean {
    const { state } = memory;
    return id === HOST_KEY ? state?.host === true : state?.containers === true;
  }

  function note(files: readonly TouchedInContainer[]): void {
    if (isInUseWanted()) evidence.note(files.filter(({ containerId }) => isOf(containerId)));
  }

  function refuse({ requestId, subject }: RefusedRequest): void {
    const problem = {
      code: 'GC_TARGET_NOT_FOUND',
      message: 'no such container runs on this host',
      at: subject.containerId,
      hint: '',
    };
    outbox.put({ sensorId, requestId, subject, problem });
    memory.answered(requestId);
  }

  function isRunning(job: ScanJob): boolean {
    if (job.subject.kind === 'host') return true;
    return options.containers().some(({ id, pid }) => id === job.subject.containerId && pid === job.pid);
  }

  async function carryOut(job: ScanJob): Promise<void> {
    const budget = job.subject.kind === 'host' ? HOST_BUDGET : CONTAINER_BUDGET;
    const startedMs = nowMs();
    const task = {
      job,
      sensorId,
      outFile: outbox.newFile(job.requestId),
      ownersFile: owners.fileOf(job.key),
      cpuShare: budget.cpuShare,
    };
    const reply = await runScan(task, budget, exclude, signal);
    if (signal.aborted) return;
    const tookMs = nowMs() - startedMs;
    if (reply.ok) {
      logger.info('scanned', { name: job.subject.name, packages: reply.packages, tookMs });
      outbox.wake();
      owners.trim();
      for (const one of evidence.list()) if (indexKey(one) === job.key) evidence.renew(one.id);
      uploadSoon(UPLOAD_SOON_MS);
    } else if (job.requestId === '' && (reply.problem.code === 'GC_SCAN_TARGET_GONE' || !isRunning(job))) {
      // It ended meanwhile. Another container of the image is scanned when it is old enough.
      logger.debug('a container ended while it was scanned', { name: job.subject.name });
      // The runtime may not have said so yet.
      await pause(LOOK_EVERY_MS);
      return;
    } else {
      logger.warn('a scan failed', { name: job.subject.name, ...reply.problem, tookMs });
      const { requestId, subject } = job;
      outbox.put({ sensorId, requestId, subject, problem: reply.problem });
    }
    memory.scanned(job.key, reply.ok);
    if (job.requestId !== '') memory.answered(job.requestId);
  }

  async function exclude(pid: number, isExcluded: boolean): Promise<void> {
    if (isExcluded) excluded.add(pid);
    else excluded.delete(pid);
    await options.exclude(pid, isExcluded);
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }

  async function scanLoop(nextOf: (input: PlanInput) => NextScan | undefined): Promise<void> {
    while (!signal.aborted) {
      const { state } = memory;
      const next =
        state === undefined || !areContainersKnown
          ? undefined
          : nextOf({
              state,
              containers: options.containers(),
              hostname: options.hostname,
              nowMs: nowMs(),
              isAnswered: (id) => memory.isAnswered(id) || outbox.holds(id),
              // Without the index of its files a scan is of no use for what is in use.
              outcomeOf: (key) => {
                const outcome = memory.outcomeOf(key);
                return outcome?.failures === 0 && !owners.has(key) ? undefined : outcome;
              },
            });
      if (next === undefined) await pause(LOOK_EVERY_MS);
      else if ('scan' in next) await carryOut(next.scan);
      else refuse(next.refuse);
    }
  }

  /** Processes that run already, and those that came since. */
  async function sweep(): Promise<void> {
    if (!isInUseWanted() || !options.isWatching()) return;
    for await (const files of filesOfRunning(seen, excluded, nowMs, isContainer)) {
      if (signal.aborted) return;
      note(files);
    }
  }

  async function sweepLoop(): Promise<void> {
    while (!signal.aborted) {
      const isDone = isInUseWanted() && options.isWatching();
      await sweep();
      await pause(isDone ? SWEEP_EVERY_MS : LOOK_EVERY_MS);
    }
  }

  let isUploading = false;
  async function upload(): Promise<void> {
    if (isUploading || !isInUseWanted() || !options.isWatching()) return;
    isUploading = true;
    for (const { id, image, complete } of options.containers()) {
      if (complete) evidence.setImage(id, { manifestDigest: image.digest, imageId: image.id });
    }
    try {
      while (!signal.aborted) {
        const next = nextInUse(evidence, owners, nowMs());
        if (next.length === 0) return;
        await options.sendInUse({ sensorId, containers: next.map((one) => one.upload) });
        for (const one of next) evidence.uploaded(one.upload.containerId, one.version, one.upload.lost);
      }
    } catch (thrown) {
      logger.debug('packages in use wait for the server', { ...errorFacts(thrown) });
    } finally {
      isUploading = false;
    }
  }

  function uploadSoon(ms: number): void {
    clearTimeout(uploadTimer);
    uploadTimer = setTimeout(() => {
      if (signal.aborted) return;
      void upload().finally(() => {
        if (!signal.aborted) uploadSoon(UPLOAD_EVERY_MS);
      });
    }, ms);
  }

  function report(name: string): (thrown: unknown) => void {
    return (thrown) => logger.error(`${name} ended`, { ...errorFacts(thrown) });
  }

  options.watchFiles(isInUseWanted());
  const loops = [
    scanLoop(nextContainerScan).catch(report('scanning of containers')),
    scanLoop(nextHostScan).catch(report('scanning of the host')),
    sweepLoop().catch(report('looking at processes')),
  ];
  uploadSoon(UPLOAD_EVERY_MS);

  return {
    setState(state) {
      memory.setState(state);
      options.watchFiles(isInUseWanted());
    },
    touched: note,
    unwatched: () => evidence.noteLost(1),
    lost(containerId, count) {
      const id = containerId === '' ? HOST_KEY : containerId;
      if (isInUseWanted() && (id === undefined || isOf(id))) evidence.noteLost(count, id);
    },
    containerChanged({ id, image, complete, state }) {
      if (complete) evidence.setImage(id, { manifestDigest: image.digest, imageId: image.id });
      if (state === 'removed') evidence.gone(id);
      else if (state === 'running') evidence.back(id);
    },
    containerGone: (id) => evidence.gone(id),
    containersKnown() {
      areContainersKnown = true;
      const known = new Set(options.containers().map(({ id }) => id));
      for (const { id } of evidence.list()) if (id !== HOST_KEY && !known.has(id)) evidence.gone(id);
    },
    async stop() {
      stopped.abort();
      clearTimeout(uploadTimer);
      await Promise.all([outbox.stop(), ...loops]);
      evidence.close();
    },
  };
}
