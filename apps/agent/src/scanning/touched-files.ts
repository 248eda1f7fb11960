// In the sensor's worker: files in use on their way to the agent, each once in a while, and none that no package can own.
import type { Touched } from '@guardcell/sensor';
import type { TouchedFile } from '@guardcell/vuln/in-use';

/** The same file is told again after so long, so that it is known when it was used last. */
const AGAIN_MS = 600_000;
const REMEMBERED_MAX = 16_384;
/** Whatever a path says; longer ones are no files of packages. */
const PATH_MAX = 1024;

export interface TouchedInContainer extends TouchedFile {
  /** Full id, `host` for the host. */
  readonly containerId: string;
}

export interface TouchedFiles {
  note(containerId: string, how: Touched, path: string): void;
  /** What was noted since the last call. */
  take(): readonly TouchedInContainer[];
  readonly isEmpty: boolean;
}

/** False for files of the kernel, and for those that are read whether or not a package is used. */
export function canBeOwned(how: Touched, path: string): boolean {
  if (!path.startsWith('/') || path.length > PATH_MAX) return false;
  if (/^\/(?:proc|sys|dev)\//.test(path)) return false;
  if (how !== 'opened' || !path.endsWith('.json')) return true;
  // Every tool around Node reads package.json; data that a package loads is another thing.
  return /\/(?:node_modules|nodejs)\//.test(path) && !path.endsWith('/package.json');
}

export function touchedFiles(nowMs: () => number): TouchedFiles {
  let pending: TouchedInContainer[] = [];
  const told = new Map<string, number>();
  return {
    note(id, how, path) {
      if (!canBeOwned(how, path)) return;
      const containerId = id === '' ? 'host' : id;
      const key = `${how[0]}${containerId}${path}`;
      const lastMs = nowMs();
      const before = told.get(key);
      if (before !== undefined && lastMs - before < AGAIN_MS) return;
      if (told.size >= REMEMBERED_MAX) told.clear();
      told.set(key, lastMs);
      pending.push({ containerId, grade: how, path, lastMs });
    },
    take() {
      const taken = pending;
      pending = [];
      return taken;
    },
    get isEmpty() {
      return pending.length === 0;
    },
  };
}
