// Delivers pending notifications: a few at a time, after the containment of the same alert, again after a restart.
import type { ActionRecord, Alert } from '@guardcell/core';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import type { Notifier, NotifyContent } from '@guardcell/notify';
import { toFalcoJson } from '@guardcell/rules';
import type { EventStore } from '@guardcell/store';
import type { ActionLog, OpenAction } from './action-log.ts';

export interface NotifyJob {
  readonly record: ActionRecord;
  readonly open: OpenAction;
  /** Absent after a restart: it is read from the store. */
  readonly alert?: Alert;
  /** Ids of the alert's other actions, to tell what became of them. */
  readonly siblings: readonly string[];
}

export interface NotifyRunner {
  enqueue(jobs: readonly NotifyJob[]): void;
  /** Ends deliveries under way; they stay pending and are made again after the next start. */
  stop(): Promise<void>;
}

export interface NotifyRunnerDeps {
  readonly log: ActionLog;
  readonly notifier: Notifier;
  readonly events: Pick<EventStore, 'get'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const PARALLEL = 8;
/** A notification tells the result of the containment if there is one by then, and does not wait longer. */
const CONTAINMENT_WAIT_MS = 1000;
const STORE_RETRY_MS = 2000;
/** Receivers that hang must not fill the memory with what waits for them. */
const MAX_WAITING = 1000;

/** What Falco's HTTP output sends, so that falcosidekick and its kin understand it. */
function falcoContent(alert: Alert): NotifyContent {
  return { type: 'application/json', body: toFalcoJson(alert) };
}

export function createNotifyRunner({ log, notifier, events, clock, logger }: NotifyRunnerDeps): NotifyRunner {
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();
  let queue: NotifyJob[] = [];

  async function siblingsOf(job: NotifyJob): Promise<ActionRecord[]> {
    const found = await Promise.all(job.siblings.map((id) => log.settled(id, CONTAINMENT_WAIT_MS)));
    return found.filter((record) => record !== undefined);
  }

  async function deliver(job: NotifyJob): Promise<void> {
    const { record, open } = job;
    const alert = job.alert ?? (await events.get(record.alertId));
    if (alert === undefined) {
      const detail = 'the alert is no longer stored';
      await log.finish(record.id, {
        state: 'failed',
        detail,
        errorCode: 'GC_NOT_FOUND',
        finishedAtMs: clock.nowMs(),
      });
      return;
    }
    const actions = await siblingsOf(job);
    if (stopped.signal.aborted) return;
    const secretFile = open.action.with['secretFile'];
    const result = await notifier.deliver(
      {
        id: record.id,
        url: String(open.action.with['url'] ?? ''),
        alert,
        rule: record.rule,
        actions,
        allow: open.allow,
        ...(open.action.with['format'] === 'falco' && { content: falcoContent(alert) }),
        ...(typeof secretFile === 'string' && secretFile !== '' && { secretFile }),
      },
      stopped.signal,
    );
    if (stopped.signal.aborted && !result.ok) return;
    await log.finish(record.id, {
      state: result.ok ? 'succeeded' : 'failed',
      detail: result.detail,
      errorCode: result.ok ? '' : result.code,
      mechanism: 'webhook',
      finishedAtMs: clock.nowMs(),
    });
  }

  async function refuse({ record }: NotifyJob): Promise<void> {
    const detail = `${MAX_WAITING} notifications are waiting already.`;
    const end = {
      state: 'failed',
      detail,
      errorCode: 'GC_NOTIFY_BUSY',
      finishedAtMs: clock.nowMs(),
    } as const;
    await log.finish(record.id, end).catch((thrown: unknown) => {
      // It stays pending and is sent after the next start.
      logger.warn('a notification could not be refused in the record', { ...errorFacts(thrown) });
    });
  }

  function next(): void {
    while (running.size < PARALLEL && !stopped.signal.aborted) {
      const [job, ...rest] = queue;
      if (job === undefined) return;
      queue = rest;
      const work = deliver(job)
        .catch((thrown: unknown) => {
          logger.warn('the result of a notification could not be stored', {
            id: job.record.id,
            ...errorFacts(thrown),
          });
          if (stopped.signal.aborted) return;
          setTimeout(() => {
            queue.push(job);
            next();
          }, STORE_RETRY_MS).unref();
        })
        .finally(() => {
          running.delete(work);
          next();
        });
      running.add(work);
    }
  }

  return {
    enqueue(jobs) {
      for (const job of jobs) {
        if (queue.length < MAX_WAITING) queue.push(job);
        else void refuse(job);
      }
      next();
    },
    async stop() {
      stopped.abort();
      await Promise.all(running);
    },
  };
}
