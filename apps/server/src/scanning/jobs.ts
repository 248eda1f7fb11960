// The record of scan jobs: those that wait or run are held in memory, all of them in the state store.
import type { JobState, ScanJob } from '@guardcell/contract';
import { type Clock, sortableId } from '@guardcell/kit';
import type { StateStore } from '@guardcell/store';
import { ApiError, notFound } from '../errors.ts';
import { each, put, read, remove } from '../stored.ts';

export type JobKind = ScanJob['kind'];

/** What is kept besides what callers see. */
export interface JobDetails {
  /** Of host and container jobs: the agent that is asked. */
  readonly sensor?: string;
  /** Of registry jobs: only this `repository:tag`. */
  readonly image?: string;
  /** Also what is known by its digest. */
  readonly all?: boolean;
  /** Host and container jobs that nobody has answered by then have failed. */
  readonly expiresAtMs?: number;
}

interface JobDocument extends JobDetails {
  readonly job: ScanJob;
}

export interface Job extends JobDetails {
  job: ScanJob;
}

export interface JobFilter {
  readonly kind?: readonly string[];
  readonly state?: readonly JobState[];
  readonly target?: string;
}

export interface ScanJobs {
  /** Durable when it resolves. */
  add(kind: JobKind, target: string, startedBy: string, details?: JobDetails): Promise<Job>;
  get(id: string): Promise<ScanJob | undefined>;
  /** Newest first. @throws ApiError GC_INVALID_CURSOR. */
  list(
    filter: JobFilter,
    limit: number,
    cursor?: string,
  ): Promise<{ items: ScanJob[]; nextCursor: string | null }>;
  /** Those that wait or run, oldest first. */
  active(): readonly Job[];
  /** Notes progress; written at once only when the state changes, else every few seconds. */
  update(id: string, change: Partial<ScanJob>): Promise<void>;
  /** Ends a job; one that has ended stays as it is. */
  finish(id: string, state: JobState, change?: Partial<ScanJob>): Promise<ScanJob>;
  problem(id: string, problem: ScanJob['problems'][number]): void;
  /** Since the start. */
  counts(): Readonly<Record<string, number>>;
  /** Forgets all but the newest. */
  prune(): Promise<void>;
}

const KEPT = 1000;
const MAX_PROBLEMS = 100;
const WRITE_EVERY_MS = 2000;
const NO_PROGRESS = { total: 0, done: 0, scanned: 0, skipped: 0, failed: 0, current: '' };

export interface JobsDeps {
  readonly state: StateStore;
  readonly clock: Clock;
  readonly onChange: (job: ScanJob) => void;
}

/** Opens the record. What was under way when the server ended is in `active`. */
export async function openScanJobs({ state, clock, onChange }: JobsDeps): Promise<ScanJobs> {
  const active = new Map<string, Job>();
  const written = new Map<string, number>();
  const counts: Record<string, number> = {};
  const now = (): string => new Date(clock.nowMs()).toISOString();

  const recent = await state.list('scan-job', { reverse: true, limit: KEPT });
  for (const record of recent.toReversed()) {
    const document = record.value as unknown as JobDocument;
    if (['waiting', 'running'].includes(document.job.state)) active.set(record.id, { ...document });
  }

  async function write(job: Job): Promise<void> {
    written.set(job.job.id, clock.nowMs());
    await state.commit([put('scan-job', job.job.id, job)]);
  }

  function needed(id: string): Job {
    const job = active.get(id);
    if (job === undefined) throw new ApiError('GC_CONFLICT', 'the job has ended already');
    return job;
  }

  return {
    async add(kind, target, startedBy, details = {}) {
      const job: ScanJob = {
        id: sortableId(clock.nowMs()),
        kind,
        target,
        state: 'waiting',
        startedBy,
        createdAt: now(),
        startedAt: '',
        finishedAt: '',
        progress: { ...NO_PROGRESS },
        detail: '',
        errorCode: '',
        problems: [],
      };
      const made: Job = { ...details, job };
      await write(made);
      active.set(job.id, made);
      counts['waiting'] = (counts['waiting'] ?? 0) + 1;
      onChange(job);
      return made;
    },
    async get(id) {
      return active.get(id)?.job ?? (await read<JobDocument>(state, 'scan-job', id))?.value.job;
    },
    async list(filter, limit, cursor) {
      if (cursor !== undefined && !/^[0-9a-z]{26}$/.test(cursor)) {
        throw new ApiError('GC_INVALID_CURSOR', 'the cursor is not one of this list');
      }
      const { kind = [], state: states = [], target } = filter;
      const items: ScanJob[] = [];
      const after = cursor === undefined ? {} : { after: cursor };
      for await (const { id, value } of each<JobDocument>(state, 'scan-job', { reverse: true, ...after })) {
        const job = active.get(id)?.job ?? value.job;
        if (kind.length > 0 && !kind.includes(job.kind)) continue;
        if (states.length > 0 && !states.includes(job.state)) continue;
        if (target !== undefined && job.target !== target) continue;
        items.push(job);
        if (items.length > limit) break;
      }
      const page = items.slice(0, limit);
      return { items: page, nextCursor: items.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
    active: () => [...active.values()],
    async update(id, change) {
      const job = active.get(id);
      if (job === undefined) return;
      const isNewState = change.state !== undefined && change.state !== job.job.state;
      job.job = { ...job.job, ...change };
      onChange(job.job);
      if (isNewState || clock.nowMs() - (written.get(id) ?? 0) >= WRITE_EVERY_MS) await write(job);
    },
    async finish(id, end, change = {}) {
      const job = active.get(id);
      if (job === undefined) {
        const known = (await read<JobDocument>(state, 'scan-job', id))?.value.job;
        if (known === undefined) throw notFound('scan job', id);
        return known;
      }
      const { progress } = job.job;
      job.job = {
        ...job.job,
        ...change,
        progress: { ...progress, ...change.progress, current: '' },
        state: end,
        finishedAt: now(),
      };
      await write(job);
      active.delete(id);
      written.delete(id);
      counts[end] = (counts[end] ?? 0) + 1;
      onChange(job.job);
      return job.job;
    },
    problem(id, problem) {
      const job = needed(id);
      if (job.job.problems.length >= MAX_PROBLEMS) return;
      const cut = (text: string): string => text.slice(0, 500).toWellFormed();
      const entry = { at: cut(problem.at), code: cut(problem.code), message: cut(problem.message) };
      job.job = { ...job.job, problems: [...job.job.problems, entry] };
    },
    counts: () => counts,
    async prune() {
      let seen = 0;
      const old: string[] = [];
      for await (const { id } of each(state, 'scan-job', { reverse: true })) {
        seen += 1;
        if (seen > KEPT && !active.has(id)) old.push(id);
      }
      if (old.length > 0) await state.commit(old.map((id) => remove('scan-job', id)));
    },
  };
}
