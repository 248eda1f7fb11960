// Actions that people ask for, and undoing: recorded like automatic ones, answered with the result when it comes soon.
import type { ActionRequest } from '@guardcell/contract';
import type { ActionRecord, ActionTarget, ResponseAction } from '@guardcell/core';
import { type Clock, sortableId } from '@guardcell/kit';
import { type PlannedAction, type ProtectedTargets, planManual, planUndo } from '@guardcell/respond';
import type { StateStore } from '@guardcell/store';
import { ApiError, notFound } from '../errors.ts';
import type { DesiredFeed } from '../fleet/desired-feed.ts';
import type { Fleet, FleetContainer } from '../fleet/fleet.ts';
import type { ActionLog } from './action-log.ts';
import { type IdempotencyKey, usage, usedFor } from './idempotency.ts';
import { COMMAND_TTL_MS } from './planner.ts';

export interface ManualActions {
  /**
   * With a key that was used before: the record of then, and nothing is done again.
   * @throws ApiError GC_NOT_FOUND, GC_AMBIGUOUS, GC_INVALID_REQUEST, GC_IDEMPOTENCY_MISMATCH.
   */
  run(request: ActionRequest, actor: string, key?: IdempotencyKey): Promise<ActionRecord>;
  /** @throws ApiError GC_NOT_FOUND, GC_UNDO_IMPOSSIBLE, GC_UNDO_DONE. */
  undo(id: string, actor: string): Promise<ActionRecord>;
}

export interface ManualDeps {
  readonly state: StateStore;
  readonly log: ActionLog;
  readonly fleet: Fleet;
  readonly desired: DesiredFeed;
  readonly protectedTargets: () => ProtectedTargets;
  readonly clock: Clock;
  /** How long a caller waits for the result. */
  readonly waitMs: number;
}

export function createManualActions(deps: ManualDeps): ManualActions {
  const { state, log, fleet, desired, protectedTargets, clock, waitMs } = deps;
  const newId = (): string => sortableId(clock.nowMs());

  function containerOf(reference: string): FleetContainer {
    const [first, ...others] = fleet.find(reference);
    if (first === undefined) throw notFound('container', reference);
    if (others.length === 0) return first;
    const hosts = [first, ...others].map((each) => `${each.container.id.slice(0, 12)} on ${each.hostname}`);
    throw new ApiError('GC_AMBIGUOUS', `more than one container is called "${reference}"`, {
      hint: `Give the id: ${hosts.slice(0, 5).join(', ')}.`,
    });
  }

  function targetOf(request: ActionRequest, { container }: FleetContainer): ActionTarget {
    const named = { containerId: container.id, containerName: container.name };
    if (request.do !== 'kill') return { kind: 'container', ...named, pid: 0, processStartedAt: '' };
    if (request.pid === undefined) {
      throw new ApiError('GC_INVALID_REQUEST', 'to kill a process its pid is needed', {
        errors: [{ pointer: '/pid', message: 'is needed when `do` is `kill`' }],
      });
    }
    return { kind: 'process', ...named, pid: request.pid, processStartedAt: '' };
  }

  async function carryOut(
    planned: PlannedAction,
    sensor: string,
    key?: IdempotencyKey,
  ): Promise<ActionRecord> {
    const { record, action } = planned;
    const also = key === undefined ? [] : [await usage(state, key, record.id, clock.nowMs())];
    if (record.state !== 'pending') {
      await log.add([{ record }], also);
      return record;
    }
    const expiresAtMs = clock.nowMs() + COMMAND_TTL_MS;
    const open = { id: record.id, sensor, action, expiresAtMs, allow: [], rule: '' };
    await log.add([{ record, open }], also);
    desired.changed();
    return (await log.settled(record.id, waitMs)) ?? record;
  }

  async function earlier(key: IdempotencyKey | undefined): Promise<ActionRecord | undefined> {
    const id = key === undefined ? undefined : await usedFor(state, key, clock.nowMs());
    return id === undefined ? undefined : log.settled(id, waitMs);
  }

  return {
    async run(request, actor, key) {
      const before = await earlier(key);
      if (before !== undefined) return before;
      const found = containerOf(request.container);
      const action: ResponseAction = { do: request.do, with: {} };
      const planned = planManual({
        action,
        target: targetOf(request, found),
        actor,
        reason: request.reason ?? '',
        dryRun: request.dryRun ?? false,
        protected: protectedTargets(),
        nowMs: clock.nowMs(),
        newId,
      });
      try {
        return await carryOut(planned, found.sensorId, key);
      } catch (thrown) {
        // Both came at the same time: the other one was first.
        const first = await earlier(key);
        if (first !== undefined) return first;
        throw thrown;
      }
    },
    async undo(id, actor) {
      const record = await log.get(id);
      if (record === undefined) throw notFound('action', id);
      const plan = planUndo(record, { actor, reason: '', nowMs: clock.nowMs(), newId });
      if (!plan.ok) throw new ApiError(plan.code, plan.message);
      const [found] = fleet.find(record.target.containerId);
      if (found === undefined) {
        throw new ApiError('GC_UNDO_IMPOSSIBLE', 'the container is no longer there');
      }
      return carryOut(plan.planned, found.sensorId);
    },
  };
}
