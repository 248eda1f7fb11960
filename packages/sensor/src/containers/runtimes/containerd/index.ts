// containerd: containers of every namespace, their changes, and what containerd can do to them.
import { type Container, type ContainerRuntime, HOST } from '@guardcell/core';
import { networkNamespace, processAddress, processStartMs } from '../../host-process.ts';
import { type JsonObject, textOf } from '../../json-fields.ts';
import { networkModeOf } from '../../network-mode.ts';
import type { ConnectOptions, RuntimeConnection, RuntimePlugin } from '../../runtime-plugin.ts';
import type { ContainerdApi, Task } from './api.ts';
import { containerOfContainerd } from './container-of-containerd.ts';
import { containerdControl } from './control.ts';

/** dockerd keeps its containers here; it knows more about them than containerd does. */
const DOCKER_NAMESPACE = 'moby';
const REMEMBERED_NAMESPACES = 4096;

/** Addresses of containers that share the host's network say nothing about the container. */
function addressOf(pid: number): string {
  return pid > 0 && networkNamespace(pid) !== networkNamespace('self') ? processAddress(pid) : '';
}

function containersOf(
  api: ContainerdApi,
  isConnected: (runtime: ContainerRuntime) => boolean,
): Pick<RuntimeConnection, 'list' | 'inspect'> & {
  readonly remember: (id: string, namespace: string) => void;
  readonly namespaceOf: (id: string) => Promise<string | undefined>;
} {
  const home = new Map<string, string>();

  function remember(id: string, namespace: string): void {
    home.delete(id);
    home.set(id, namespace);
    const oldest = home.keys().next();
    if (home.size > REMEMBERED_NAMESPACES && oldest.done !== true) home.delete(oldest.value);
  }

  async function namespaces(): Promise<readonly string[]> {
    const all = await api.namespaces();
    return isConnected('docker') ? all.filter((name) => name !== DOCKER_NAMESPACE) : all;
  }

  async function describe(
    namespace: string,
    container: JsonObject,
    task: Task | undefined,
  ): Promise<Container> {
    const imageName = textOf(container['image']);
    const described = containerOfContainerd({
      namespace,
      container,
      task,
      imageDigest: imageName === '' ? '' : await api.imageDigest(namespace, imageName),
      startedAtMs: processStartMs(task?.pid ?? 0),
    });
    remember(described.id, namespace);
    const { networkMode, pid, kubernetes } = described;
    return {
      ...described,
      ip: addressOf(pid),
      networkMode: networkModeOf(networkMode, pid, kubernetes !== undefined),
    };
  }

  async function list(): Promise<readonly Container[]> {
    const found: Container[] = [];
    for (const namespace of await namespaces()) {
      const tasks = new Map((await api.tasks(namespace)).map((task) => [task.id, task]));
      for (const container of await api.containers(namespace)) {
        found.push(await describe(namespace, container, tasks.get(textOf(container['id']))));
      }
    }
    return found;
  }

  async function inspectIn(namespace: string, id: string): Promise<Container | undefined> {
    const container = await api.container(namespace, id);
    return container === undefined
      ? undefined
      : describe(namespace, container, await api.task(namespace, id));
  }

  async function inspect(id: string): Promise<Container | undefined> {
    if (id === HOST.id) return undefined;
    const known = home.get(id);
    const places = known === undefined ? await namespaces() : [known];
    for (const namespace of places) {
      const container = await inspectIn(namespace, id);
      if (container !== undefined) return container;
    }
    return undefined;
  }

  return {
    list,
    inspect,
    remember,
    namespaceOf: async (id) => home.get(id) ?? (await inspect(id))?.runtimeNamespace,
  };
}

async function connect(options: ConnectOptions): Promise<RuntimeConnection> {
  // gRPC costs memory that hosts without containerd need not spend.
  const { openContainerdApi } = await import('./api.ts');
  const api = openContainerdApi(options.socket);
  try {
    const version = await api.version();
    const { list, inspect, remember, namespaceOf } = containersOf(api, options.isConnected);
    const ended = api.watch(({ namespace, topic, containerId }) => {
      if (namespace === DOCKER_NAMESPACE && options.isConnected('docker')) return;
      remember(containerId, namespace);
      options.onChange({ id: containerId, removed: topic === '/containers/delete' });
    });
    return {
      version,
      list,
      inspect,
      control: containerdControl(api, namespaceOf),
      ended,
      close: () => api.close(),
    };
  } catch (error) {
    api.close();
    throw error;
  }
}

export const containerdRuntime: RuntimePlugin = {
  runtime: 'containerd',
  // dockerd's private containerd is left out: docker itself tells more about what is in there.
  defaultSockets: [
    '/run/containerd/containerd.sock',
    '/run/k3s/containerd/containerd.sock',
    '/run/k0s/containerd.sock',
  ],
  connect,
};
