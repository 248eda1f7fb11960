// What containerd can do to a container.
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '@guardcell/kit';
import type { RuntimeControl } from '../../runtime-plugin.ts';
import type { ContainerdApi } from './api.ts';

const SIGTERM = 15;
const SIGKILL = 9;
const POLL_MS = 50;
const KILL_WAIT_MS = 10_000;

/** Actions on containers of this containerd; `namespaceOf` finds where an id lives. */
export function containerdControl(
  api: ContainerdApi,
  namespaceOf: (id: string) => Promise<string | undefined>,
): RuntimeControl {
  async function located(id: string): Promise<string> {
    const namespace = await namespaceOf(id);
    if (namespace === undefined) {
      throw new CodedError('GC_RUNTIME_NOT_FOUND', 'containerd does not know this container');
    }
    return namespace;
  }

  async function hasEnded(
    namespace: string,
    id: string,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const until = Date.now() + waitMs;
    for (;;) {
      const task = await api.task(namespace, id);
      if (task === undefined || task.status === 'STOPPED') return true;
      if (Date.now() >= until) return false;
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  return {
    mechanism: 'containerd-api',
    pause: async (id, signal) => api.pause(await located(id), id, signal),
    resume: async (id, signal) => api.resume(await located(id), id, signal),
    stop: async (id, graceSeconds, signal) => {
      const namespace = await located(id);
      if (await hasEnded(namespace, id, 0, signal)) return;
      if (graceSeconds > 0) {
        await api.kill(namespace, id, SIGTERM, false, signal);
        if (await hasEnded(namespace, id, graceSeconds * 1000, signal)) return;
      }
      await api.kill(namespace, id, SIGKILL, true, signal);
      // Processes that are frozen die once they are thawed.
      if ((await api.task(namespace, id))?.status === 'PAUSED') await api.resume(namespace, id, signal);
      if (!(await hasEnded(namespace, id, KILL_WAIT_MS, signal))) {
        throw new CodedError('GC_RUNTIME_REFUSED', 'the container still runs after SIGKILL');
      }
    },
  };
}
