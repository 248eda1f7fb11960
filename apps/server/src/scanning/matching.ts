// Holds what is stored against the vulnerability database: an artifact when it was scanned or its use changed, all of
// them when the database changed. The work is done by a helper process, one artifact at a time.
import type { VulnerabilityData } from '@guardcell/contract';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { ScanStore, StateStore } from '@guardcell/store';
import { put, read } from '../stored.ts';
import type { DatabaseWatch } from './database-watch.ts';
import type { Helper } from './helper/helper-process.ts';
import type { ScanAlerts } from './scan-alerts.ts';

export type RematchState = VulnerabilityData['rematch'];

export interface Matching {
  /** These are matched soon; several requests become one. */
  request(ids: readonly string[]): void;
  /** The database may have changed: whatever was not held against it is matched. */
  databaseChanged(): void;
  rematch(): RematchState;
  /** How long the last matching of everything took, ms; 0 before the first. */
  lastMs(): number;
  /** Goes on with what was under way when the server ended. */
  recover(): Promise<void>;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  stop(): void;
}

export interface MatchingDeps {
  readonly state: StateStore;
  readonly store: () => Promise<ScanStore>;
  readonly helper: Helper;
  readonly database: DatabaseWatch;
  readonly alerts: Pick<ScanAlerts, 'matched'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
}

/** So many are noted as under way at once; after a crash they are matched again. */
const BATCH = 50;
/** Twice in flight: the helper matches one while the store reads the next. */
const PARALLEL = 2;
const ATTEMPTS = 3;
const RETRY_MS = 5000;

const NEVER: RematchState = {
  state: 'idle',
  startedAt: '',
  finishedAt: '',
  artifacts: 0,
  newFindings: 0,
  alerts: 0,
};

export function createMatching(deps: MatchingDeps): Matching {
  const { state, store, helper, database, alerts, clock, logger } = deps;
  const waiting = new Set<string>();
  /** Whatever went wrong with them, they are not tried again until the database or they change. */
  const failed = new Map<string, string>();
  let everything = false;
  let work: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  const stopping = new AbortController();
  const { signal: ended } = stopping;
  let rematch = NEVER;
  let lastMs = 0;
  const now = (): string => new Date(clock.nowMs()).toISOString();

  interface Totals {
    artifacts: number;
    newFindings: number;
    alerts: number;
  }

  async function matchOne(id: string, totals: Totals): Promise<void> {
    const scans = await store();
    for (let attempt = 1; attempt <= ATTEMPTS && !ended.aborted; attempt++) {
      const input = await scans.matchInput(id);
      if (input === undefined) return;
      const { revision, findings, warnings } = await helper.call('match', {
        places: database.places,
        today: now(),
        report: input.report,
        inUse: input.inUse,
        exposure: input.exposure,
      });
      const outcome = await scans.putMatches(
        { id, revision: input.revision, exposure: input.exposure },
        findings,
        revision,
        clock.nowMs(),
        warnings,
      );
      if (!outcome.taken) continue;
      totals.artifacts += 1;
      totals.newFindings += outcome.added.length;
      totals.alerts += await alerts.matched(id, findings);
      return;
    }
  }

  async function matchBatch(ids: readonly string[], revision: string, totals: Totals): Promise<void> {
    await state.commit([put('cursor', 'scan-matching', { ids: [...ids] })]);
    const queue = [...ids];
    async function worker(): Promise<void> {
      for (let id = queue.shift(); id !== undefined && !ended.aborted; id = queue.shift()) {
        try {
          await matchOne(id, totals);
        } catch (thrown) {
          if (ended.aborted) return;
          failed.set(id, revision);
          logger.warn('an artifact cannot be matched', { artifact: id, ...errorFacts(thrown) });
        }
      }
    }
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    if (!ended.aborted) await state.commit([put('cursor', 'scan-matching', { ids: [] })]);
    deps.onChange();
  }

  async function matchWaiting(totals: Totals): Promise<void> {
    const revision = (await database.facts())?.revision ?? '';
    while (waiting.size > 0 && !ended.aborted) {
      const ids = [...waiting].slice(0, BATCH);
      for (const id of ids) waiting.delete(id);
      await matchBatch(ids, revision, totals);
    }
  }

  async function matchEverything(revision: string, totals: Totals): Promise<void> {
    const scans = await store();
    while (!ended.aborted) {
      const given = [...failed.values()].filter((each) => each === revision).length;
      const found = await scans.unmatched(revision, BATCH + given);
      const ids = found.filter((id) => failed.get(id) !== revision).slice(0, BATCH);
      if (ids.length === 0) return;
      await matchBatch(ids, revision, totals);
      // What was matched is no more among the unmatched; what was not is not looked at for ever.
      const again = new Set(await scans.unmatched(revision, BATCH + given));
      for (const id of ids) if (again.has(id)) failed.set(id, revision);
    }
  }

  async function run(): Promise<void> {
    const totals: Totals = { artifacts: 0, newFindings: 0, alerts: 0 };
    await matchWaiting(totals);
    while (everything && !ended.aborted) {
      everything = false;
      const facts = await database.facts();
      if (facts === undefined) break;
      const startedMs = clock.nowMs();
      const all: Totals = { artifacts: 0, newFindings: 0, alerts: 0 };
      const pending = await (await store()).unmatched(facts.revision, 1);
      if (pending.length === 0) continue;
      rematch = { ...NEVER, state: 'running', startedAt: now() };
      deps.onChange();
      try {
        await matchEverything(facts.revision, all);
      } finally {
        lastMs = clock.nowMs() - startedMs;
        rematch = { ...rematch, ...all, state: 'idle', finishedAt: now() };
      }
      if (ended.aborted) return;
      await state.commit([put('cursor', 'scan-rematch', { rematch, lastMs })]);
      logger.info('everything was held against the vulnerability database', { ms: lastMs, ...all });
      deps.onChange();
      await matchWaiting(totals);
    }
  }

  function wake(): void {
    if (ended.aborted || work !== undefined) return;
    clearTimeout(retry);
    work = run()
      .catch((thrown: unknown) => {
        if (ended.aborted) return;
        logger.warn('matching stopped; it is tried again', { ...errorFacts(thrown) });
        everything = true;
        retry = setTimeout(wake, RETRY_MS).unref();
      })
      .finally(() => {
        work = undefined;
        if (waiting.size > 0) wake();
      });
  }

  return {
    request(ids) {
      for (const id of ids) {
        failed.delete(id);
        waiting.add(id);
      }
      if (ids.length > 0) wake();
    },
    databaseChanged() {
      everything = true;
      wake();
    },
    rematch: () => rematch,
    lastMs: () => lastMs,
    async recover() {
      const kept = await read<{ rematch: RematchState; lastMs: number }>(state, 'cursor', 'scan-rematch');
      if (kept !== undefined) ({ rematch, lastMs } = kept.value);
      const open = await read<{ ids: readonly string[] }>(state, 'cursor', 'scan-matching');
      for (const id of open?.value.ids ?? []) waiting.add(id);
      everything = true;
      wake();
    },
    async idle() {
      for (let current = work; current !== undefined; current = work) await current;
    },
    stop() {
      stopping.abort(new Error('the server is stopping'));
      clearTimeout(retry);
    },
  };
}
