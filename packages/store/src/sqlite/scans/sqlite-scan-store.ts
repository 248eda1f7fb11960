// ScanStore over one SQLite file. This side only passes questions on: one worker thread writes, one answers from an index
// in its memory; both start when they are needed and end when nobody asks for a while.
import { stat } from 'node:fs/promises';
import { UNKNOWN_EXPOSURE } from '@guardcell/core';
import { type Clock, CodedError, type Logger, systemErrorCode } from '@guardcell/kit';
import type { ApprovedAcceptance, RunningContainer, ScanStore } from '../../scan-ports.ts';
import type { Operations } from '../../worker/protocol.ts';
import { createWorkerClient, type WorkerClient } from '../../worker/worker-client.ts';
import type { ScanReader } from './scan-reader.ts';
import type { ScanWriter } from './scan-writer.ts';

export interface SqliteScanStoreOptions {
  /** Path of the file; its folder is created when missing. Only one store may have it open. */
  readonly file: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Threads end after so many milliseconds without a question; default 5 minutes. */
  readonly idleMs?: number;
}

/** What tests may do to a store beyond its port. */
export interface SqliteScanStore extends ScanStore {
  /** Ends a worker thread as a crash would. */
  crashWorker(which: 'writer' | 'reader'): Promise<void>;
  /** How many worker threads run. */
  threads(): number;
}

const IDLE_MS = 5 * 60_000;
/** After a restart sensors have so long to come back before what they ran counts as ended. */
const RETURN_MS = 3_600_000;

const isCorrupt = (thrown: unknown): boolean =>
  thrown instanceof CodedError && thrown.code === 'GC_STORE_CORRUPT';

/**
 * A damaged file is set aside as `….corrupt-<time>` and the store starts empty: everything in it can be scanned again.
 * @throws CodedError GC_STORE_FULL, GC_STORE_IO when the file cannot be used.
 */
