// Which container a control group belongs to, from the names the runtimes give to control groups.

/** The container id in one component of a cgroup path: bare, or with a runtime's prefix and `.scope`. */
const CONTAINER_NAME =
  /^(?:(?:docker|cri-containerd|crio|libpod|containerd|nerdctl)[-_:])?([0-9a-f]{64})(?:\.scope)?$/;
// containerd's systemd driver: `<slice>:cri-containerd:<id>`
const CONTAINERD_COLON = /:(?:cri-containerd|containerd):([0-9a-f]{64})$/;

/** The id in the name of one control group, or ''. */
export function containerIdOfName(name: string): string {
  return CONTAINER_NAME.exec(name)?.[1] ?? CONTAINERD_COLON.exec(name)?.[1] ?? '';
}

/** The containers that a cgroup path leads through, outermost first. */
function containerIdsOfPath(path: string): readonly string[] {
  if (path.length < 64) return [];
  return path
    .split('/')
    .slice(1)
    .filter((part) => part.length >= 64)
    .map(containerIdOfName)
    .filter((id) => id !== '');
}

/**
 * The outermost container of a cgroup path that is known, or '' for the host. Who may make control groups in a container can
 * call them after others, so names further in count only where those further out are of no container of this host: in a
 * cluster of which the nodes are containers themselves.
 */
export function containerIdOfPath(path: string, isKnown: (id: string) => boolean = () => true): string {
  const ids = containerIdsOfPath(path);
  return ids.find(isKnown) ?? ids[0] ?? '';
}

export interface ControlGroup {
  readonly path: string;
  /** '' for the host. */
  readonly containerId: string;
}

const ROOT: ControlGroup = { path: '/', containerId: '' };
const MAX_GROUPS = 65_536;

/** Control groups by the kernel's id. Bounded: the oldest leaves first. */
export interface CgroupTable {
  get(id: number): ControlGroup;
  has(id: number): boolean;
  /** The container that a path lies in, as for `learn`. */
  containerIdOf(path: string): string;
  /** `names` from the leaf to the root, the root's being ''. */
  learn(id: number, names: readonly string[]): ControlGroup;
  forget(id: number): ControlGroup | undefined;
}

/** A container that has just begun may not be known yet; what it makes in the meantime is its own all the same. */
const NEW_MS = 10_000;
const MAX_NEW = 4096;

/** As `isKnown`, and yes for what was first asked for a moment ago. */
export function knownOrNew(isKnown: (id: string) => boolean, nowMs: () => number): (id: string) => boolean {
  /** Ids that no runtime knew, and when they were first seen. */
  const unknown = new Map<string, number>();
  return (id) => {
    if (isKnown(id)) return true;
    const sinceMs = unknown.get(id) ?? nowMs();
    unknown.set(id, sinceMs);
    const [oldest] = unknown.keys();
    if (unknown.size > MAX_NEW && oldest !== undefined) unknown.delete(oldest);
    return nowMs() - sinceMs < NEW_MS;
  };
}

/** @param isKnown whether a runtime of this host has this container; asked only where a path names several */
export function cgroupTable(
  isKnown: (id: string) => boolean = () => true,
  nowMs: () => number = Date.now,
): CgroupTable {
  const groups = new Map<number, ControlGroup>();
  const mayBeKnown = knownOrNew(isKnown, nowMs);

  function groupOf(path: string): ControlGroup {
    if (containerIdsOfPath(path).length < 2) return { path, containerId: containerIdOfPath(path) };
    // What is known changes.
    return {
      path,
      get containerId() {
        return containerIdOfPath(path, mayBeKnown);
      },
    };
  }

  return {
    get: (id) => groups.get(id) ?? ROOT,
    has: (id) => groups.has(id),
    containerIdOf: (path) => containerIdOfPath(path, mayBeKnown),
    learn: (id, names) => {
      const path = `/${names
        .filter((name) => name !== '' && name !== '/')
        .toReversed()
        .join('/')}`;
      const known = groups.get(id);
      if (known?.path === path) return known;
      const group = groupOf(path);
      groups.set(id, group);
      if (groups.size > MAX_GROUPS) {
        const [oldest] = groups.keys();
        if (oldest !== undefined) groups.delete(oldest);
      }
      return group;
    },
    forget: (id) => {
      const group = groups.get(id);
      groups.delete(id);
      return group;
    },
  };
}
