// Scans that agents make: what they are asked for, and what they send.
import type { InUseUpload, ScanJob, ScanningState, ScanUpload, Settings } from '@guardcell/contract';
import type { ScanReport } from '@guardcell/core';
import { type Clock, CodedError, type Logger } from '@guardcell/kit';
import type { ArtifactNames, ScanStore, StateStore } from '@guardcell/store';
import { ApiError } from '../errors.ts';
import { put } from '../stored.ts';
import type { Helper } from './helper/helper-process.ts';
import type { ScanJobs } from './jobs.ts';

export interface AgentScans {
  /** `target`: `host` or a container id. The job under way, if one is. */
  request(sensor: string, target: string, by: string): Promise<ScanJob>;
  /** Part of the desired state of an agent; `sensor` empty: requests of every host. */
  desired(sensor: string): ScanningState;
  /** Takes `POST /agent/v1/scans`. @throws ApiError GC_INVALID_REQUEST, GC_BODY_TOO_LARGE, GC_SCAN_BUSY. */
  takeScan(bytes: Uint8Array, gzip: boolean): Promise<void>;
  /** Takes `POST /agent/v1/in-use`. @throws as `takeScan`. */
  takeInUse(bytes: Uint8Array, gzip: boolean): Promise<void>;
  /**
   * Room for one upload, to be taken before its body is read and given back when it is answered or cut off. Undefined: none now.
   */
  admit(): (() => void) | undefined;
  /** Ends jobs that nobody has answered in time. */
  expire(): Promise<void>;
}

export interface AgentScansDeps {
  readonly state: StateStore;
  readonly jobs: ScanJobs;
  readonly store: () => Promise<ScanStore>;
  readonly helper: Helper;
  readonly settings: () => NonNullable<Settings['scanning']>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: () => void;
  readonly onScanned: (id: string, report: ScanReport) => Promise<void>;
  /** Grades of these artifacts changed. */
  readonly onInUse: (ids: readonly string[]) => void;
}

/** A host that is busy takes its time, at low priority. */
const ANSWER_MS = 30 * 60_000;
/** Uploads that are received, unpacked and checked at the same time. */
const MAX_UPLOADS = 2;
const SMALL_BYTES: number = 256 * 1024;
const SENSOR = /^[A-Za-z0-9][\w.-]{0,99}$/;
const DIGEST = /^(?:[a-z0-9]+:[0-9a-fA-F]{32,128})?$/;

/**
 * What is checked in a few milliseconds needs no process: agents tell every minute what is in use. The size that gzip
 * notes at its end may be a lie; then what is unpacked is cut off at the bound.
 */
function isSmall(bytes: Uint8Array, gzip: boolean): boolean {
  if (bytes.length > SMALL_BYTES) return false;
  return !gzip || (bytes.length >= 18 && Buffer.from(bytes.subarray(-4)).readUInt32LE() <= SMALL_BYTES);
}

/** What artifacts are known by, of what an agent says. */
function namesOf({ sensorId, subject }: ScanUpload): ArtifactNames {
  const { kind, containerId, name, manifestDigest, imageId } = subject;
  if (kind === 'host')
    return { id: `host:${sensorId}`, manifestDigest: '', imageId: '', reference: name, registry: '' };
  // An image that has no digest cannot be told from others: then it is the container that is known.
  const id = manifestDigest === '' && imageId === '' ? `container:${containerId}` : '';
  return { id, manifestDigest, imageId, reference: name, registry: '' };
}

/** Artifacts that a container may be known as: by its image, else by itself. */
function placesOf(containerId: string, digests: readonly string[]): readonly string[] {
  const known = digests.filter((each) => each !== '');
  return known.length > 0 ? known : [`container:${containerId}`];
}

/** What runs is looked into for the sake of its image: with a digest it is the same thing that a registry holds. */
function asImage({ report, subject }: ScanUpload): ScanReport | undefined {
  if (report === undefined) return undefined;
  const isImage = subject.kind === 'container' && (subject.manifestDigest !== '' || subject.imageId !== '');
  const { artifact } = report as ScanReport;
  return {
    ...(report as ScanReport),
    artifact: isImage ? { ...artifact, kind: 'image', name: subject.name } : artifact,
  };
}

/** @throws ApiError GC_INVALID_REQUEST for names that nobody has. */
function checkNames(sensorId: string, digests: readonly string[]): void {
  if (SENSOR.test(sensorId) && digests.every((digest) => DIGEST.test(digest))) return;
  throw new ApiError('GC_INVALID_REQUEST', 'the sensor or a digest is not written as such');
}

