// Puts the parts of scanning together: the store, helper processes, jobs, matching, alerts, accepted risks.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanJob, Settings } from '@guardcell/contract';
import type { ScanReport } from '@guardcell/core';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import { openSqliteScanStore, type ScanStore, type StateStore } from '@guardcell/store';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Users } from '../auth/users.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { type Acceptances, openAcceptances } from './acceptances.ts';
import { type AgentScans, createAgentScans } from './agent-scans.ts';
import { collectWhenQuiet } from './collect-garbage.ts';
import { type DatabaseWatch, watchDatabase } from './database-watch.ts';
import { watchExposure } from './exposure-watch.ts';
import { forgetTraces } from './forget-traces.ts';
import { createHelper, type Helper } from './helper/helper-process.ts';
import { openScanJobs, type ScanJobs } from './jobs.ts';
import { createMatching, type Matching } from './matching.ts';
import { openRegistries, type Registries } from './registries.ts';
import { createRegistryScans, type RegistryScans } from './registry-scans.ts';
import { createRunningContainers, type RunningContainers } from './running-containers.ts';
import { createScanAlerts, type ScanAlerts } from './scan-alerts.ts';
import { openVulnerabilityData, type VulnerabilityDataService } from './vulnerability-data.ts';

export type ScanSettings = Required<NonNullable<Settings['scanning']>>;

export interface Scanning {
  /** Opened when it is first needed. */
  store(): Promise<ScanStore>;
  /** Whether there is anything in it, as far as one can tell without opening it. */
  hasStore(): boolean;
  readonly jobs: ScanJobs;
  readonly registries: Registries;
  readonly registryScans: RegistryScans;
  readonly agentScans: AgentScans;
  readonly matching: Matching;
  readonly alerts: ScanAlerts;
  readonly acceptances: Acceptances;
  readonly data: VulnerabilityDataService;
  readonly database: DatabaseWatch;
  readonly running: RunningContainers;
  /** For look-ups and files that callers wait for. */
  readonly helper: Helper;
  /** Tells live streams to look again. */
  changed(what: string): void;
  /** Forgets artifacts that were not seen for so long, returns how many; and acceptances that ended long ago. */
  dropBefore(beforeMs: number): Promise<number>;
  /** Resolves when nothing of this is under way; for tests. */
  idle(): Promise<void>;
  /** Goes on with what was under way, and begins to look at the clock. */
  begin(): Promise<void>;
  stop(): Promise<void>;
}

