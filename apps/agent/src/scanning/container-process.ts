// Whether a process still is one of the container that it was when somebody wrote down its pid: pids are used again, and what
// lies below the root of another process would be reported as what the container holds.
import { readFileSync, statSync } from 'node:fs';
import { containerIdOfPath } from '@guardcell/sensor';

function rootOf(folder: string): string {
  try {
    const { dev, ino } = statSync(`${folder}/root/`, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return '';
  }
}

/**
 * False when the process has ended, belongs to another container, or has the root of the host itself. Where control groups
 * name no container that is all that can be told.
 * @param folder `/proc/PID`
 * @param hosts processes that have the root of the host, or of this very agent
 */
export function isProcessOf(
  folder: string,
  containerId: string,
  hosts: readonly string[] = ['/proc/1', '/proc/self'],
): boolean {
  let groups: string;
  try {
    groups = readFileSync(`${folder}/cgroup`, 'utf8');
  } catch {
    return false;
  }
  // A container may make groups of its own within its group, with whatever names.
  if (groups.split(/[^0-9a-z]/).includes(containerId)) return true;
  if (groups.split('\n').some((line) => containerIdOfPath(line.slice(line.indexOf('/'))) !== ''))
    return false;
  const root = rootOf(folder);
  return root !== '' && hosts.every((host) => rootOf(host) !== root);
}
