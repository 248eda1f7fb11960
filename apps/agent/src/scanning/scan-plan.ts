// What is scanned next: what people ask for first, then every image once; beside that the host. Pure.
import type { ScanningState, ScanSubject } from '@guardcell/contract';
import type { Container } from '@guardcell/core';

/** Younger containers may be gone before they are read, and most of those that are short-lived are. */
const MIN_AGE_MS = 10_000;
/** After a scan that failed; each further failure doubles it. */
const RETRY_MS = 300_000;
const RETRY_MAX_MS = 24 * 3_600_000;

/** Key of the host's scan and index. */
export const HOST_KEY = 'host';

/** By which the image of a container is the same image elsewhere. */
function imageKey({ id, image }: Container): string {
  return image.digest || image.id || `container:${id}`;
}

export interface ScanOutcome {
  readonly atMs: number;
  /** Failures in a row; 0 after a scan that worked. */
  readonly failures: number;
}

export interface ScanJob {
  readonly key: string;
  /** Of the request that it answers; empty when nobody asked. */
  readonly requestId: string;
  readonly subject: ScanSubject;
  /** Of a process within the container; 0 for the host. */
  readonly pid: number;
}

/** A request that cannot be fulfilled. */
export interface RefusedRequest {
  readonly requestId: string;
  readonly subject: ScanSubject;
}

export type NextScan = { readonly scan: ScanJob } | { readonly refuse: RefusedRequest };

export interface PlanInput {
  readonly state: ScanningState;
  readonly containers: readonly Container[];
  readonly hostname: string;
  readonly nowMs: number;
  /** Requests that are answered, or whose answer is on its way. */
  isAnswered(requestId: string): boolean;
  /** Of the last scan of this key. */
  outcomeOf(key: string): ScanOutcome | undefined;
}

function hostSubject(hostname: string): ScanSubject {
  return { kind: 'host', containerId: '', name: hostname, manifestDigest: '', imageId: '' };
}

function containerSubject({ id, name, image }: Container): ScanSubject {
  return {
    kind: 'container',
    containerId: id,
    name: image.reference || name || id,
    manifestDigest: image.digest,
    imageId: image.id,
  };
}

function isScannable({ state, pid, complete }: Container): boolean {
  return complete && pid > 0 && (state === 'running' || state === 'paused');
}

function jobOf(container: Container, requestId: string): ScanJob {
  return { key: imageKey(container), requestId, subject: containerSubject(container), pid: container.pid };
}

function isDue(outcome: ScanOutcome | undefined, everyMinutes: number, nowMs: number): boolean {
  if (outcome === undefined) return true;
  const waitMs =
    outcome.failures === 0
      ? Math.max(1, everyMinutes) * 60_000
      : Math.min(RETRY_MS * 2 ** (outcome.failures - 1), RETRY_MAX_MS);
  return nowMs - outcome.atMs >= waitMs;
}

/** The next scan of a container, or a request that must be refused; undefined when there is nothing to do now. */
export function nextContainerScan(input: PlanInput): NextScan | undefined {
  const { state, containers, nowMs } = input;
  for (const { id, target } of openRequests(input)) {
    if (target === HOST_KEY) continue;
    const container = containers.find((one) => one.id === target);
    if (container !== undefined && isScannable(container)) return { scan: jobOf(container, id) };
    const subject: ScanSubject = { ...hostSubject(''), kind: 'container', containerId: target };
    return {
      refuse: { requestId: id, subject: container === undefined ? subject : containerSubject(container) },
    };
  }
  if (!state.enabled || !state.containers) return undefined;
  // The oldest first: they are the least likely to end meanwhile.
  for (const container of containers.toSorted((a, b) => a.startedAtMs - b.startedAtMs)) {
    if (!isScannable(container) || nowMs - container.startedAtMs < MIN_AGE_MS) continue;
    const job = jobOf(container, '');
    if (isDue(input.outcomeOf(job.key), state.everyMinutes, nowMs)) return { scan: job };
  }
  return undefined;
}

/** The next scan of the host. It takes long, so it does not hold up those of containers. */
export function nextHostScan(input: PlanInput): NextScan | undefined {
  const { state, nowMs } = input;
  const scan: ScanJob = { key: HOST_KEY, requestId: '', subject: hostSubject(input.hostname), pid: 0 };
  for (const { id, target } of openRequests(input)) {
    if (target === HOST_KEY) return { scan: { ...scan, requestId: id } };
  }
  const isWanted = state.enabled && state.host;
  return isWanted && isDue(input.outcomeOf(HOST_KEY), state.everyMinutes, nowMs) ? { scan } : undefined;
}

function openRequests({ state, nowMs, isAnswered }: PlanInput): ScanningState['requests'] {
  return state.requests.filter(({ id, expiresAtMs }) => expiresAtMs >= nowMs && !isAnswered(id));
}
