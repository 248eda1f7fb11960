// Whose events a recording around a match takes: those of the same container, or of the same process tree on the host.
import { isHost, type Thread } from '@guardcell/core';
import type { RingOwner } from './event-ring.ts';

export interface Scope {
  /** The same for matches that one recording serves. */
  readonly key: string;
  has(owner: RingOwner): boolean;
}

/** The process and its ancestors, nearest first; empty when unknown. */
export type ProcessTree = (pid: number) => readonly Thread[];

const KNOWN_MAX = 20_000;

/** The highest ancestor that is still part of the same session; the first process of the machine never is. */
function rootOf(thread: Thread): number {
  let root = thread.pid;
  for (let at = thread.parent(); at !== undefined; at = at.parent()) {
    if (at.pid <= 1 || at.sid !== thread.sid || !isHost(at.container)) break;
    root = at.pid;
  }
  return root;
}

export function scopeOf(thread: Thread, treeOf: ProcessTree): Scope {
  const { container } = thread;
  if (!isHost(container)) {
    return { key: container.id, has: (owner) => owner.containerId === container.id };
  }
  const root = rootOf(thread);
  const known = new Map<number, boolean>();
  return {
    key: `host ${root}`,
    has({ pid, containerId }) {
      if (containerId !== container.id) return false;
      let isInside = known.get(pid);
      if (isInside === undefined) {
        isInside = pid === root || treeOf(pid).some((ancestor) => ancestor.pid === root);
        if (known.size >= KNOWN_MAX) known.clear();
        known.set(pid, isInside);
      }
      return isInside;
    },
  };
}
