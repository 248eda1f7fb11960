// From stored alerts to planned actions, exactly once each: a durable cursor over the store says what has been planned.
import { type Alert, alertTimeMs, EVERYTHING, type ResponseRule } from '@guardcell/core';
import { type Clock, errorFacts, type Logger, sortableId } from '@guardcell/kit';
import {
  finish,
  type PlannedAction,
  type ProtectedTargets,
  planActions,
  type RecentActions,
} from '@guardcell/respond';
import type { EventStore, StateStore, StoredAlert } from '@guardcell/store';
import { put } from '../stored.ts';
import type { ActionLog, NewAction, OpenAction } from './action-log.ts';

/** After this long nobody expects a container to be stopped any more. */
const CONTAINMENT_MAX_AGE_MS = 600_000;
/** The agent does not start a command that is older. */
export const COMMAND_TTL_MS = 60_000;
const BUFFER = 5000;
const PAGE = 500;
/** Without actions the cursor is written this often: planning the same alerts again then changes nothing. */
const CURSOR_EVERY_MS = 1000;
const RETRY_MS = 1000;

export interface PlannerDeps {
  readonly state: StateStore;
  readonly events: Pick<EventStore, 'after'>;
  readonly log: ActionLog;
  readonly recent: RecentActions;
  readonly rules: () => readonly ResponseRule[];
  readonly protectedTargets: () => ProtectedTargets;
  /** Addresses that a notification of this rule may reach although they are not public. */
  readonly allowFor: (rule: ResponseRule | undefined, planned: PlannedAction) => readonly string[];
  /** The records are durable: carry them out. */
  readonly onPlanned: (alert: Alert, actions: readonly NewAction[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Planner {
  /** New alerts, durable, in order. */
  offer(stored: readonly StoredAlert[]): void;
  /** Resolves when everything offered is planned. */
  idle(): Promise<void>;
  stop(): Promise<void>;
  /** Position up to which everything is planned. */
  position(): number;
}

/** The sensor in an alert's id `<sensor>-<epoch>-<seq>`. */
function sensorOf(alert: Pick<Alert, 'id'>): string {
  return alert.id.replace(/-\d+-\d+$/, '');
}

/** Starts after `position`, first with what is in the store already. */
export function startPlanner(deps: PlannerDeps, position: number): Planner {
  const { state, events, log, recent, clock, logger } = deps;
  let cursor = position;
  let cursorWritten = position;
  let cursorWrittenMs = clock.nowMs();
  let buffer: StoredAlert[] = [];
  /** There may be alerts in the store that are not in the buffer. */
  let behind = true;
  let stopped = false;
  let running: Promise<void> | undefined;

  function newAction(alert: Alert, planned: PlannedAction): NewAction {
    const { record, action } = planned;
    if (record.state !== 'pending') return { record };
    const nowMs = clock.nowMs();
    const isNotify = action.do === 'notify';
    if (!isNotify && nowMs - alertTimeMs(alert) > CONTAINMENT_MAX_AGE_MS) {
      const detail = 'the alert was more than 10 minutes old when it could be acted on';
      const errorCode = 'GC_ALERT_TOO_OLD';
      return { record: finish(record, { state: 'skipped', detail, errorCode, finishedAtMs: nowMs }) };
    }
    const rule = deps.rules().find((each) => each.name === record.rule);
    const open: OpenAction = {
      id: record.id,
      sensor: isNotify ? '' : sensorOf(alert),
      action,
      expiresAtMs: nowMs + COMMAND_TTL_MS,
      allow: isNotify ? deps.allowFor(rule, planned) : [],
      rule: record.rule,
      // Notifications have attempts of their own.
      ...(!isNotify && { cooldown: { key: planned.key, rules: planned.rules } }),
    };
    return { record, open };
  }

  async function planOne({ position, alert }: StoredAlert): Promise<void> {
    const rules = deps.rules();
    const nowMs = clock.nowMs();
    const newId = (): string => sortableId(clock.nowMs());
    const input = { alert, rules, recent, protected: deps.protectedTargets(), nowMs, newId };
    const plan = rules.length === 0 ? undefined : planActions(input);
    if (plan !== undefined && plan.actions.length > 0) {
      const actions = plan.actions.map((planned) => newAction(alert, planned));
      await log.add(actions, [put('cursor', 'planned', { position })]);
      cursorWritten = position;
      recent.note(plan);
      deps.onPlanned(alert, actions);
    } else if (plan !== undefined) recent.note(plan);
    cursor = position;
  }

  async function writeCursor(force: boolean): Promise<void> {
    const due = force || clock.nowMs() - cursorWrittenMs >= CURSOR_EVERY_MS;
    if (cursor === cursorWritten || !due) return;
    cursorWrittenMs = clock.nowMs();
    const target = cursor;
    await state.commit([put('cursor', 'planned', { position: target })]);
    cursorWritten = target;
  }

  async function nextChunk(): Promise<readonly StoredAlert[]> {
    if (!behind) {
      const chunk = buffer;
      buffer = [];
      return chunk.filter((each) => each.position > cursor);
    }
    // A short page has everything stored by now; what comes in during the read is in the buffer, or sets `behind` again.
    behind = false;
    const page = await events.after(cursor, EVERYTHING, PAGE);
    if (page.length === PAGE) behind = true;
    return page;
  }

  const hasWork = (): boolean => !stopped && (behind || buffer.length > 0);

  async function run(): Promise<void> {
    while (hasWork()) {
      try {
        for (const stored of await nextChunk()) {
          if (stopped) return;
          await planOne(stored);
        }
        await writeCursor(false);
      } catch (thrown) {
        logger.error('alerts wait to be acted on: the store cannot be used', { ...errorFacts(thrown) });
        buffer = [];
        behind = true;
        await new Promise((done) => setTimeout(done, RETRY_MS).unref());
      }
    }
    running = undefined;
  }

  function wake(): void {
    if (!stopped) running ??= run();
  }

  const timer = setInterval(() => void writeCursor(false).catch(() => undefined), CURSOR_EVERY_MS);
  timer.unref();
  wake();
  return {
    offer(stored) {
      if (stored.length === 0) return;
      if (buffer.length + stored.length > BUFFER) {
        buffer = [];
        behind = true;
      } else {
        buffer.push(...stored);
      }
      wake();
    },
    async idle() {
      for (let work = running; work !== undefined; work = running) await work;
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
      await writeCursor(true).catch(() => undefined);
    },
    position: () => cursor,
  };
}
