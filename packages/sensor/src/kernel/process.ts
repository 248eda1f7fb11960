// State of one process, kept from its exec, fork and exit events. It is also the `Thread` that rules see for events of
// its main thread; `ThreadView` stands for its other threads.
import type { Container, Thread } from '@guardcell/core';
import {
  HEADER_SIZE,
  LAYER_LOWER,
  LAYER_MEMFD,
  LAYER_UPPER,
  PROCESS_CAP_EFFECTIVE,
  PROCESS_CAP_INHERITABLE,
  PROCESS_CAP_PERMITTED,
  PROCESS_EXE_CTIME_NSEC,
  PROCESS_EXE_CTIME_SEC,
  PROCESS_EXE_GID,
  PROCESS_EXE_INODE,
  PROCESS_EXE_LAYER,
  PROCESS_EXE_MODE,
  PROCESS_EXE_MTIME_NSEC,
  PROCESS_EXE_MTIME_SEC,
  PROCESS_EXE_UID,
  PROCESS_LOGIN_UID,
  PROCESS_MNT_NS,
  PROCESS_PGID,
  PROCESS_PID_NS,
  PROCESS_SID,
  PROCESS_TTY,
  PROCESS_VPGID,
} from './layout.generated.ts';
import type { RecordView } from './record.ts';

/** Bit of CAP_DAC_OVERRIDE in a capability set. */
const CAP_DAC_OVERRIDE = 1n << 1n;

/** What a process needs from the table it lives in. */
export interface ProcessWorld {
  containerOf(cgroup: number): Container;
  cgroupPath(cgroup: number): string;
  find(pid: number): Process | undefined;
  wallClockNs(bootNs: number): bigint;
  /** Start since boot of the first process of a pid namespace, undefined when unknown. */
  initStartNs(pidNamespace: number): number | undefined;
}

export class Process implements Thread {
  readonly world: ProcessWorld;
  readonly pid: number;
  /** Start of the process since boot, ns; with the pid it is the identity. */
  startBootNs: number;
  /** False while the start is only known to 10 ms, from /proc. */
  isStartExact = true;
  /** Boot time of the exit, 0 while it runs. */
  exitedBootNs = 0;
  cgroupId = 0;
  ppid = 0;
  vpid = 0;
  sid = 0;
  pgid = 0;
  vpgid = 0;
  comm = '';
  exe = '';
  exePath = '';
  args: readonly string[] = [];
  env: readonly string[] = [];
  cwd = '';
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
  pidNamespace = 0;
  mountNamespace = 0;
  /** The four words of the comm last seen, to notice a change without decoding. */
  readonly commWords = new Int32Array(4);

  constructor(world: ProcessWorld, pid: number, startBootNs: number) {
    this.world = world;
    this.pid = pid;
    this.startBootNs = startBootNs;
  }

  get tid(): number {
    return this.pid;
  }

  get vtid(): number {
    return this.vpid;
  }

  get startTimeNs(): bigint {
    return this.world.wallClockNs(this.startBootNs);
  }

  /** 0 when unknown. */
  get pidNamespaceStartNs(): bigint {
    const bootNs = this.world.initStartNs(this.pidNamespace);
    return bootNs === undefined ? 0n : this.world.wallClockNs(bootNs);
  }

  get container(): Container {
    return this.world.containerOf(this.cgroupId);
  }

  get cgroup(): string {
    return this.world.cgroupPath(this.cgroupId);
  }

  parent(): Process | undefined {
    return this.ppid === 0 || this.ppid === this.pid ? undefined : this.world.find(this.ppid);
  }

  /** Takes over what a fork copies. */
  inherit(parent: Process): void {
    this.comm = parent.comm;
    this.commWords.set(parent.commWords);
    this.exe = parent.exe;
    this.exePath = parent.exePath;
    this.args = parent.args;
    this.env = parent.env;
    this.cwd = parent.cwd;
    this.uid = parent.uid;
    this.gid = parent.gid;
    this.cgroupId = parent.cgroupId;
  }

