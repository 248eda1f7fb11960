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

/**
 * The innermost container that a cgroup path lies in, or '' for the host.
 * A control group that a container makes inside its own belongs to that container.
 */
export function containerIdOfPath(path: string): string {
  if (path.length < 64) return '';
  const parts = path.split('/');
  for (let index = parts.length - 1; index > 0; index--) {
    const part = parts[index];
    if (part === undefined || part.length < 64) continue;
    const id = containerIdOfName(part);
    if (id !== '') return id;
  }
  return '';
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
  /** `names` from the leaf to the root, the root's being ''. */
  learn(id: number, names: readonly string[]): ControlGroup;
  forget(id: number): ControlGroup | undefined;
}

export function cgroupTable(): CgroupTable {
  const groups = new Map<number, ControlGroup>();
  return {
    get: (id) => groups.get(id) ?? ROOT,
    has: (id) => groups.has(id),
    learn: (id, names) => {
      const path = `/${names
        .filter((name) => name !== '' && name !== '/')
        .toReversed()
        .join('/')}`;
      const known = groups.get(id);
      if (known?.path === path) return known;
      const group: ControlGroup = { path, containerId: containerIdOfPath(path) };
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
