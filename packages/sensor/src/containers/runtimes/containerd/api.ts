// containerd's services as functions over one socket; every call names the containerd namespace it is about.
import { CodedError } from '@guardcell/kit';
import { type GrpcClient, openGrpc } from '../../grpc/client.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../../json-fields.ts';

const PROTOS = ['containers', 'tasks', 'images', 'namespaces', 'events', 'version'].map(
  (name) => `${import.meta.dirname}/protos/${name}.proto`,
);

/** A running (or just ended) container. */
export interface Task {
  readonly id: string;
  readonly pid: number;
  /** `RUNNING`, `PAUSED`, `STOPPED` … */
  readonly status: string;
}

export interface TaskEvent {
  readonly namespace: string;
  /** `/containers/create`, `/tasks/start` … */
  readonly topic: string;
  readonly containerId: string;
}

export interface ContainerdApi {
  version(): Promise<string>;
  namespaces(): Promise<readonly string[]>;
  containers(namespace: string): Promise<readonly JsonObject[]>;
  container(namespace: string, id: string): Promise<JsonObject | undefined>;
  tasks(namespace: string): Promise<readonly Task[]>;
  task(namespace: string, id: string): Promise<Task | undefined>;
  imageDigest(namespace: string, name: string): Promise<string>;
  pause(namespace: string, id: string, signal: AbortSignal): Promise<void>;
  resume(namespace: string, id: string, signal: AbortSignal): Promise<void>;
  kill(namespace: string, id: string, signalNumber: number, all: boolean, signal: AbortSignal): Promise<void>;
  /** Watches for changes until the connection ends; the value says why. */
  watch(onEvent: (event: TaskEvent) => void): Promise<string>;
  close(): void;
}

/** Changes that alter something we show. */
const FILTERS = [
  'topic=="/containers/create"',
  'topic=="/containers/update"',
  'topic=="/containers/delete"',
  'topic=="/tasks/start"',
  'topic=="/tasks/exit"',
  'topic=="/tasks/paused"',
  'topic=="/tasks/resumed"',
  'topic=="/tasks/delete"',
];

/** Every event message has the container's id as its first field: tag 0x0a, length, text. */
export function firstTextField(bytes: unknown): string {
  if (!(bytes instanceof Uint8Array) || bytes[0] !== 0x0a) return '';
  let length = 0;
  for (let at = 1; at < 5; at++) {
    const byte = bytes[at] ?? 0;
    length |= (byte & 0x7f) << (7 * (at - 1));
    if (byte < 0x80) return new TextDecoder().decode(bytes.subarray(at + 1, at + 1 + length));
  }
  return '';
}

function taskOf(value: unknown): Task {
  const task = objectOf(value);
  // The container's first process has the container's id; `container_id` is not always filled in.
  const id = textOf(task['container_id']) || textOf(task['id']);
  return { id, pid: numberOf(task['pid']), status: textOf(task['status']) };
}

function notFound(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'GC_RUNTIME_NOT_FOUND';
}

export function openContainerdApi(socket: string): ContainerdApi {
  const grpc: GrpcClient = openGrpc(socket, PROTOS);
  const prefix = 'containerd.services.';

  function call(
    method: string,
    namespace: string,
    message: JsonObject,
    signal?: AbortSignal,
  ): Promise<JsonObject> {
    return grpc.call(`${prefix}${method}`, message, {
      headers: { 'containerd-namespace': namespace },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async function find<T>(pending: Promise<T>): Promise<T | undefined> {
    try {
      return await pending;
    } catch (error) {
      if (notFound(error)) return undefined;
      throw error;
    }
  }

  const tasks = `tasks.v1.Tasks/`;
  return {
    version: async () => textOf((await grpc.call(`${prefix}version.v1.Version/Version`, {}))['version']),
    namespaces: async () => {
      const answer = await grpc.call(`${prefix}namespaces.v1.Namespaces/List`, {});
      return listOf(answer['namespaces']).map((item) => textOf(objectOf(item)['name']));
    },
    containers: async (namespace) => {
      const answer = await call('containers.v1.Containers/List', namespace, {});
      return listOf(answer['containers']).map(objectOf);
    },
    container: async (namespace, id) => {
      const answer = await find(call('containers.v1.Containers/Get', namespace, { id }));
      return answer === undefined ? undefined : objectOf(answer['container']);
    },
    tasks: async (namespace) => {
      const answer = await call(`${tasks}List`, namespace, {});
      return listOf(answer['tasks']).map(taskOf);
    },
    task: async (namespace, id) => {
      const answer = await find(call(`${tasks}Get`, namespace, { container_id: id }));
      return answer === undefined ? undefined : { ...taskOf(answer['process']), id };
    },
    imageDigest: async (namespace, name) => {
      const answer = await find(call('images.v1.Images/Get', namespace, { name }));
      return textOf(objectOf(objectOf(objectOf(answer)['image'])['target'])['digest']);
    },
    pause: async (namespace, id, signal) => {
      await call(`${tasks}Pause`, namespace, { container_id: id }, signal);
    },
    resume: async (namespace, id, signal) => {
      await call(`${tasks}Resume`, namespace, { container_id: id }, signal);
    },
    kill: async (namespace, id, signalNumber, all, signal) => {
      await call(`${tasks}Kill`, namespace, { container_id: id, signal: signalNumber, all }, signal);
    },
    watch: (onEvent) =>
      grpc.stream(`${prefix}events.v1.Events/Subscribe`, { filters: FILTERS }, (envelope) => {
        const containerId = firstTextField(objectOf(envelope['event'])['value']);
        if (containerId === '') return;
        onEvent({ namespace: textOf(envelope['namespace']), topic: textOf(envelope['topic']), containerId });
      }),
    close: () => grpc.close(),
  };
}
