// Open descriptors of a process, from /proc/PID/fd.
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { readStart, type SocketFacts } from './proc-sockets.ts';
import type { DescriptorEntry } from './snapshot.ts';

export interface DescriptorList {
  readonly descriptors: readonly DescriptorEntry[];
  /** Beyond the limit. */
  readonly leftOut: number;
}

/** Kernel flags and their values in the event table. */
const OPEN_FLAGS: readonly (readonly [kernel: number, table: number])[] = [
  [0o100, 1 << 2],
  [0o2000, 1 << 3],
  [0o10000, 1 << 5],
  [0o200, 1 << 4],
  [0o4000, 1 << 6],
  [0o4010000, 1 << 7],
  [0o1000, 1 << 8],
  [0o40000, 1 << 9],
  [0o200000, 1 << 10],
  [0o100000, 1 << 11],
  [0o2000000, 1 << 12],
  [0o20200000, 1 << 13],
];

/** The access mode counts from 1, so that "read" is a flag too. */
function openFlags(kernel: number): number {
  let flags = (kernel & 3) === 3 ? 3 : (kernel & 3) + 1;
  for (const [from, to] of OPEN_FLAGS) if ((kernel & from) === from) flags |= to;
  return flags;
}

/** The name that /proc has for what is no file: `socket:[17]`, `pipe:[18]`, `anon_inode:[eventpoll]`. */
function isSpecial(name: string): boolean {
  return !name.startsWith('/');
}

function entryOf(
  folder: string,
  fd: number,
  sockets: ReadonlyMap<number, SocketFacts>,
): DescriptorEntry | undefined {
  let name: string;
  try {
    name = readlinkSync(`${folder}/fd/${fd}`);
  } catch {
    return undefined; // closed meanwhile
  }
  const socket = /^socket:\[(\d+)\]$/.exec(name);
  if (socket !== null) {
    const inode = Number(socket[1]);
    const facts = sockets.get(inode) ?? { kind: 'unix' as const, path: '' };
    return { fd, inode, ...facts };
  }
  const info = readStart(`${folder}/fdinfo/${fd}`, 512);
  const flags = openFlags(Number.parseInt(/^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? '0', 8));
  const pipe = /^pipe:\[(\d+)\]$/.exec(name);
  if (pipe !== null) return { kind: 'fifo', fd, inode: Number(pipe[1]), name, openFlags: flags, dev: 0 };
  if (isSpecial(name)) return { kind: 'other', fd, inode: 0, name, openFlags: flags, dev: 0 };
  try {
    const stat = statSync(`${folder}/fd/${fd}`);
    const kind = stat.isDirectory() ? 'directory' : stat.isFIFO() ? 'fifo' : 'file';
    return { kind, fd, inode: stat.ino, name, openFlags: flags, dev: stat.dev >>> 0 };
  } catch {
    return { kind: 'file', fd, inode: 0, name, openFlags: flags, dev: 0 };
  }
}

/** At most `max` descriptors, lowest numbers first; empty when the process is gone. */
export function descriptorsOf(
  pid: number,
  sockets: ReadonlyMap<number, SocketFacts>,
  max: number,
  root = '/proc',
): DescriptorList {
  const folder = `${root}/${pid}`;
  let numbers: number[];
  try {
    numbers = readdirSync(`${folder}/fd`)
      .map(Number)
      .filter(Number.isInteger)
      .sort((a, b) => a - b);
  } catch {
    return { descriptors: [], leftOut: 0 };
  }
  const descriptors = numbers.slice(0, max).flatMap((fd) => entryOf(folder, fd, sockets) ?? []);
  return { descriptors, leftOut: Math.max(0, numbers.length - max) };
}
