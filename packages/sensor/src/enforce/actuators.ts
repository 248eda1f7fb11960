// Carries out enforcement commands: checks the target, does one thing at a time to a container, verifies, reports.
import { type Container, type EnforcementRung, isHost } from '@guardcell/core';
import { errorFacts, type Logger } from '@guardcell/kit';
import { readStat } from '../containers/host-process.ts';
import type { Inventory } from '../containers/index.ts';
import type { ActionContext, EnforcementCommand, EnforcementResult } from './action-plugin.ts';
import { type NetworkIsolation, nftablesIsolation, openNamespace } from './mechanisms/nftables.ts';
import { createProtection, type Listed } from './protection.ts';
import { ENFORCEMENT_ACTIONS } from './registry.ts';
import { failed, failedWith, skipped } from './results.ts';

/** What a host can do changes rarely (a package installed, a runtime started); probing starts processes. */
const RUNGS_FRESH_MS = 60_000;
const RECOVER_TIMEOUT_MS = 5000;

export interface ActuatorOptions {
  readonly inventory: Inventory;
  readonly logger: Logger;
  /** Processes of Guardcell in the host's pid namespace, besides this one and its parent. */
  readonly protectedPids: Listed<number>;
  /** Ids or names of containers that nothing may be done to. */
  readonly protectedContainers: Listed<string>;
  /** Cuts networks off; nftables unless a test brings its own. */
  readonly isolation?: NetworkIsolation;
}

export interface Actuators {
  /** Carries out a command. Never rejects: what goes wrong is in the result. */
  run(command: EnforcementCommand, signal: AbortSignal): Promise<EnforcementResult>;
  /** What each action will use on this host, found by trying. */
  rungs(): Promise<readonly EnforcementRung[]>;
  /** Whether a container is to be cut off: quarantined and not released since. */
  isQuarantined(id: string): boolean;
  /**
   * Call with every change of the inventory: a quarantined container that came up again (with a new network) is cut
   * off again. The result of that, or undefined when there was nothing to do.
   */
  noteChanged(container: Container): Promise<EnforcementResult | undefined>;
  /** Finds the containers that are cut off already (after a restart of Guardcell) and returns their ids. */
  recover(): Promise<readonly string[]>;
}

/**
 * One life of a container: the first process and its start. (The number of a network namespace will not do: the kernel
 * gives it to the next one as soon as it is free.)
 */
function lifeOf(container: Container): string {
  return `${container.pid}/${readStat(container.pid)?.startTicks ?? 0}`;
}

export function openActuators(options: ActuatorOptions): Actuators {
  const { inventory, logger } = options;
  const isolation = options.isolation ?? nftablesIsolation();
  const protection = createProtection(options.protectedPids, options.protectedContainers);
  const context: ActionContext = { inventory, logger, isolation, ...protection };
  /** Quarantined containers and the life in which each was cut off. */
  const quarantined = new Map<string, string>();
  /** The last action on each container that is being acted on: the next one waits for it. */
  const busy = new Map<string, Promise<unknown>>();
  let rungs: { readonly atMs: number; readonly found: Promise<readonly EnforcementRung[]> } | undefined;

  function remember(command: EnforcementCommand, container: Container, result: EnforcementResult): void {
    if (result.state !== 'succeeded') return;
    if (command.action === 'quarantine') {
      quarantined.set(container.id, lifeOf(container));
    }
    if (command.action === 'release') quarantined.delete(container.id);
  }

  async function carryOut(command: EnforcementCommand, caller: AbortSignal): Promise<EnforcementResult> {
    const action = ENFORCEMENT_ACTIONS.find(({ kind }) => kind === command.action);
    if (action === undefined)
      return failed('GC_ACTION_UNKNOWN', `${command.action} is not done by the sensor`);
    const { target } = command;
    if (target.kind === 'none' || target.containerId === '') {
      return failed('GC_TARGET_INVALID', `${command.action} needs a container or a process in one`);
    }
    if (isHost({ id: target.containerId })) {
      return skipped('GC_TARGET_HOST', 'the host itself and its processes are never a target');
    }
    if (caller.aborted) return failed('GC_ACTION_ABORTED', 'the action was called off before it began');
    const signal = AbortSignal.any([caller, AbortSignal.timeout(action.timeoutMs(command))]);
    try {
      const container = await inventory.refresh(target.containerId);
      if (container === undefined || container.state === 'removed') {
        return skipped('GC_TARGET_GONE', 'the container does not exist any more');
      }
      const protectedBecause = protection.protectionOf(container);
      if (protectedBecause !== '') return skipped('GC_TARGET_PROTECTED', protectedBecause);
      const result = await action.run({ command, container }, context, signal);
      remember(command, container, result);
      return result;
    } catch (error) {
      if (caller.aborted) return failed('GC_ACTION_ABORTED', 'the action was called off');
      if (signal.aborted) return failed('GC_ACTION_TIMEOUT', `${command.action} took too long`);
      return failedWith(error);
    }
  }

  async function run(command: EnforcementCommand, signal: AbortSignal): Promise<EnforcementResult> {
    const key = command.target.containerId;
    const before = busy.get(key) ?? Promise.resolve();
    const mine = before.then(() => carryOut(command, signal));
    busy.set(key, mine);
    const result = await mine;
    if (busy.get(key) === mine) busy.delete(key);
    logger.info('enforcement action ended', {
      command: command.id,
      action: command.action,
      container: key,
      state: result.state,
      code: result.errorCode,
      mechanism: result.mechanism,
    });
    return result;
  }

  async function probeAll(): Promise<readonly EnforcementRung[]> {
    return Promise.all(
      ENFORCEMENT_ACTIONS.map(async (action) => {
        try {
          return await action.probe(context);
        } catch (error) {
          return { action: action.kind, mechanism: '', available: false, detail: errorFacts(error).message };
        }
      }),
    );
  }

  return {
    run,
    rungs: () => {
      if (rungs === undefined || Date.now() - rungs.atMs > RUNGS_FRESH_MS) {
        rungs = { atMs: Date.now(), found: probeAll() };
      }
      return rungs.found;
    },
    isQuarantined: (id) => quarantined.has(id),
    noteChanged: async (container) => {
      const life = quarantined.get(container.id);
      if (life === undefined) return undefined;
      if (container.state === 'removed') {
        quarantined.delete(container.id);
        return undefined;
      }
      if (container.pid === 0 || lifeOf(container) === life) return undefined;
      const target = {
        kind: 'container',
        containerId: container.id,
        containerName: container.name,
        pid: 0,
        processStartedAt: '',
      } as const;
      const command = {
        id: `again-${container.id.slice(0, 12)}`,
        action: 'quarantine',
        target,
        with: {},
      } as const;
      return run(command, new AbortController().signal);
    },
    recover: async () => {
      const found: string[] = [];
      for (const container of inventory.list()) {
        if (container.pid === 0) continue;
        try {
          using namespace = openNamespace(container.pid, container.id);
          const signal = AbortSignal.timeout(RECOVER_TIMEOUT_MS);
          if (!(await isolation.isCutOff(namespace, signal))) continue;
          quarantined.set(container.id, lifeOf(container));
          found.push(container.id);
        } catch (error) {
          logger.debug('looking for a quarantine failed', {
            id: container.id,
            detail: errorFacts(error).message,
          });
        }
      }
      return found;
    },
  };
}
