// Threads of a process as /proc describes them now.
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { procStat } from '@guardcell/kit';
import { readStart } from './proc-sockets.ts';
import type { ThreadEntry } from './snapshot.ts';

/** As much of arguments and environment as the kernel's own recorders keep. */
const ARGUMENTS_MAX = 4096;
const FILE_MAX = 64 * 1024;

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function texts(raw: string): string[] {
  return raw === '' ? [] : raw.replace(/\0$/, '').split('\0');
}

function statusOf(text: string): (name: string, column?: number) => string {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) values.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return (name, column = 0) => (values.get(name) ?? '').split(/\s+/).at(column) ?? '';
}

/** The control group that names the container best: the longest of all hierarchies. */
export function longestCgroup(text: string): string {
  let longest = '';
  for (const line of text.split('\n')) {
    const path = line.split(':').slice(2).join(':');
    if (path.length > longest.length) longest = path;
  }
  return longest;
}

function capability(hex: string): bigint {
  return /^[0-9a-f]{1,16}$/i.test(hex) ? BigInt(`0x${hex}`) : 0n;
}

function exeStat(path: string): Pick<ThreadEntry, 'exeInode' | 'exeInodeCtimeNs' | 'exeInodeMtimeNs'> {
  try {
    const stat = statSync(path, { bigint: true });
    return { exeInode: Number(stat.ino), exeInodeCtimeNs: stat.ctimeNs, exeInodeMtimeNs: stat.mtimeNs };
  } catch {
    return { exeInode: 0, exeInodeCtimeNs: 0n, exeInodeMtimeNs: 0n };
  }
}

export interface ThreadReadOptions {
  readonly environment: boolean;
  /** Most threads of one process. */
  readonly maxThreads: number;
  readonly root?: string;
}

/** The main thread first; empty when the process is gone. */
export function threadsOf(pid: number, options: ThreadReadOptions): ThreadEntry[] {
  const folder = `${options.root ?? '/proc'}/${pid}`;
  const { comm, fields } = procStat(readStart(`${folder}/stat`, FILE_MAX));
  if (fields.length < 22) return [];
  const field = (index: number): number => Number(fields[index]) || 0;
  const status = statusOf(readStart(`${folder}/status`, FILE_MAX));
  const number = (name: string, column = 0): number => Number(status(name, column)) || 0;
  const argv = texts(readStart(`${folder}/cmdline`, ARGUMENTS_MAX));
  const loginUid = readStart(`${folder}/loginuid`, 32).trim();
  const openFiles = /^Max open files\s+(\d+)/m.exec(readStart(`${folder}/limits`, FILE_MAX))?.[1];
  const main: ThreadEntry = {
    tid: pid,
    pid,
    ppid: field(1),
    vtid: number('NSpid', -1) || pid,
    vpid: number('NStgid', -1) || pid,
    sid: field(3),
    pgid: field(2),
    vpgid: number('NSpgid', -1) || field(2),
    comm,
    exe: argv[0] ?? '',
    exePath: link(`${folder}/exe`),
    args: argv.slice(1),
    env: options.environment ? texts(readStart(`${folder}/environ`, ARGUMENTS_MAX)) : [],
    cwd: link(`${folder}/cwd`),
    root: link(`${folder}/root`) || '/',
    tty: field(4) >>> 0,
    uid: number('Uid', 1),
    gid: number('Gid', 1),
    loginUid: loginUid === '' ? -1 : Number(loginUid) | 0,
    capEffective: capability(status('CapEff')),
    capPermitted: capability(status('CapPrm')),
    capInheritable: capability(status('CapInh')),
    exeWritable: false,
    exeUpperLayer: false,
    exeLowerLayer: false,
    exeFromMemfd: false,
    ...exeStat(`${folder}/exe`),
    cgroup: longestCgroup(readStart(`${folder}/cgroup`, FILE_MAX)),
    vmSizeKib: number('VmSize'),
    vmRssKib: number('VmRSS'),
    vmSwapKib: number('VmSwap'),
    majorFaults: field(9),
    minorFaults: field(7),
    fdLimit: Number(openFiles ?? 0),
  };
  return [main, ...otherThreads(main, folder, options.maxThreads - 1)];
}

function otherThreads(main: ThreadEntry, folder: string, max: number): ThreadEntry[] {
  let tids: number[];
  try {
    tids = readdirSync(`${folder}/task`).map(Number);
  } catch {
    return [];
  }
  return tids
    .filter((tid) => Number.isInteger(tid) && tid !== main.tid)
    .slice(0, Math.max(0, max))
    .map((tid) => {
      const comm = readStart(`${folder}/task/${tid}/comm`, 64).trimEnd() || main.comm;
      // inside of a pid namespace the number of a thread is only in its own status
      const vtid =
        main.vtid === main.tid
          ? tid
          : Number(statusOf(readStart(`${folder}/task/${tid}/status`, FILE_MAX))('NSpid', -1)) || tid;
      return { ...main, tid, vtid, comm };
    });
}
