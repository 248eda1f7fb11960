// All processes of the machine: made by fork, changed by exec, kept for a while after exit so that the events of their
// children still find them. Bounded in size.
import { type Container, HOST } from '@guardcell/core';
import type { CgroupTable } from './cgroups.ts';
import {
  HEADER_CGROUP,
  HEADER_COMM,
  HEADER_GID,
  HEADER_LEADER_START,
  HEADER_PID,
  HEADER_PPID,
  HEADER_SIZE,
  HEADER_TID,
  HEADER_UID,
  HEADER_VPID,
  PROCESS_CHILD_PID,
  PROCESS_CHILD_PPID,
  PROCESS_CHILD_START,
  PROCESS_CHILD_TID,
  PROCESS_CHILD_VPID,
} from './layout.generated.ts';
import type { ProcFacts } from './proc-files.ts';
import { Process, type ProcessWorld } from './process.ts';
import type { RecordView } from './record.ts';

const TICK_NS = 10_000_000;
const MAX_INTERNED = 16_384;

/** How long an exited process can still be found. */
const GRACE_NS = 30e9;

export interface ProcessTableOptions {
  readonly cgroups: CgroupTable;
  containerById(id: string): Container;
  wallClockNs(bootNs: number): bigint;
  /** Reads /proc for a process that no event told of; undefined when it is gone. */
  lookUp(pid: number): ProcFacts | undefined;
  readonly maxProcesses?: number;
}

export interface ProcessTable {
  readonly size: number;
  find(pid: number): Process | undefined;
  /** The process of the record's task, brought up to date from the record's header. */
  current(record: RecordView): Process;
  fork(record: RecordView, parent: Process): void;
  exec(record: RecordView, process: Process): void;
  exit(record: RecordView, process: Process): void;
  /** A process found in /proc. Events that were seen already win. */
  adopt(facts: ProcFacts): void;
  /** Forgets processes that exited long before `nowBootNs`. */
  sweep(nowBootNs: number): void;
}

