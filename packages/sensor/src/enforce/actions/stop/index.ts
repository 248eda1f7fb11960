// stop: ends a container: asks its first process, waits, kills what is left.
import { errorFacts } from '@guardcell/kit';
import { readStat } from '../../../containers/host-process.ts';
import type { EnforcementAction, EnforcementCommand } from '../../action-plugin.ts';
import { freezerOf, setFrozen } from '../../mechanisms/cgroup-freezer.ts';
import { stopThroughCgroup } from '../../mechanisms/cgroup-kill.ts';
import { failed, failedWith, skipped, succeeded } from '../../results.ts';

const DEFAULT_GRACE_SECONDS = 10;
const MAX_GRACE_SECONDS = 600;
const EXTRA_MS = 30_000;

/**
 * Seconds between asking and killing. A paused container gets none unless it is asked for: to be asked it would have
 * to run again, and somebody has paused it for a reason.
 */
export function graceSecondsOf(command: EnforcementCommand, paused: boolean): number {
  const given = Number(command.with['graceSeconds'] ?? Number.NaN);
  if (!Number.isFinite(given)) return paused ? 0 : DEFAULT_GRACE_SECONDS;
  return Math.min(Math.max(Math.round(given), 0), MAX_GRACE_SECONDS);
}

export const stopAction: EnforcementAction = {
  kind: 'stop',
  timeoutMs: (command) => graceSecondsOf(command, false) * 1000 + EXTRA_MS,
  run: async ({ command, container }, context, signal) => {
    if (container.state === 'exited' || container.state === 'removed' || container.state === 'created') {
      return skipped('GC_TARGET_NOT_RUNNING', `the container is ${container.state}, not running`);
    }
    const grace = graceSecondsOf(command, container.state === 'paused');
    const before = container.pid > 0 ? readStat(container.pid) : undefined;
    const stillRuns = (): boolean =>
      before !== undefined && readStat(before.pid)?.startTicks === before.startTicks;
    let problem = '';
    for (const control of context.inventory.controlsOf(container.id)) {
      if (control.stop === undefined) continue;
      try {
        await control.stop(container.id, grace, signal);
        if (!stillRuns()) return succeeded(control.mechanism, 'the container has stopped');
        problem = 'its first process still runs';
      } catch (error) {
        problem = errorFacts(error).message;
      }
    }
    if (container.pid === 0)
      return failed('GC_STOP_FAILED', problem || 'no process of the container is known');
    try {
      const freezer = freezerOf(container.pid, container.id);
      const stopping = stopThroughCgroup(container.pid, container.id, grace, signal);
      // The signals are there by now; frozen processes take them when they are thawed.
      if (freezer !== undefined && container.state === 'paused') await setFrozen(freezer, false, signal);
      await stopping;
      return succeeded('cgroup-kill', 'every process of the container has ended');
    } catch (error) {
      return failedWith(error, 'cgroup-kill');
    }
  },
  probe: (context) => {
    const runtime = context.inventory.reports().find((report) => report.connected)?.runtime;
    return Promise.resolve({
      action: 'stop',
      mechanism: runtime === undefined ? 'cgroup-kill' : `${runtime}-api`,
      available: runtime !== undefined || process.getuid?.() === 0,
      detail:
        runtime === undefined
          ? 'No runtime is connected; processes are ended through the cgroup, and a supervisor may start them again.'
          : `Through ${runtime}; falls back to ending every process of the cgroup.`,
    });
  },
};
