// All processes of the machine with their descriptors, for the head of a capture. Bounded.
import { readdirSync, readlinkSync } from 'node:fs';
import { descriptorsOf } from './proc-descriptors.ts';
import { type SocketFacts, socketsOf } from './proc-sockets.ts';
import { threadsOf } from './proc-threads.ts';
import type { DescriptorTable, ProcessSnapshot, ThreadEntry } from './snapshot.ts';

export interface SnapshotOptions {
  /** Only these; default all that /proc lists. */
  readonly pids?: Iterable<number>;
  /** Environment variables, default false: they often hold secrets. */
  readonly environment?: boolean;
  readonly maxThreads?: number;
  readonly maxDescriptors?: number;
  readonly root?: string;
}

const THREADS_MAX = 32_768;
const DESCRIPTORS_MAX = 200_000;
const DESCRIPTORS_PER_PROCESS_MAX = 4096;
/** Network namespaces whose tables are read; sockets of others have no addresses. */
const NAMESPACES_MAX = 512;

function listPids(root: string): number[] {
  return readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Reads /proc synchronously; processes that end meanwhile are left out. */
export function procSnapshot(options: SnapshotOptions = {}): ProcessSnapshot {
  const root = options.root ?? '/proc';
  const threads: ThreadEntry[] = [];
  const tables: DescriptorTable[] = [];
  const namespaces = new Map<string, ReadonlyMap<number, SocketFacts>>();
  let roomForThreads = options.maxThreads ?? THREADS_MAX;
  let roomForDescriptors = options.maxDescriptors ?? DESCRIPTORS_MAX;
  let leftOut = 0;

  function sockets(pid: number): ReadonlyMap<number, SocketFacts> {
    let namespace = '';
    try {
      namespace = readlinkSync(`${root}/${pid}/ns/net`);
    } catch {
      return new Map();
    }
    const known = namespaces.get(namespace);
    if (known !== undefined) return known;
    if (namespaces.size >= NAMESPACES_MAX) return new Map();
    const found = socketsOf(pid, root);
    namespaces.set(namespace, found);
    return found;
  }

  for (const pid of options.pids ?? listPids(root)) {
    if (roomForThreads <= 0) {
      leftOut++;
      continue;
    }
    const found = threadsOf(pid, {
      environment: options.environment === true,
      maxThreads: roomForThreads,
      root,
    });
    if (found.length === 0) continue;
    threads.push(...found);
    roomForThreads -= found.length;
    const max = Math.min(roomForDescriptors, DESCRIPTORS_PER_PROCESS_MAX);
    const list = descriptorsOf(pid, sockets(pid), max, root);
    leftOut += list.leftOut;
    roomForDescriptors -= list.descriptors.length;
    if (list.descriptors.length > 0) tables.push({ pid, descriptors: list.descriptors });
  }
  return { threads, tables, leftOut };
}