export function processTable(options: ProcessTableOptions): ProcessTable {
  const { cgroups, maxProcesses = 65_536 } = options;
  const processes = new Map<number, Process>();
  const exited: Process[] = [];
  const interned = new Map<string, string>();
  // /proc does not tell the kernel's id of a control group, so processes found there get a number of our own
  const pathIds = new Map<string, number>();
  /** The first process of each pid namespace. */
  const inits = new Map<number, Process>();

  const world: ProcessWorld = {
    containerOf: (cgroup) => {
      const id = cgroups.get(cgroup).containerId;
      return id === '' ? HOST : options.containerById(id);
    },
    cgroupPath: (cgroup) => cgroups.get(cgroup).path,
    find: (pid) => processes.get(pid),
    wallClockNs: (bootNs) => options.wallClockNs(bootNs),
    initStartNs: (pidNamespace) => inits.get(pidNamespace)?.startBootNs,
  };

  function noteInit(process: Process): void {
    if (process.vpid !== 1 || process.pidNamespace === 0) return;
    inits.set(process.pidNamespace, process);
    if (inits.size <= maxProcesses) return;
    const [oldest] = inits.keys();
    if (oldest !== undefined) inits.delete(oldest);
  }

  function intern(text: string): string {
    const known = interned.get(text);
    if (known !== undefined) return known;
    if (interned.size >= MAX_INTERNED) interned.clear();
    interned.set(text, text);
    return text;
  }

  function add(process: Process): void {
    processes.set(process.pid, process);
    if (processes.size <= maxProcesses) return;
    const oldest = exited.shift()?.pid ?? processes.keys().next().value;
    if (oldest !== undefined && oldest !== process.pid) processes.delete(oldest);
  }

  function isSame(process: Process, startBootNs: number): boolean {
    if (process.startBootNs === startBootNs) return true;
    if (process.isStartExact) return false;
    const isClose = Math.abs(process.startBootNs - startBootNs) <= 2 * TICK_NS;
    if (isClose) {
      process.startBootNs = startBootNs;
      process.isStartExact = true;
    }
    return isClose;
  }

  function fill(process: Process, facts: ProcFacts): void {
    process.ppid = facts.ppid;
    process.vpid = facts.vpid;
    process.pidNamespace = facts.pidNamespace;
    process.pgid = facts.pgid;
    process.vpgid = facts.vpgid;
    process.sid = facts.sid;
    process.tty = facts.tty;
    process.comm = intern(facts.comm);
    process.uid = facts.uid;
    process.gid = facts.gid;
    process.loginUid = facts.loginUid;
    process.capEffective = facts.capEffective;
    process.capPermitted = facts.capPermitted;
    process.capInheritable = facts.capInheritable;
    process.exe = intern(facts.argv[0] ?? '');
    process.args = facts.argv.slice(1);
    process.exePath = intern(facts.exePath);
    process.cwd = facts.cwd;
    noteInit(process);
  }

  function cgroupOfPath(path: string): number {
    let id = pathIds.get(path);
    if (id === undefined) {
      id = -1 - pathIds.size;
      pathIds.set(path, id);
      cgroups.learn(id, path.split('/').toReversed());
    }
    return id;
  }

  function create(record: RecordView, pid: number, startBootNs: number): Process {
    const process = new Process(world, pid, startBootNs);
    const facts = options.lookUp(pid);
    if (facts !== undefined && Math.abs(facts.startBootNs - startBootNs) <= 2 * TICK_NS) fill(process, facts);
    else {
      // gone already, and its fork was not seen: what it had from its parent is the best there is
      const parent = processes.get(record.u32(HEADER_PPID));
      if (parent !== undefined && parent !== process) process.inherit(parent);
    }
    process.vpid = record.u32(HEADER_VPID);
    add(process);
    return process;
  }

  function current(record: RecordView): Process {
    const pid = record.u32(HEADER_PID);
    const start = record.u64(HEADER_LEADER_START);
    let process = processes.get(pid);
    if (process === undefined || !isSame(process, start)) process = create(record, pid, start);
    process.ppid = record.u32(HEADER_PPID);
    process.uid = record.u32(HEADER_UID);
    process.gid = record.u32(HEADER_GID);
    process.cgroupId = record.u64(HEADER_CGROUP);
    if (record.u32(HEADER_TID) === pid) refreshComm(process, record);
    return process;
  }

  function refreshComm(process: Process, record: RecordView): void {
    const words = process.commWords;
    let isSameComm = true;
    for (let index = 0; index < 4; index++) {
      const word = record.i32(HEADER_COMM + index * 4);
      if (words[index] !== word) {
        words[index] = word;
        isSameComm = false;
      }
    }
    if (!isSameComm) process.comm = intern(record.comm());
  }

  function fork(record: RecordView, parent: Process): void {
    const pid = record.u32(HEADER_SIZE + PROCESS_CHILD_PID);
    if (pid !== record.u32(HEADER_SIZE + PROCESS_CHILD_TID)) return;
    const child = new Process(world, pid, record.u64(HEADER_SIZE + PROCESS_CHILD_START));
    child.inherit(parent);
    child.ppid = record.u32(HEADER_SIZE + PROCESS_CHILD_PPID);
    child.vpid = record.u32(HEADER_SIZE + PROCESS_CHILD_VPID);
    child.applyState(record);
    noteInit(child);
    add(child);
  }

  function exec(record: RecordView, process: Process): void {
    process.applyState(record);
    noteInit(process);
    const argv = record.texts(2);
    process.exe = intern(argv[0] ?? '');
    process.args = argv.slice(1);
    process.exePath = intern(record.text(1));
    process.cwd = intern(record.text(3));
    process.env = record.hasSlot(5) ? record.texts(5) : [];
  }

  function exit(record: RecordView, process: Process): void {
    process.exitedBootNs = Number(record.timeNs);
    exited.push(process);
  }

  function adopt(facts: ProcFacts): void {
    const known = processes.get(facts.pid);
    if (known !== undefined && known.isStartExact && known.startBootNs + 2 * TICK_NS >= facts.startBootNs) {
      // learnt from an event meanwhile; the scan only fills what an event cannot tell
      if (known.exePath === '') fill(known, facts);
      return;
    }
    const process = new Process(world, facts.pid, facts.startBootNs);
    process.isStartExact = false;
    fill(process, facts);
    process.cgroupId = cgroupOfPath(facts.cgroupPath);
    add(process);
  }

  function sweep(nowBootNs: number): void {
    let count = 0;
    for (const process of exited) {
      if (process.exitedBootNs + GRACE_NS > nowBootNs) break;
      if (processes.get(process.pid) === process) processes.delete(process.pid);
      if (inits.get(process.pidNamespace) === process) inits.delete(process.pidNamespace);
      count++;
    }
    exited.splice(0, count);
  }

  return {
    get size() {
      return processes.size;
    },
    find: (pid) => processes.get(pid),
    current,
    fork,
    exec,
    exit,
    adopt,
    sweep,
  };
}
