// Files in use that could not be told, by control group: only the containers of these may have been touched unseen.
import type { BpfObject } from './bpf-backend.ts';
import type { CgroupTable } from './cgroups.ts';

export interface UntoldFiles {
  /** A file in use was told, but the path of its control group was not. */
  note(cgroup: number): void;
  /** Tells what is new; call it every second. `elsewhere`: what the kernel could not count by control group, so far. */
  look(nowMs: number, elsewhere: number): void;
}

const MAP = 'untold';
const KEY_BYTES = 8;
const GROUPS_MAX = 4096;
/** The path of a control group comes with one of its next events; who stays unknown may be anybody. */
const PATIENCE_MS = 5000;

/** @param tell `containerId`: '' for the host, undefined when it may be of any container. */
export function untoldFiles(
  object: Pick<BpfObject, 'keys' | 'lookup' | 'remove'>,
  cgroups: Pick<CgroupTable, 'get' | 'has'>,
  tell: (containerId: string | undefined, count: number) => void,
): UntoldFiles {
  /** By control group: what was told of the kernel's count. */
  const told = new Map<number, number>();
  /** What nobody knows the place of yet, and since when. */
  const waiting = new Map<number, { count: number; readonly sinceMs: number }>();
  let noted: number[] = [];
  let toldElsewhere = 0;
  const value = new BigUint64Array(1);
  const bytes = new Uint8Array(value.buffer);

  function lost(id: number, count: number, nowMs: number): void {
    if (cgroups.has(id)) return tell(cgroups.get(id).containerId, count);
    const entry = waiting.get(id) ?? { count: 0, sinceMs: nowMs };
    entry.count += count;
    waiting.set(id, entry);
  }

  function readCounts(nowMs: number): void {
    for (const key of object.keys(MAP, KEY_BYTES, GROUPS_MAX)) {
      if (object.lookup(MAP, key, bytes) !== 0) continue;
      const id = Number(new DataView(key.buffer, key.byteOffset).getBigUint64(0, true));
      const count = Number(value[0]);
      const before = told.get(id) ?? 0;
      if (count > before) {
        told.set(id, count);
        lost(id, count - before, nowMs);
        continue;
      }
      // What it was told of a second ago the consumer has written down. A loss of this very moment is one of then.
      object.remove(MAP, key);
      told.delete(id);
    }
  }

  return {
    note(cgroup) {
      if (noted.length < GROUPS_MAX) noted.push(cgroup);
    },
    look(nowMs, elsewhere) {
      const ids = noted;
      noted = [];
      for (const id of ids) lost(id, 1, nowMs);
      readCounts(nowMs);
      for (const [id, { count, sinceMs }] of waiting) {
        const isKnown = cgroups.has(id);
        if (!isKnown && nowMs - sinceMs < PATIENCE_MS) continue;
        waiting.delete(id);
        tell(isKnown ? cgroups.get(id).containerId : undefined, count);
      }
      if (elsewhere > toldElsewhere) tell(undefined, elsewhere - toldElsewhere);
      toldElsewhere = elsewhere;
    },
  };
}
