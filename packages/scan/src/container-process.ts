// Whether the process whose root is scanned still is the same: a container that ends takes its files along, and what is
// left of them would look like all there was.
import { readFileSync } from 'node:fs';
import { procStat } from '@guardcell/kit';

/** Ended, and nobody has asked for its exit code yet. */
const DEAD = /^[ZX]$/;

/** When a process started, in ticks since boot, which with its pid names it; empty when it has ended. See proc(5). */
export function processStart(pid: number): string {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
  const { fields } = procStat(stat);
  return DEAD.test(fields[0] ?? '') ? '' : (fields[19] ?? '');
}
