// The containers that the sensor worker knows by id. Bounded: those that are gone make room first.
import { bareContainer, type Container, HOST } from '@guardcell/core';

const CONTAINERS_MAX = 20_000;

export interface KnownContainers {
  /** Bare, and announced through `onNew`, when the id was never heard of. An empty id is the host. */
  byId(id: string): Container;
  update(container: Container): void;
}

export function knownContainers(onNew: (id: string) => void, max = CONTAINERS_MAX): KnownContainers {
  const containers = new Map<string, Container>();
  /** In order of their removal; late events of theirs still find them. */
  const removed = new Set<string>();

  function put(container: Container): void {
    if (container.state === 'removed') removed.add(container.id);
    else removed.delete(container.id);
    if (!containers.has(container.id) && containers.size >= max) {
      const [leaving = containers.keys().next().value ?? ''] = removed;
      containers.delete(leaving);
      removed.delete(leaving);
    }
    containers.set(container.id, container);
  }

  return {
    byId(id) {
      if (id === '' || id === HOST.id) return HOST;
      const known = containers.get(id);
      if (known !== undefined) return known;
      const bare = bareContainer(id);
      put(bare);
      onNew(id);
      return bare;
    },
    update: put,
  };
}