export async function openSqliteScanStore(options: SqliteScanStoreOptions): Promise<SqliteScanStore> {
  const { file, logger, clock, idleMs = IDLE_MS } = options;
  const client = <Ops extends Operations>(entry: string, name: string): WorkerClient<Ops> =>
    createWorkerClient<Ops>({
      entry: new URL(entry, import.meta.url),
      data: { file },
      name,
      logger,
      idleMs,
    });
  const writer = client<ScanWriter & Operations>('./scan-writer.worker.ts', 'scan-writer');
  const reader = client<ScanReader & Operations>('./scan-reader.worker.ts', 'scan-reader');
  // What others told and would not tell again, should the file be lost.
  const running = new Map<string, readonly RunningContainer[]>();
  const told = new Set<string>();
  const openedMs = clock.nowMs();
  let acceptances: readonly ApprovedAcceptance[] | undefined;
  let settingAside: Promise<void> | undefined;

  async function setAside(cause: unknown): Promise<void> {
    await reader.call('close', undefined as never);
    const stamp = new Date(clock.nowMs()).toISOString().replaceAll(':', '');
    const aside = await writer.call('setAside', stamp);
    logger.error('the damaged file of scans was set aside; everything is to be scanned again', {
      file: aside,
      cause: cause instanceof Error ? cause.message : String(cause),
    });
    await writer.call('known', []);
    if (acceptances !== undefined) await writer.call('setAcceptances', acceptances);
    const atMs = clock.nowMs();
    for (const [sensor, containers] of running) await writer.call('setRunning', { sensor, containers, atMs });
  }

  /** Asks, and once more when the file turns out to be damaged and was set aside. */
  async function ask<T>(question: () => Promise<T>): Promise<T> {
    await settingAside;
    try {
      return await question();
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown;
      settingAside ??= setAside(thrown).finally(() => {
        settingAside = undefined;
      });
      await settingAside;
      return await question();
    }
  }

  const write = <Name extends keyof ScanWriter & string>(
    operation: Name,
    input: Parameters<ScanWriter[Name]>[0],
  ): Promise<ReturnType<ScanWriter[Name]>> =>
    ask(() => writer.call(operation, input as never) as Promise<ReturnType<ScanWriter[Name]>>);

  const read = <Name extends keyof ScanReader & string>(
    operation: Name,
    input: Omit<NonNullable<Parameters<ScanReader[Name]>[0]>, 'nowMs'>,
  ): Promise<ReturnType<ScanReader[Name]>> =>
    ask(
      () =>
        reader.call(operation, { ...input, nowMs: clock.nowMs() } as never) as Promise<
          ReturnType<ScanReader[Name]>
        >,
    );

  async function sizeOf(path: string): Promise<number> {
    try {
      return (await stat(path)).size;
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'ENOENT') return 0;
      throw thrown;
    }
  }

  try {
    // Creates the file, so that the reader finds one, and shows at once when it cannot be used.
    await write('known', []);
  } catch (thrown) {
    await writer.close();
    throw thrown;
  }

  return {
    putScan: (names, report, atMs) => write('putScan', { names, report, atMs }),
    known: async (digests) => new Set(await write('known', digests)),
    touch: (names, atMs) => write('touch', { names, atMs }),
    unmatched: (databaseRevision, limit) => write('unmatched', { databaseRevision, limit }),
    matchInput: (id) => write('matchInput', id),
    putMatches: (
      { id, revision, exposure = UNKNOWN_EXPOSURE },
      findings,
      databaseRevision,
      atMs,
      warnings = [],
    ) => write('putMatches', { id, revision, exposure, findings, databaseRevision, atMs, warnings }),
    putInUse: (evidence) => write('putInUse', evidence),
    async setRunning(sensor, containers) {
      told.add(sensor);
      running.set(sensor, containers);
      if (containers.length === 0) running.delete(sensor);
      await write('setRunning', { sensor, containers, atMs: clock.nowMs() });
    },
    async setAcceptances(approved) {
      acceptances = approved;
      await write('setAcceptances', approved);
    },
    exposureChanges: () => write('exposureChanges', undefined as never),
    preview: (scope) => read('preview', { scope }),
    remove: (id) => write('remove', id),
    compact: () => write('compact', undefined as never),
    dropBefore(beforeMs) {
      const sensors = clock.nowMs() - openedMs > RETURN_MS ? [...told] : undefined;
      return write('dropBefore', { beforeMs, sensors });
    },
    artifacts: (filter, limit, cursor) => read('artifacts', { filter, limit, cursor }),
    artifact: (id) => read('artifact', { id }),
    packages: (id, filter, limit, cursor) => read('packages', { id, filter, limit, cursor }),
    artifactVulnerabilities: (id, { layer, sort = 'risk', ...filter }, limit, cursor) =>
      read('artifactVulnerabilities', { id, filter, layer, sort, limit, cursor }),
    findings: (id) => read('findings', { id }),
    report: (id) => read('report', { id }),
    compare: (from, to) => read('compare', { from, to }),
    fixPlan: (filter) => read('fixPlan', { filter }),
    vulnerabilities: (filter, sort, limit, cursor) =>
      read('vulnerabilities', { filter, sort, limit, cursor }),
    vulnerablePackages: (filter, limit, cursor) => read('vulnerablePackages', { filter, limit, cursor }),
    vulnerableArtifacts: (filter, limit, cursor) => read('vulnerableArtifacts', { filter, limit, cursor }),
    vulnerableWorkloads: (filter, limit, cursor) => read('vulnerableWorkloads', { filter, limit, cursor }),
    facets: (filter) => read('facets', { filter }),
    occurrences: (vulnerability, filter, limit, cursor) =>
      read('occurrences', { vulnerability, filter, limit, cursor }),
    async counts() {
      const found = await read('counts', {});
      const sizes = await Promise.all([file, `${file}-wal`].map(sizeOf));
      return { ...found, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
    },
    async close() {
      for (const worker of [reader, writer]) {
        if (worker.threadId() > 0) await worker.call('close', undefined as never).catch(() => undefined);
        await worker.close();
      }
    },
    async crashWorker(which) {
      await { writer, reader }[which].crash();
    },
    threads: () => [writer, reader].filter((worker) => worker.threadId() > 0).length,
  };
}
