// Reads process state from /proc: for processes older than the sensor, and for the rare one it missed.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { procStat } from '@guardcell/kit';

export interface ProcFacts {
  readonly pid: number;
  readonly ppid: number;
  readonly vpid: number;
  /** Inode number of the pid namespace, 0 when it cannot be read. */
  readonly pidNamespace: number;
  readonly pgid: number;
  readonly vpgid: number;
  readonly sid: number;
  readonly tty: number;
  readonly comm: string;
  readonly startBootNs: number;
  readonly uid: number;
  readonly gid: number;
  readonly loginUid: number;
  readonly capEffective: bigint;
  readonly capPermitted: bigint;
  readonly capInheritable: bigint;
  readonly argv: readonly string[];
  readonly exePath: string;
  readonly cwd: string;
  readonly cgroupPath: string;
}

/** USER_HZ: /proc counts in these whatever the kernel's own tick is. */
const TICK_NS = 10_000_000;
const MAX_ARGS = 4096;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Pids that /proc lists now. */
export function listPids(root = '/proc'): number[] {
  const pids: number[] = [];
  for (const name of readdirSync(root)) {
    const pid = Number(name);
    if (Number.isInteger(pid) && pid > 0) pids.push(pid);
  }
  return pids;
}

/** The path in /proc/PID/cgroup of the hierarchy used for attribution. */
export function cgroupPathOf(text: string, hierarchy: number): string {
  for (const line of text.split('\n')) {
    const [id, , ...path] = line.split(':');
    if (id === String(hierarchy)) return path.join(':');
  }
  return '';
}

/** Everything /proc tells of a process, undefined when it is gone. `hierarchy`: id of the cgroup hierarchy, 0 for v2. */
export function readProc(pid: number, hierarchy: number, root = '/proc'): ProcFacts | undefined {
  const folder = `${root}/${pid}`;
  const stat = procStat(read(`${folder}/stat`));
  if (stat.fields.length < 20) return undefined;
  const number = (index: number): number => Number(stat.fields[index] ?? 0);
  const status = new Map<string, string>();
  for (const line of read(`${folder}/status`).split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) status.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const column = (name: string, index: number): number =>
    Number((status.get(name) ?? '').split(/\s+/).at(index) ?? 0);
  const capability = (name: string): bigint => BigInt(`0x${status.get(name) ?? '0'}`);
  const loginUid = read(`${folder}/loginuid`).trim();
  return {
    pid,
    ppid: number(1),
    vpid: column('NSpid', -1) || pid,
    pidNamespace: Number(/^pid:\[(\d+)\]$/.exec(link(`${folder}/ns/pid`))?.[1] ?? 0),
    pgid: number(2),
    vpgid: column('NSpgid', -1) || number(2),
    sid: number(3),
    tty: number(4) >>> 0,
    comm: stat.comm,
    startBootNs: number(19) * TICK_NS,
    uid: column('Uid', 1),
    gid: column('Gid', 1),
    loginUid: loginUid === '' ? -1 : Number(loginUid) | 0,
    capEffective: capability('CapEff'),
    capPermitted: capability('CapPrm'),
    capInheritable: capability('CapInh'),
    argv: read(`${folder}/cmdline`).slice(0, MAX_ARGS).replace(/\0$/, '').split('\0'),
    exePath: link(`${folder}/exe`),
    cwd: link(`${folder}/cwd`),
    cgroupPath: cgroupPathOf(read(`${folder}/cgroup`), hierarchy),
  };
}
