// Kubernetes' Container Runtime Interface: containers with their pods. It has no event stream that every runtime
// offers, so the list is compared every two seconds; containerd's own events and the kernel's cgroup notices are faster.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '@guardcell/core';
import { networkModeOf } from '../../network-mode.ts';
import type {
  ConnectOptions,
  RuntimeChange,
  RuntimeConnection,
  RuntimePlugin,
} from '../../runtime-plugin.ts';
import type { CriApi, CriSandbox } from './api.ts';
import { containerOfCri } from './container-of-cri.ts';

const POLL_MS = 2000;
const NO_SANDBOX: CriSandbox = { labels: {}, ip: '' };

/** What differs between two lists, as changes. States are by container id. */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly RuntimeChange[] {
  const changes: RuntimeChange[] = [];
  for (const [id, state] of now) if (before.get(id) !== state) changes.push({ id, removed: false });
  for (const id of before.keys()) if (!now.has(id)) changes.push({ id, removed: true });
  return changes;
}

async function watch(api: CriApi, options: ConnectOptions): Promise<string> {
  let before: ReadonlyMap<string, string> = new Map();
  try {
    for (;;) {
      const now = new Map((await api.list()).map(({ id, state }) => [id, state]));
      for (const change of changesBetween(before, now)) options.onChange(change);
      before = now;
      await sleep(POLL_MS, undefined, { signal: options.signal, ref: false });
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function describe(api: CriApi, id: string, sandboxId: string): Promise<Container | undefined> {
  const status = await api.status(id);
  if (status === undefined) return undefined;
  // A sandbox can be removed between the two questions; the container's own labels still tell its pod.
  const sandbox = await api.sandbox(sandboxId).catch(() => NO_SANDBOX);
  const container = containerOfCri(status, sandbox);
  return container === undefined
    ? undefined
    : { ...container, networkMode: networkModeOf(container.networkMode, container.pid, true) };
}

async function connect(options: ConnectOptions): Promise<RuntimeConnection> {
  const { openCriApi } = await import('./api.ts');
  const api = await openCriApi(options.socket);
  return {
    version: `${api.runtimeName} ${api.runtimeVersion}`,
    list: async () => {
      const found: Container[] = [];
      for (const { id, sandboxId } of await api.list()) {
        const container = await describe(api, id, sandboxId);
        if (container !== undefined) found.push(container);
      }
      return found;
    },
    inspect: async (id) => {
      const summary = await api.summary(id);
      return summary === undefined ? undefined : describe(api, id, summary.sandboxId);
    },
    control: { mechanism: 'cri-api', stop: (id, grace, signal) => api.stop(id, grace, signal) },
    ended: watch(api, options),
    close: () => api.close(),
  };
}

export const criRuntime: RuntimePlugin = {
  runtime: 'cri',
  defaultSockets: [
    '/run/containerd/containerd.sock',
    '/run/k3s/containerd/containerd.sock',
    '/run/crio/crio.sock',
  ],
  connect,
};
