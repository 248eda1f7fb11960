// An entry of the process list from a thread that the sensor knows.
import { type Thread, threadFacts } from '@guardcell/core';
import type { ThreadEntry } from '../snapshot.ts';

const NO_FIGURES = {
  vmSizeKib: 0,
  vmRssKib: 0,
  vmSwapKib: 0,
  majorFaults: 0,
  minorFaults: 0,
  fdLimit: 0,
} as const;

/** The main thread of the process; its environment is left out. */
export function threadEntryOf(thread: Thread): ThreadEntry {
  const { pid, vpid } = thread;
  return {
    ...threadFacts(thread),
    ...(thread.resources ?? NO_FIGURES),
    tid: pid,
    vtid: vpid,
    env: [],
    root: '/',
  };
}
