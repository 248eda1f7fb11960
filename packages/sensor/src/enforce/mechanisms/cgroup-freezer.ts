// Freezing a container through its cgroup, without its runtime. v1: freezer.state, v2: cgroup.freeze.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError, errorFacts } from '@guardcell/kit';
import { type CgroupMount, cgroupMounts, containerCgroupFolder } from './cgroup-folders.ts';

const POLL_MS = 10;
const WAIT_MS = 5000;

export interface Freezer {
  readonly version: 1 | 2;
  readonly folder: string;
}

/** The hierarchy that can freeze: v1's freezer where it is mounted (as runtimes prefer), else v2. */
function freezerMount(mounts: readonly CgroupMount[]): CgroupMount | undefined {
  const first = mounts.find((mount) => mount.version === 1 && mount.controllers.includes('freezer'));
  return first ?? mounts.find((mount) => mount.version === 2);
}

/** The freezer of a container, found through one of its processes; undefined when there is none. */
export function freezerOf(pid: number, containerId: string): Freezer | undefined {
  const mount = freezerMount(cgroupMounts());
  if (mount === undefined || pid <= 0) return undefined;
  const folder = containerCgroupFolder(mount, pid, containerId);
  return folder === undefined ? undefined : { version: mount.version, folder };
}

export function isFrozen(freezer: Freezer): boolean {
  try {
    if (freezer.version === 1)
      return readFileSync(`${freezer.folder}/freezer.state`, 'utf8').trim() === 'FROZEN';
    return readFileSync(`${freezer.folder}/cgroup.events`, 'utf8').includes('frozen 1');
  } catch {
    return false;
  }
}

function write(freezer: Freezer, frozen: boolean): void {
  if (freezer.version === 1) writeFileSync(`${freezer.folder}/freezer.state`, frozen ? 'FROZEN' : 'THAWED');
  else writeFileSync(`${freezer.folder}/cgroup.freeze`, frozen ? '1' : '0');
}

/**
 * Freezes or thaws and waits until the kernel says so.
 * @throws CodedError GC_FREEZER_FAILED.
 */
export async function setFrozen(freezer: Freezer, frozen: boolean, signal: AbortSignal): Promise<void> {
  const until = Date.now() + WAIT_MS;
  try {
    write(freezer, frozen);
    while (isFrozen(freezer) !== frozen) {
      if (Date.now() > until) throw new Error(`the kernel did not finish within ${WAIT_MS} ms`);
      await sleep(POLL_MS, undefined, { signal });
      // v1 gives up on a group that forks meanwhile; writing again continues.
      if (frozen && freezer.version === 1) write(freezer, true);
    }
  } catch (cause) {
    throw new CodedError('GC_FREEZER_FAILED', `the cgroup freezer failed: ${errorFacts(cause).message}`, {
      at: freezer.folder,
      cause,
    });
  }
}

export interface FreezerProbe {
  readonly works: boolean;
  readonly detail: string;
}

/** Tries the freezer on an empty cgroup made for the purpose. */
export async function probeFreezer(): Promise<FreezerProbe> {
  const mount = freezerMount(cgroupMounts());
  if (mount === undefined) return { works: false, detail: 'no cgroup freezer is mounted' };
  // Several may probe at once, also from several processes.
  const folder = `${mount.folder}/guardcell-probe-${process.pid}-${randomBytes(4).toString('hex')}`;
  const freezer: Freezer = { version: mount.version, folder };
  try {
    mkdirSync(folder);
    try {
      await setFrozen(freezer, true, AbortSignal.timeout(1000));
      await setFrozen(freezer, false, AbortSignal.timeout(1000));
    } finally {
      rmdirSync(folder);
    }
    return { works: true, detail: `cgroup v${mount.version} freezer` };
  } catch (error) {
    return { works: false, detail: errorFacts(error).message };
  }
}
