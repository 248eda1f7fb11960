// Starts acting on alerts: memory rebuilt from the records, what was interrupted taken up again, planning from the cursor.
import type { ActionRecord, Alert, ResponseRule } from '@guardcell/core';
import type { Clock, Logger } from '@guardcell/kit';
import { allowEntryOf } from '@guardcell/notify';
import type { PlannedAction, ProtectedTargets, RecentActions } from '@guardcell/respond';
import type { EventStore, StateStore } from '@guardcell/store';
import type { DesiredFeed } from '../fleet/desired-feed.ts';
import type { SettingsStore } from '../settings.ts';
import { each, put, read } from '../stored.ts';
import type { ActionLog, NewAction } from './action-log.ts';
import type { NotifyJob, NotifyRunner } from './notify-runner.ts';
import { type Planner, startPlanner } from './planner.ts';
import type { ResponseRules } from './response-rules.ts';

export interface RespondingDeps {
  readonly state: StateStore;
  readonly events: Pick<EventStore, 'after' | 'get'>;
  readonly log: ActionLog;
  readonly recent: RecentActions;
  readonly responses: ResponseRules;
  readonly settings: SettingsStore;
  readonly protectedTargets: () => ProtectedTargets;
  readonly notify: NotifyRunner;
  readonly desired: DesiredFeed;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the store ends; planning starts there the first time. */
  readonly lastPosition: number;
}

/** Longest cool-down there is. */
const RECENT_MS = 86_400_000;
const MAX_RECENT = 20_000;

async function recentRecords(state: StateStore, nowMs: number): Promise<ActionRecord[]> {
  const found: ActionRecord[] = [];
  for await (const { value } of each<ActionRecord>(state, 'action', { reverse: true })) {
    if (found.length >= MAX_RECENT || Date.parse(value.createdAt) < nowMs - RECENT_MS) break;
    found.push(value);
  }
  return found.toReversed();
}

function notifyJobs(actions: readonly NewAction[], alert?: Alert): NotifyJob[] {
  const siblings = actions.filter(({ record }) => record.action !== 'notify').map(({ record }) => record.id);
  return actions.flatMap(({ record, open }) =>
    open !== undefined && record.action === 'notify'
      ? [{ record, open, siblings, ...(alert !== undefined && { alert }) }]
      : [],
  );
}

export async function startResponding(deps: RespondingDeps): Promise<Planner> {
  const { state, log, recent, responses, notify, desired, clock } = deps;

  // A file on this machine is written by whoever runs the platform, so it may name local receivers.
  function allowFor(rule: ResponseRule | undefined, { action }: PlannedAction): string[] {
    const url = action.with['url'];
    return rule?.origin.kind === 'file' && typeof url === 'string' ? [allowEntryOf(url)] : [];
  }

  recent.seed(await recentRecords(state, clock.nowMs()), responses.all(), clock.nowMs());
  const interrupted = log.open().filter(({ record }) => record.action === 'notify');
  notify.enqueue(interrupted.flatMap((each) => notifyJobs([each])));

  const known = await read<{ position: number }>(state, 'cursor', 'planned');
  if (known === undefined) await state.commit([put('cursor', 'planned', { position: deps.lastPosition })]);
  return startPlanner(
    {
      state,
      events: deps.events,
      log,
      recent,
      rules: responses.all,
      protectedTargets: deps.protectedTargets,
      allowFor,
      onPlanned(alert, actions) {
        if (actions.some(({ record, open }) => open !== undefined && record.action !== 'notify'))
          desired.changed();
        notify.enqueue(notifyJobs(actions, alert));
      },
      clock,
      logger: deps.logger,
    },
    known?.value.position ?? deps.lastPosition,
  );
}
