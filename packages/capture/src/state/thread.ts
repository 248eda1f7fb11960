// A captured thread; also the `Thread` that rules see. What threads of a process share lies in `process`.
import { type Container, HOST, type Thread, type ThreadResources } from '@guardcell/core';
import type { CapturedFd } from './descriptor.ts';
import type { FdTable } from './fd-table.ts';

/** What the threads of one process have in common. */
export interface ProcessState {
  pid: number;
  cwd: string;
  args: readonly string[];
  env: readonly string[];
  cgroup: string;
  /** Full id, '' for the host. */
  containerId: string;
  descriptors: FdTable;
  /** Live threads, the main one included. */
  threads: number;
  /** Threads in the table, ended ones included. */
  entries: number;
  /** Characters of args, env and cgroup. */
  weight: number;
  /** Processes that have this one as parent, their main threads. */
  children: Set<CapturedThread> | undefined;
  main: CapturedThread | undefined;
}

export function processState(pid: number, descriptors: FdTable): ProcessState {
  return {
    pid,
    cwd: '',
    args: [],
    env: [],
    cgroup: '',
    containerId: '',
    descriptors,
    threads: 0,
    entries: 0,
    weight: 0,
    children: undefined,
    main: undefined,
  };
}

/** Mutable figures behind `Thread.resources`. */
interface MutableResources extends ThreadResources {
  vmSizeKib: number;
  vmRssKib: number;
  vmSwapKib: number;
  majorFaults: number;
  minorFaults: number;
  fdLimit: number;
}

/** Answers who is the parent of whom, and which container an id stands for. */
export interface Family {
  find(tid: number): CapturedThread | undefined;
  containerOf(id: string): Container;
}

export class CapturedThread implements Thread {
  readonly family: Family;
  readonly tid: number;
  process: ProcessState;
  ppid = 0;
  vtid = 0;
  vpid = 0;
  sid = 0;
  pgid = 0;
  vpgid = 0;
  comm = '';
  exe = '';
  exePath = '';
  tty = 0;
  uid = 0;
  gid = 0;
  loginUid = -1;
  capEffective = 0n;
  capPermitted = 0n;
  capInheritable = 0n;
  exeWritable = false;
  exeUpperLayer = false;
  exeLowerLayer = false;
  exeFromMemfd = false;
  exeInode = 0;
  exeInodeCtimeNs = 0n;
  exeInodeMtimeNs = 0n;
  startTimeNs = 0n;
  pidNamespaceStartNs = 0n;
  exited = false;
  /** Made because an event named it, not by a list or a clone. */
  isUnknown = false;
  readonly resources: MutableResources = {
    vmSizeKib: 0,
    vmRssKib: 0,
    vmSwapKib: 0,
    majorFaults: 0,
    minorFaults: 0,
    fdLimit: -1,
  };

  // The enter event that this thread's next exit event belongs to.
  /** Id of the enter event's type, -1 for none. */
  enterType = -1;
  /** Where it stands in the window, -1 when `enterCopy` holds it. */
  enterAt = -1;
  /** Layout of that event: see EventLayout. */
  enterLayout = 0;
  enterCopy: Buffer | undefined = undefined;
  /** In the list of threads whose enter event must be saved before the window moves. */
  enterListed = false;

  constructor(family: Family, tid: number, process: ProcessState) {
    this.family = family;
    this.tid = tid;
    this.process = process;
    this.vtid = tid;
  }

  get pid(): number {
    return this.process.pid;
  }

  get cwd(): string {
    return this.process.cwd;
  }

  get args(): readonly string[] {
    return this.process.args;
  }

  get env(): readonly string[] {
    return this.process.env;
  }

  get cgroup(): string {
    return this.process.cgroup;
  }

  get container(): Container {
    const { containerId } = this.process;
    return containerId === '' ? HOST : this.family.containerOf(containerId);
  }

  get isMain(): boolean {
    return this.tid === this.process.pid;
  }

  get descriptors(): ReadonlyMap<number, CapturedFd> {
    return this.process.descriptors.map;
  }

  threadCount(): number {
    return this.process.threads;
  }

  childCount(): number {
    return this.process.children?.size ?? 0;
  }

  parent(): CapturedThread | undefined {
    const ppid = this.process.main?.ppid ?? this.ppid;
    return ppid <= 0 || ppid === this.process.pid ? undefined : this.family.find(ppid);
  }

  /** Takes over what a clone copies; identity is set by the caller. */
  inherit(parent: CapturedThread): void {
    this.ppid = parent.pid;
    this.sid = parent.sid;
    this.pgid = parent.pgid;
    this.vpgid = parent.vpgid;
    this.comm = parent.comm;
    this.exe = parent.exe;
    this.exePath = parent.exePath;
    this.tty = parent.tty;
    this.uid = parent.uid;
    this.gid = parent.gid;
    this.loginUid = parent.loginUid;
    this.capEffective = parent.capEffective;
    this.capPermitted = parent.capPermitted;
    this.capInheritable = parent.capInheritable;
    this.exeWritable = parent.exeWritable;
    this.exeUpperLayer = parent.exeUpperLayer;
    this.exeLowerLayer = parent.exeLowerLayer;
    this.exeFromMemfd = parent.exeFromMemfd;
    this.exeInode = parent.exeInode;
    this.exeInodeCtimeNs = parent.exeInodeCtimeNs;
    this.exeInodeMtimeNs = parent.exeInodeMtimeNs;
    this.pidNamespaceStartNs = parent.pidNamespaceStartNs;
    this.resources.fdLimit = parent.resources.fdLimit;
  }
}
