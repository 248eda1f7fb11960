// Ending every process of a container through its cgroups, without its runtime.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '@guardcell/kit';
import { isInContainer } from '../../containers/host-process.ts';
import { cgroupMounts, containerCgroupFolder } from './cgroup-folders.ts';
import { openPidfd } from './pidfd.ts';

const SIGTERM = 15;
const SIGKILL = 9;
const POLL_MS = 50;
const KILL_WAIT_MS = 10_000;
/** Nested cgroups looked into; a container could make them without end. */
const MAX_FOLDERS = 10_000;

function pidsBelow(folder: string): readonly number[] {
  const pids = new Set<number>();
  const folders = [folder];
  for (let at = 0; at < folders.length && at < MAX_FOLDERS; at++) {
    const here = folders[at] ?? '';
    try {
      for (const line of readFileSync(`${here}/cgroup.procs`, 'utf8').split('\n')) {
        if (line !== '') pids.add(Number(line));
      }
      for (const entry of readdirSync(here, { withFileTypes: true })) {
        if (entry.isDirectory()) folders.push(`${here}/${entry.name}`);
      }
    } catch {
      // Removed while we look.
    }
  }
  return [...pids].filter((pid) => pid > 1);
}

/** Sends through a pidfd that was opened before the membership was checked, so that no other process is met. */
function signalMember(pid: number, containerId: string, signalNumber: number): void {
  const pidfd = openPidfd(pid);
  try {
    if (!isInContainer(pid, containerId)) return;
    if (pidfd !== undefined) pidfd.send(signalNumber);
    else process.kill(pid, signalNumber);
  } catch {
    // It ended meanwhile, which is what was wanted.
  } finally {
    pidfd?.close();
  }
}

/**
 * Asks the first process to end, and after the grace kills everything that is left.
 * @throws CodedError GC_CGROUP_NOT_FOUND, GC_STOP_FAILED.
 */
export async function stopThroughCgroup(
  pid: number,
  containerId: string,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const folders = cgroupMounts()
    .map((mount) => containerCgroupFolder(mount, pid, containerId))
    .filter((folder) => folder !== undefined);
  if (folders.length === 0) {
    throw new CodedError('GC_CGROUP_NOT_FOUND', "the container's cgroup cannot be found");
  }
  const members = (): readonly number[] => [...new Set(folders.flatMap(pidsBelow))];

  async function emptyWithin(waitMs: number, again: () => void): Promise<boolean> {
    const until = Date.now() + waitMs;
    while (members().length > 0) {
      if (Date.now() > until) return false;
      again();
      await sleep(POLL_MS, undefined, { signal });
    }
    return true;
  }

  if (graceSeconds > 0) {
    signalMember(pid, containerId, SIGTERM);
    if (await emptyWithin(graceSeconds * 1000, () => undefined)) return;
  }
  const killFile = folders.map((folder) => `${folder}/cgroup.kill`).find((path) => existsSync(path));
  if (killFile !== undefined) writeFileSync(killFile, '1');
  const killed = await emptyWithin(KILL_WAIT_MS, () => {
    for (const member of members()) signalMember(member, containerId, SIGKILL);
  });
  if (!killed)
    throw new CodedError('GC_STOP_FAILED', 'processes of the container are still there after SIGKILL');
}
