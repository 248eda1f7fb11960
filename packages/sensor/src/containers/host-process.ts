// What /proc says of a process: start, cgroups, namespaces. Small synchronous reads; the kernel answers from memory.
import { readFileSync, readlinkSync } from 'node:fs';
import { procStat } from '@guardcell/kit';

/** Clock ticks per second in /proc: 100 on every architecture Linux offers to user space. */
const TICKS_PER_SECOND = 100;

export interface ProcessStat {
  readonly pid: number;
  /** `R`, `S`, `D`, `T`, `Z`, `X` … */
  readonly state: string;
  readonly parentPid: number;
  /** Ticks since boot: with the pid, this identifies a process until the next boot. */
  readonly startTicks: number;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Undefined when the text is no /proc/PID/stat. */
export function parseStat(text: string): ProcessStat | undefined {
  const { fields } = procStat(text);
  const pid = Number.parseInt(text, 10);
  const startTicks = Number(fields[19]);
  if (!Number.isInteger(pid) || !Number.isInteger(startTicks)) return undefined;
  return { pid, state: fields[0] ?? '', parentPid: Number(fields[1]), startTicks };
}

/** The process now, or undefined when there is none. */
export function readStat(pid: number): ProcessStat | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

/** Whether the process is gone or only waits to be collected by its parent. */
export function hasEnded(pid: number, startTicks: number): boolean {
  const stat = readStat(pid);
  return stat === undefined || stat.startTicks !== startTicks || stat.state === 'Z' || stat.state === 'X';
}

/** Ms since 1970 at which a process with this start started, exact to about 20 ms; 0 when unknown. */
export function startMsOf(startTicks: number): number {
  const uptimeSeconds = Number(readProc('/proc/uptime')?.split(' ')[0]);
  if (!Number.isFinite(uptimeSeconds)) return 0;
  return Math.round(Date.now() - uptimeSeconds * 1000 + (startTicks * 1000) / TICKS_PER_SECOND);
}

/** Ms since 1970 at which the process started; 0 when there is no such process. */
export function processStartMs(pid: number): number {
  const stat = pid > 0 ? readStat(pid) : undefined;
  return stat === undefined ? 0 : startMsOf(stat.startTicks);
}

export interface CgroupMembership {
  /** Controllers of a v1 hierarchy (`freezer`, `name=systemd`); none for the v2 hierarchy. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** Parses /proc/PID/cgroup. cgroups(7). */
export function parseCgroups(text: string): readonly CgroupMembership[] {
  return text
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({
      controllers: (match[1] ?? '').split(',').filter((name) => name !== ''),
      path: match[2] ?? '',
    }));
}

/** The cgroups of a process; none when there is no such process. */
export function readCgroups(pid: number): readonly CgroupMembership[] {
  return parseCgroups(readProc(`/proc/${pid}/cgroup`) ?? '');
}

/** `<id>`, `docker-<id>.scope`, `cri-containerd-<id>.scope` … as a part of a cgroup path. */
function namesContainer(part: string, containerId: string): boolean {
  return part === containerId || part === `${containerId}.scope` || part.endsWith(`-${containerId}.scope`);
}

/** The path down to the container's own cgroup; undefined when the path does not lead through it. */
export function containerCgroupPath(path: string, containerId: string): string | undefined {
  if (containerId === '') return undefined;
  const parts = path.split('/');
  const at = parts.findIndex((part) => namesContainer(part, containerId));
  return at === -1 ? undefined : parts.slice(0, at + 1).join('/');
}

/** Whether the process is in this container: one of its cgroups is the container's or lies below it. */
export function isInContainer(pid: number, containerId: string): boolean {
  return readCgroups(pid).some(({ path }) => containerCgroupPath(path, containerId) !== undefined);
}

/** The network namespace of a process as `net:[4026531840]`; undefined when it cannot be read. */
export function networkNamespace(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** The first address of a network namespace that is neither loopback nor broadcast, from /proc/PID/net/fib_trie. */
export function parseFirstAddress(fibTrie: string): string {
  let candidate = '';
  for (const line of fibTrie.split('\n')) {
    const leaf = /\|-- (\d+\.\d+\.\d+\.\d+)/.exec(line);
    if (leaf !== null) candidate = leaf[1] ?? '';
    else if (line.includes('/32 host LOCAL') && !candidate.startsWith('127.')) return candidate;
  }
  return '';
}

/** The first IPv4 address that a process has of its own; empty when none or unknown. */
export function processAddress(pid: number): string {
  return pid > 0 ? parseFirstAddress(readProc(`/proc/${pid}/net/fib_trie`) ?? '') : '';
}