export function createAgentScans(deps: AgentScansDeps): AgentScans {
  const { state, jobs, helper, clock, logger } = deps;
  let uploads = 0;

  const isOfAgents = (kind: string): boolean => kind === 'host' || kind === 'container';

  async function read(what: 'scan' | 'in-use', bytes: Uint8Array, gzip: boolean): Promise<unknown> {
    try {
      if (isSmall(bytes, gzip)) {
        const { checkedUpload } = await import('./work/read-upload.ts');
        return checkedUpload(what, bytes, gzip, SMALL_BYTES);
      }
      return await helper.call('readUpload', { what, bytes, gzip });
    } catch (thrown) {
      if (thrown instanceof CodedError && /^GC_(?:BODY_TOO_LARGE|INVALID_)/.test(thrown.code)) {
        throw new ApiError(thrown.code as 'GC_INVALID_REQUEST', thrown.message, { at: thrown.at });
      }
      throw new ApiError('GC_SCAN_BUSY', 'the upload cannot be checked now', {
        cause: thrown,
        retryAfterSeconds: 5,
      });
    }
  }

  /** An answer to a request, or of an agent that was about to scan anyway. */
  async function answered(upload: ScanUpload, failure: ScanUpload['problem']): Promise<void> {
    const { requestId, sensorId, subject } = upload;
    const target = subject.kind === 'host' ? sensorId : subject.containerId;
    const open = jobs.active().filter(({ job, sensor }) => {
      if (!isOfAgents(job.kind) || sensor !== sensorId) return false;
      return requestId === '' ? job.kind === subject.kind && job.target === target : job.id === requestId;
    });
    for (const { job } of open) {
      if (failure === undefined) {
        const progress = { total: 1, done: 1, scanned: 1, skipped: 0, failed: 0, current: '' };
        await jobs.finish(job.id, 'succeeded', { progress, detail: 'scanned by the agent' });
        continue;
      }
      const { code, message, at } = failure;
      jobs.problem(job.id, { at, code, message });
      const progress = { total: 1, done: 1, scanned: 0, skipped: 0, failed: 1, current: '' };
      await jobs.finish(job.id, 'failed', { progress, detail: message, errorCode: code });
    }
    if (open.length > 0) deps.changed();
  }

  async function takeScan(bytes: Uint8Array, gzip: boolean): Promise<void> {
    const upload = (await read('scan', bytes, gzip)) as ScanUpload;
    const { sensorId, subject, problem } = upload;
    checkNames(sensorId, [subject.manifestDigest, subject.imageId]);
    const report = asImage(upload);
    if (report === undefined) {
      const facts = { sensor: sensorId, target: subject.name, code: problem?.code };
      logger.warn('an agent could not scan', facts);
      await answered(
        upload,
        problem ?? {
          code: 'GC_SCAN_FAILED',
          message: 'the agent could not scan',
          at: subject.name,
          hint: '',
        },
      );
      return;
    }
    if (subject.kind === 'container' && subject.containerId === '') {
      throw new ApiError('GC_INVALID_REQUEST', '/subject/containerId must be given');
    }
    const names = namesOf(upload);
    const id = await (await deps.store()).putScan(names, report, clock.nowMs());
    await deps.onScanned(id, report);
    await answered(upload, undefined);
  }

  async function takeInUse(bytes: Uint8Array, gzip: boolean): Promise<void> {
    const { sensorId, containers } = (await read('in-use', bytes, gzip)) as InUseUpload;
    checkNames(
      sensorId,
      containers.flatMap(({ manifestDigest, imageId }) => [manifestDigest, imageId]),
    );
    const evidence = containers.map(({ containerId, ...rest }) => ({
      ...rest,
      sensor: sensorId,
      container: containerId,
    }));
    const store = await deps.store();
    const changed = await store.putInUse(evidence);
    const losses = containers.filter(({ lost }) => lost > 0);
    const at = new Date(clock.nowMs()).toISOString();
    // Drafts that say "never touched" look here: who missed events cannot know.
    const places = losses.flatMap(({ containerId, manifestDigest, imageId }) =>
      containerId === 'host' ? [`host:${sensorId}`] : placesOf(containerId, [manifestDigest, imageId]),
    );
    if (places.length > 0) {
      // An image is known by several digests; its draft asks under the id that the store gave it.
      const ids = new Set(places);
      for (const place of places) ids.add((await store.artifact(place))?.summary.id ?? place);
      await state.commit([...ids].map((id) => put('in-use-loss', id, { at })));
    }
    deps.onInUse(changed);
  }

  return {
    async request(sensor, target, by) {
      const kind = target === 'host' ? 'host' : 'container';
      const known = kind === 'host' ? sensor : target;
      const open = jobs
        .active()
        .find(({ job, sensor: asked }) => asked === sensor && job.kind === kind && job.target === known);
      if (open !== undefined) return open.job;
      const expiresAtMs = clock.nowMs() + ANSWER_MS;
      const { job } = await jobs.add(kind, known, by, { sensor, expiresAtMs });
      const startedAt = new Date(clock.nowMs()).toISOString();
      const progress = { ...job.progress, total: 1, current: known };
      await jobs.update(job.id, { state: 'running', startedAt, progress, detail: 'the agent was asked' });
      deps.changed();
      return (await jobs.get(job.id)) ?? job;
    },
    desired(sensor) {
      const { containers, hosts, everyMinutes } = deps.settings();
      const requests = jobs
        .active()
        .filter((each) => isOfAgents(each.job.kind) && (sensor === '' || each.sensor === sensor))
        .map(({ job, expiresAtMs = 0 }) => ({
          id: job.id,
          target: job.kind === 'host' ? 'host' : job.target,
          expiresAtMs,
        }));
      return { enabled: containers || hosts, containers, host: hosts, everyMinutes, requests };
    },
    takeScan,
    takeInUse,
    admit() {
      if (uploads >= MAX_UPLOADS) return undefined;
      uploads += 1;
      let isLeft = false;
      return () => {
        if (!isLeft) uploads -= 1;
        isLeft = true;
      };
    },
    async expire() {
      const nowMs = clock.nowMs();
      const over = jobs
        .active()
        .filter(({ expiresAtMs }) => expiresAtMs !== undefined && expiresAtMs <= nowMs);
      for (const { job } of over) {
        const detail = 'the agent did not answer in time';
        await jobs.finish(job.id, 'failed', { detail, errorCode: 'GC_SCAN_EXPIRED' });
      }
      if (over.length > 0) deps.changed();
    },
  };
}
