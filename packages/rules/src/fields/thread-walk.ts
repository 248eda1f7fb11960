// Walks over a thread's ancestors, bounded so that a broken parent chain cannot loop.
import type { Thread } from '@guardcell/core';

const MAX_ANCESTORS = 256;

/** The `steps`-th ancestor; 0 is the thread itself. */
export function ancestor(thread: Thread, steps: number): Thread | undefined {
  let current: Thread | undefined = thread;
  for (let step = 0; step < steps && current !== undefined; step += 1) current = current.parent();
  return current;
}

/** Values of all ancestors, nearest first, without the thread itself; undefined when there is none. */
export function ofAncestors<T>(
  thread: Thread,
  read: (ancestor: Thread) => T | undefined,
): readonly T[] | undefined {
  const values: T[] = [];
  let current = thread.parent();
  for (let step = 0; step < MAX_ANCESTORS && current !== undefined; step += 1) {
    const value = read(current);
    if (value !== undefined) values.push(value);
    current = current.parent();
  }
  return values.length === 0 ? undefined : values;
}

/** The thread itself or the nearest ancestor that satisfies `test`. */
export function nearest(thread: Thread, test: (candidate: Thread) => boolean): Thread | undefined {
  let current: Thread | undefined = thread;
  for (let step = 0; step <= MAX_ANCESTORS && current !== undefined; step += 1) {
    if (test(current)) return current;
    current = current.parent();
  }
  return undefined;
}

/** The farthest of the thread and its ancestors, taken as long as `test` holds. */
export function farthest(thread: Thread, test: (candidate: Thread) => boolean): Thread | undefined {
  let found: Thread | undefined;
  let current: Thread | undefined = thread;
  for (let step = 0; step <= MAX_ANCESTORS && current !== undefined && test(current); step += 1) {
    found = current;
    current = current.parent();
  }
  return found;
}

/** Program name and arguments, as proc.cmdline shows them. */
export function commandLine(thread: Thread): string {
  return thread.args.length === 0 ? thread.comm : `${thread.comm} ${thread.args.join(' ')}`;
}
