// Sending SIGKILL to exactly one process: right pid, right start time, right container, or not at all.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  hasEnded,
  isInContainer,
  type ProcessStat,
  readStat,
  startMsOf,
} from '../../containers/host-process.ts';
import { openPidfd } from './pidfd.ts';

const SIGKILL = 9;
const POLL_MS = 5;
const WAIT_MS = 2000;
/** The clock may have been set between the two readings; a pid is not reused in the same container that fast. */
const START_TOLERANCE_MS = 1000;

export interface ProcessTarget {
  readonly pid: number;
  /** Ms since 1970; 0 when unknown, then pid and container alone must match. */
  readonly startedAtMs: number;
  readonly containerId: string;
}

export type KillOutcome =
  | { readonly outcome: 'killed'; readonly mechanism: 'pidfd' | 'signal' }
  /** The signal is there but the process has not ended yet: it is frozen, or in an uninterruptible call. */
  | { readonly outcome: 'pending'; readonly mechanism: 'pidfd' | 'signal' }
  | { readonly outcome: 'gone' }
  /** The pid is in use, but not by the process that was meant. */
  | { readonly outcome: 'other-process'; readonly why: string }
  | { readonly outcome: 'refused'; readonly why: string };

function mismatch(target: ProcessTarget, stat: ProcessStat): string {
  const startedAtMs = startMsOf(stat.startTicks);
  if (target.startedAtMs > 0 && Math.abs(startedAtMs - target.startedAtMs) > START_TOLERANCE_MS) {
    return 'it started at another time';
  }
  return isInContainer(target.pid, target.containerId) ? '' : 'it is not in that container';
}

async function waitForEnd(target: ProcessTarget, stat: ProcessStat, signal: AbortSignal): Promise<boolean> {
  const until = Date.now() + WAIT_MS;
  while (!hasEnded(target.pid, stat.startTicks)) {
    if (Date.now() > until || signal.aborted) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Kills the process and waits up to 2 s for its end. */
export async function killProcess(target: ProcessTarget, signal: AbortSignal): Promise<KillOutcome> {
  // First the handle, then the checks: what they find out is about the process that the handle means.
  const pidfd = openPidfd(target.pid);
  try {
    const stat = readStat(target.pid);
    if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return { outcome: 'gone' };
    const why = mismatch(target, stat);
    if (why !== '') return { outcome: 'other-process', why };
    const mechanism = pidfd === undefined ? 'signal' : 'pidfd';
    if (pidfd === undefined) process.kill(target.pid, 'SIGKILL');
    else if (!pidfd.send(SIGKILL)) {
      return hasEnded(target.pid, stat.startTicks)
        ? { outcome: 'gone' }
        : { outcome: 'refused', why: 'the kernel does not permit it' };
    }
    const ended = await waitForEnd(target, stat, signal);
    return { outcome: ended ? 'killed' : 'pending', mechanism };
  } catch (error) {
    return { outcome: 'refused', why: error instanceof Error ? error.message : String(error) };
  } finally {
    pidfd?.close();
  }
}
