// Where a container's cgroups are in the file system. Spec: cgroups(7), proc(5) for mountinfo.
import { readFileSync } from 'node:fs';
import { type CgroupMembership, containerCgroupPath, readCgroups } from '../../containers/host-process.ts';

export interface CgroupMount {
  readonly version: 1 | 2;
  /** The folder it is mounted at, and the part of the hierarchy that is visible there. */
  readonly folder: string;
  readonly root: string;
  readonly controllers: readonly string[];
}

/** Cgroup mounts in the text of /proc/self/mountinfo. */
export function parseCgroupMounts(mountinfo: string): readonly CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root = '', folder = ''] = left.split(' ');
    const [type = '', , options = ''] = right.split(' ');
    if (type === 'cgroup') mounts.push({ version: 1, folder, root, controllers: options.split(',') });
    if (type === 'cgroup2') mounts.push({ version: 2, folder, root, controllers: [] });
  }
  return mounts;
}

export function cgroupMounts(): readonly CgroupMount[] {
  return parseCgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
}

function folderIn(mount: CgroupMount, path: string): string | undefined {
  if (mount.root === '/') return mount.folder + path;
  return path === mount.root || path.startsWith(`${mount.root}/`)
    ? mount.folder + path.slice(mount.root.length)
    : undefined;
}

function belongsTo(mount: CgroupMount, membership: CgroupMembership): boolean {
  if (mount.version === 2) return membership.controllers.length === 0;
  return membership.controllers.some((name) => mount.controllers.includes(name));
}

/**
 * The folder of the container's own cgroup in this hierarchy, found through one of its processes. Undefined unless the
 * path really names the container, so that what is written there can never meet anything else.
 */
export function containerCgroupFolder(
  mount: CgroupMount,
  pid: number,
  containerId: string,
): string | undefined {
  const membership = readCgroups(pid).find((entry) => belongsTo(mount, entry));
  const path = membership === undefined ? undefined : containerCgroupPath(membership.path, containerId);
  return path === undefined || path.includes('/../') ? undefined : folderIn(mount, path);
}