export interface ScanningDeps {
  readonly dataDir: string;
  readonly secretsDir: string;
  /** Packed vulnerability database that ships with the project; empty: none. */
  readonly snapshot: string;
  readonly trustedKeys: readonly string[];
  readonly feedUrls: readonly string[];
  readonly state: StateStore;
  readonly ingest: Ingest;
  readonly fleet: Fleet;
  readonly users: Pick<Users, 'list'>;
  readonly audit: Pick<AuditTrail, 'append'>;
  readonly settings: () => ScanSettings;
  /** The desired state of agents changed. */
  readonly desiredChanged: () => void;
  /** `what`: `job`, `artifacts`, `acceptances`, `registries`, `data`. */
  readonly hint: (data: {
    readonly changed: string;
    readonly job?: Pick<ScanJob, 'id' | 'kind' | 'target' | 'state' | 'progress'>;
  }) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const TICK_MS = 5000;
/** Hints of one kind are sent at most this often. */
const HINT_MS = 500;
const IDLE_MS = 20_000;
const HEAP_MB = { registry: 768, matching: 512, database: 2048 };

/** The first at once, then at most one every half second; the last is never left out. */
function throttled(
  send: (what: string, job: ScanJob | undefined) => void,
): (what: string, job?: ScanJob) => void {
  const waiting = new Map<string, { timer: NodeJS.Timeout; job: ScanJob | undefined; again: boolean }>();
  return (what, job) => {
    const key = `${what} ${job?.id ?? ''}`;
    const pending = waiting.get(key);
    if (pending !== undefined) {
      pending.again = true;
      pending.job = job;
      return;
    }
    send(what, job);
    const timer = setTimeout(() => {
      const entry = waiting.get(key);
      waiting.delete(key);
      if (entry?.again === true) send(what, entry.job);
    }, HINT_MS).unref();
    waiting.set(key, { timer, job: undefined, again: false });
  };
}

export async function startScanning(deps: ScanningDeps): Promise<Scanning> {
  const { dataDir, state, settings, clock, logger } = deps;
  const file = join(dataDir, 'scans.sqlite');
  let opened: Promise<ScanStore> | undefined;
  let isStopped = false;

  function store(): Promise<ScanStore> {
    opened ??= openSqliteScanStore({ file, logger, clock }).catch((thrown: unknown) => {
      opened = undefined;
      throw thrown;
    });
    return opened;
  }
  const hasStore = (): boolean => opened !== undefined || existsSync(file);

  const hint = throttled((changed, job) => {
    if (job === undefined) return deps.hint({ changed });
    const { id, kind, target, state: now, progress } = job;
    return deps.hint({ changed, job: { id, kind, target, state: now, progress } });
  });
  const changed = (what: string): void => hint(what);
  const helperOf = (name: keyof typeof HEAP_MB): Helper =>
    createHelper({ name, heapMb: HEAP_MB[name], idleMs: IDLE_MS, logger });
  const helpers = {
    registry: helperOf('registry'),
    matching: helperOf('matching'),
    database: helperOf('database'),
  };

  const jobs = await openScanJobs({ state, clock, onChange: (job) => hint('job', job) });
  const registries = await openRegistries(state, deps.secretsDir, clock);
  const exposures = watchExposure(store, (ids) => matching.request(ids), clock, logger);
  const running = createRunningContainers(deps.fleet, store, hasStore, logger, exposures.changed);
  const acceptances = await openAcceptances({
    state,
    store,
    administrators: async () =>
      (await deps.users.list()).filter(({ role }) => role === 'admin').map(({ name }) => name),
    audit: deps.audit,
    clock,
    logger,
    onChange: () => changed('acceptances'),
  });
  const alerts = createScanAlerts({
    state,
    ingest: deps.ingest,
    store,
    settings,
    isAccepted: acceptances.isAccepted,
    isPrivileged: (id) => deps.fleet.find(id)[0]?.container.privileged ?? false,
    clock,
    logger,
  });
  const database = watchDatabase({
    places: { dataDir, snapshot: deps.snapshot, trustedKeys: deps.trustedKeys },
    helper: helpers.matching,
    logger,
    onChange() {
      changed('data');
      if (hasStore()) matching.databaseChanged();
    },
  });
  const matching: Matching = createMatching({
    state,
    store,
    helper: helpers.matching,
    database,
    alerts,
    clock,
    logger,
    onChange() {
      changed('artifacts');
      collectWhenQuiet();
    },
  });
  async function onScanned(id: string, report: ScanReport): Promise<void> {
    await alerts.scanned(id, report);
    collectWhenQuiet();
    matching.request([id]);
    changed('artifacts');
  }
  const registryScans = createRegistryScans({
    state,
    jobs,
    registries,
    store,
    helper: helpers.registry,
    cacheDir: join(dataDir, 'scan-cache'),
    clock,
    logger,
    onScanned,
  });
  const agentScans = createAgentScans({
    state,
    jobs,
    store,
    helper: helpers.matching,
    settings,
    clock,
    logger,
    changed: deps.desiredChanged,
    onScanned,
    onInUse: matching.request,
  });
  const data = await openVulnerabilityData({
    state,
    database,
    helper: helpers.database,
    matching,
    settings,
    feedUrls: deps.feedUrls,
    clock,
    logger,
    onChange: () => changed('data'),
  });

  async function tick(): Promise<void> {
    await registryScans.tick();
    await agentScans.expire();
    await acceptances.expire();
    data.tick();
    exposures.tick();
  }
  const timer = setInterval(() => {
    tick().catch((thrown: unknown) => logger.warn('scanning waits for the store', { ...errorFacts(thrown) }));
  }, TICK_MS).unref();

  return {
    store,
    hasStore,
    jobs,
    registries,
    registryScans,
    agentScans,
    matching,
    alerts,
    acceptances,
    data,
    database,
    running,
    helper: helpers.matching,
    changed,
    async dropBefore(beforeMs) {
      await acceptances.forgetEnded(settings().acceptancesKeptDays);
      if (!hasStore()) return 0;
      const scans = await store();
      const dropped = await scans.dropBefore(beforeMs);
      await forgetTraces(state, scans, clock.nowMs());
      if (dropped > 0) await scans.compact();
      return dropped;
    },
    async idle() {
      await registryScans.idle();
      await running.idle();
      await exposures.idle();
      await matching.idle();
      await data.idle();
      await matching.idle();
      await alerts.idle();
    },
    async begin() {
      await registryScans.recover();
      await alerts.recover();
      if (!hasStore()) return;
      await acceptances.publish();
      await matching.recover();
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      clearInterval(timer);
      database.stop();
      registryScans.stop();
      matching.stop();
      data.stop();
      alerts.stop();
      await Promise.all(Object.values(helpers).map((helper) => helper.stop()));
      await Promise.all([registryScans.idle(), matching.idle(), data.idle(), alerts.idle(), running.idle()]);
      await exposures.idle();
      const last = await opened?.catch(() => undefined);
      await last?.close();
    },
  };
}
