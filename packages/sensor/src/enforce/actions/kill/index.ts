// kill: ends one process of a container.
import { isInContainer } from '../../../containers/host-process.ts';
import type { EnforcementAction } from '../../action-plugin.ts';
import { pidfdWorks } from '../../mechanisms/pidfd.ts';
import { killProcess } from '../../mechanisms/signal-process.ts';
import { failed, skipped, succeeded } from '../../results.ts';

const TIMEOUT_MS = 5000;

export const killAction: EnforcementAction = {
  kind: 'kill',
  timeoutMs: () => TIMEOUT_MS,
  run: async ({ command, container }, context, signal) => {
    const { target } = command;
    if (target.kind !== 'process' || !Number.isInteger(target.pid) || target.pid <= 0) {
      return failed('GC_TARGET_INVALID', 'kill needs a process as its target');
    }
    if (target.pid === 1 || context.isProtectedPid(target.pid)) {
      return skipped('GC_TARGET_PROTECTED', `process ${target.pid} is protected`);
    }
    const startedAtMs = Date.parse(target.processStartedAt);
    const result = await killProcess(
      {
        pid: target.pid,
        startedAtMs: Number.isNaN(startedAtMs) ? 0 : startedAtMs,
        containerId: container.id,
      },
      signal,
    );
    switch (result.outcome) {
      case 'killed':
        return succeeded(result.mechanism, `process ${target.pid} was killed and has ended`);
      case 'pending':
        return isInContainer(target.pid, container.id) && container.state === 'paused'
          ? succeeded(
              result.mechanism,
              `process ${target.pid} is killed; it ends when the paused container resumes`,
            )
          : failed('GC_KILL_PENDING', `process ${target.pid} has not ended after SIGKILL`, result.mechanism);
      case 'gone':
        return skipped('GC_TARGET_GONE', `process ${target.pid} has already ended`);
      case 'other-process':
        return skipped(
          'GC_TARGET_CHANGED',
          `process ${target.pid} is not the one that was meant: ${result.why}`,
        );
      case 'refused':
        return failed('GC_KILL_REFUSED', `process ${target.pid} could not be killed: ${result.why}`);
    }
  },
  probe: () => {
    const pidfd = pidfdWorks();
    return Promise.resolve({
      action: 'kill',
      mechanism: pidfd ? 'pidfd' : 'signal',
      available: process.getuid?.() === 0,
      detail: pidfd
        ? 'Acts after the event: what the process did before stays done.'
        : 'The kernel offers no pidfds (Linux 5.3): the pid is checked again right before the signal instead.',
    });
  },
};