  /** Applies a record's gc_process (slot 0). */
  applyState(record: RecordView): void {
    const at = HEADER_SIZE;
    this.capEffective = record.big(at + PROCESS_CAP_EFFECTIVE);
    this.capPermitted = record.big(at + PROCESS_CAP_PERMITTED);
    this.capInheritable = record.big(at + PROCESS_CAP_INHERITABLE);
    this.sid = record.u32(at + PROCESS_SID);
    this.pgid = record.u32(at + PROCESS_PGID);
    this.vpgid = record.u32(at + PROCESS_VPGID);
    this.loginUid = record.i32(at + PROCESS_LOGIN_UID);
    this.tty = record.u32(at + PROCESS_TTY);
    this.pidNamespace = record.u32(at + PROCESS_PID_NS);
    this.mountNamespace = record.u32(at + PROCESS_MNT_NS);
    const layer = record.u32(at + PROCESS_EXE_LAYER);
    this.exeUpperLayer = (layer & LAYER_UPPER) !== 0;
    this.exeLowerLayer = (layer & LAYER_LOWER) !== 0;
    this.exeFromMemfd = (layer & LAYER_MEMFD) !== 0;
    this.exeInode = record.u64(at + PROCESS_EXE_INODE);
    this.exeInodeCtimeNs = timeNs(record, PROCESS_EXE_CTIME_SEC, PROCESS_EXE_CTIME_NSEC);
    this.exeInodeMtimeNs = timeNs(record, PROCESS_EXE_MTIME_SEC, PROCESS_EXE_MTIME_NSEC);
    this.exeWritable = isWritable(record, this.uid, this.gid, this.capEffective);
  }
}

function timeNs(record: RecordView, seconds: number, rest: number): bigint {
  return record.big(HEADER_SIZE + seconds) * 1_000_000_000n + BigInt(record.u32(HEADER_SIZE + rest));
}

/** Whether this user may change the executable, by owner, group, mode and CAP_DAC_OVERRIDE. */
function isWritable(record: RecordView, uid: number, gid: number, effective: bigint): boolean {
  if ((effective & CAP_DAC_OVERRIDE) !== 0n) return true;
  const mode = record.u32(HEADER_SIZE + PROCESS_EXE_MODE);
  // an owner can give himself the right to write
  if (record.u32(HEADER_SIZE + PROCESS_EXE_UID) === uid) return true;
  if (record.u32(HEADER_SIZE + PROCESS_EXE_GID) === gid) return (mode & 0o020) !== 0;
  return (mode & 0o002) !== 0;
}

/** A thread that is not the main one: its own tid and comm, everything else from its process. One object is reused. */
export class ThreadView implements Thread {
  process: Process;
  tid = 0;
  vtid = 0;
  comm = '';

  constructor(process: Process) {
    this.process = process;
  }

  get pid(): number {
    return this.process.pid;
  }
  get ppid(): number {
    return this.process.ppid;
  }
  get vpid(): number {
    return this.process.vpid;
  }
  get sid(): number {
    return this.process.sid;
  }
  get pgid(): number {
    return this.process.pgid;
  }
  get vpgid(): number {
    return this.process.vpgid;
  }
  get exe(): string {
    return this.process.exe;
  }
  get exePath(): string {
    return this.process.exePath;
  }
  get args(): readonly string[] {
    return this.process.args;
  }
  get env(): readonly string[] {
    return this.process.env;
  }
  get cwd(): string {
    return this.process.cwd;
  }
  get tty(): number {
    return this.process.tty;
  }
  get uid(): number {
    return this.process.uid;
  }
  get gid(): number {
    return this.process.gid;
  }
  get loginUid(): number {
    return this.process.loginUid;
  }
  get capEffective(): bigint {
    return this.process.capEffective;
  }
  get capPermitted(): bigint {
    return this.process.capPermitted;
  }
  get capInheritable(): bigint {
    return this.process.capInheritable;
  }
  get exeWritable(): boolean {
    return this.process.exeWritable;
  }
  get exeUpperLayer(): boolean {
    return this.process.exeUpperLayer;
  }
  get exeLowerLayer(): boolean {
    return this.process.exeLowerLayer;
  }
  get exeFromMemfd(): boolean {
    return this.process.exeFromMemfd;
  }
  get exeInode(): number {
    return this.process.exeInode;
  }
  get exeInodeCtimeNs(): bigint {
    return this.process.exeInodeCtimeNs;
  }
  get exeInodeMtimeNs(): bigint {
    return this.process.exeInodeMtimeNs;
  }
  get startTimeNs(): bigint {
    return this.process.startTimeNs;
  }
  get pidNamespaceStartNs(): bigint {
    return this.process.pidNamespaceStartNs;
  }
  get cgroup(): string {
    return this.process.cgroup;
  }
  get container(): Container {
    return this.process.container;
  }
  parent(): Process | undefined {
    return this.process.parent();
  }
}
