// A copy of an event that may be kept: the sensor reuses the event itself, its thread and its record for the next one.
import {
  type Container,
  type FileDescriptor,
  type ParamValue,
  type RuntimeEvent,
  type Thread,
  threadFacts,
} from '@guardcell/core';

/** Ancestors that are copied; rules and alerts look at no more. */
const ANCESTORS_MAX = 32;

type ContainerById = (id: string) => Container;

/** The container is asked for when it is read, so that what became known after the copy shows. */
function copyThread(thread: Thread, containerById: ContainerById, depth: number): Thread {
  const above = depth < ANCESTORS_MAX ? thread.parent() : undefined;
  const parent = above === undefined ? undefined : copyThread(above, containerById, depth + 1);
  const containerId = thread.container.id;
  return {
    ...threadFacts(thread),
    get container() {
      return containerById(containerId);
    },
    parent: () => parent,
  };
}

function copyDescriptor(fd: FileDescriptor | undefined): FileDescriptor | undefined {
  return fd === undefined ? undefined : { ...fd };
}

function copyValue(value: ParamValue): ParamValue {
  return value instanceof Uint8Array ? value.slice() : value;
}

export function copyEvent(event: RuntimeEvent, containerById: ContainerById): RuntimeEvent {
  const names = [...event.paramNames()];
  const params = new Map<string, ParamValue>();
  for (const name of names) {
    const value = event.param(name);
    if (value !== undefined) params.set(name, copyValue(value));
  }
  return {
    num: event.num,
    identity: event.identity,
    type: event.type,
    timeNs: event.timeNs,
    cpu: event.cpu,
    result: event.result,
    thread: copyThread(event.thread, containerById, 0),
    fd: copyDescriptor(event.fd),
    path: event.path,
    targetPath: event.targetPath,
    param: (name) => params.get(name),
    paramNames: () => names,
  };
}
