// What /proc says of the processes that a test has started.
import { readdirSync, readFileSync } from 'node:fs';

/** Parent of a process; 0 when it is gone or has ended and waits to be collected. */
function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? 0 : Number(ppid);
  } catch {
    return 0;
  }
}

/** Pids of all living descendants. */
export function descendantsOf(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(Number(name)) }));
  const found: number[] = [];
  for (let parents = [pid]; parents.length > 0; ) {
    const children = all.filter(({ parent }) => parents.includes(parent)).map((each) => each.pid);
    found.push(...children);
    parents = children;
  }
  return found;
}

export function isAlive(pid: number): boolean {
  return parentOf(pid) > 0;
}

export interface Child {
  readonly pid: number;
  /** Path of its `main.ts`; empty for another program. */
  readonly entry: string;
}

/** Children of a process that the platform started, told apart by their entry file. */
export function childrenOf(pid: number): Child[] {
  return descendantsOf(pid)
    .filter((child) => parentOf(child) === pid)
    .map((child) => {
      let words: string[] = [];
      try {
        words = readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0');
      } catch {
        // It ended while we looked.
      }
      return { pid: child, entry: words.find((word) => word.endsWith('/main.ts')) ?? '' };
    });
}
