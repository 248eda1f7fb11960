// State of a thread as rules see it. Sensor, capture replay and tests all supply this shape.
import type { Container } from '../container.ts';
import type { FileDescriptor } from './file-descriptor.ts';

/** Figures that producers may know of a thread's process; memory in KiB, faults as counts since its start. */
export interface ThreadResources {
  readonly vmSizeKib: number;
  readonly vmRssKib: number;
  readonly vmSwapKib: number;
  readonly majorFaults: number;
  readonly minorFaults: number;
  /** Limit of open descriptors; -1 while unknown. */
  readonly fdLimit: number;
}

/** What is plain data in a thread. The meaning of each member is that of the Falco field beside it. */
export interface ThreadFacts {
  /** thread.tid / proc.pid / proc.ppid, in the host's pid namespace. */
  readonly tid: number;
  readonly pid: number;
  readonly ppid: number;
  /** thread.vtid / proc.vpid: in the thread's own pid namespace. */
  readonly vtid: number;
  readonly vpid: number;
  /** proc.sid, proc.pgid, proc.vpgid. */
  readonly sid: number;
  readonly pgid: number;
  readonly vpgid: number;
  /** proc.name: at most 15 bytes, the kernel's comm. */
  readonly comm: string;
  /** proc.exe: argv[0]. */
  readonly exe: string;
  /** proc.exepath: path of the executable, resolved by the kernel. */
  readonly exePath: string;
  /** argv[1…]. */
  readonly args: readonly string[];
  /** `KEY=value`; empty when not captured. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** proc.tty: device number of the controlling terminal, 0 for none. */
  readonly tty: number;
  readonly uid: number;
  readonly gid: number;
  /** user.loginuid: 4294967295 when unset is given as -1. */
  readonly loginUid: number;
  readonly capEffective: bigint;
  readonly capPermitted: bigint;
  readonly capInheritable: bigint;
  readonly exeWritable: boolean;
  /** The executable lies in the overlay's upper layer, so it did not come with the image. */
  readonly exeUpperLayer: boolean;
  readonly exeLowerLayer: boolean;
  readonly exeFromMemfd: boolean;
  readonly exeInode: number;
  readonly exeInodeCtimeNs: bigint;
  readonly exeInodeMtimeNs: bigint;
  /** Wall clock, ns since 1970. */
  readonly startTimeNs: bigint;
  readonly cgroup: string;
  /** Start of the first process of the thread's pid namespace, ns since 1970; left out where unknown. */
  readonly pidNamespaceStartNs?: bigint | undefined;
}

/**
 * A thread at the time of an event.
 * Implementations may be mutable and reused: a consumer copies what it wants to keep (`threadFacts`).
 */
export interface Thread extends ThreadFacts {
  readonly container: Container;
  /** proc.vmsize, thread.pfmajor … ; left out by producers that do not follow them. */
  readonly resources?: ThreadResources | undefined;
  /** Open descriptors of the process by number, for proc.stdin.*, fd.types and proc.fdopencount. */
  readonly descriptors?: ReadonlyMap<number, FileDescriptor> | undefined;
  /** proc.nthreads and proc.nchilds. */
  threadCount?(): number;
  childCount?(): number;
  /** The parent process's main thread, or undefined at the top or when unknown. */
  parent(): Thread | undefined;
}

/** A copy of the facts, whatever the thread is made of. */
export function threadFacts(thread: ThreadFacts): ThreadFacts {
  return {
    tid: thread.tid,
    pid: thread.pid,
    ppid: thread.ppid,
    vtid: thread.vtid,
    vpid: thread.vpid,
    sid: thread.sid,
    pgid: thread.pgid,
    vpgid: thread.vpgid,
    comm: thread.comm,
    exe: thread.exe,
    exePath: thread.exePath,
    args: thread.args,
    env: thread.env,
    cwd: thread.cwd,
    tty: thread.tty,
    uid: thread.uid,
    gid: thread.gid,
    loginUid: thread.loginUid,
    capEffective: thread.capEffective,
    capPermitted: thread.capPermitted,
    capInheritable: thread.capInheritable,
    exeWritable: thread.exeWritable,
    exeUpperLayer: thread.exeUpperLayer,
    exeLowerLayer: thread.exeLowerLayer,
    exeFromMemfd: thread.exeFromMemfd,
    exeInode: thread.exeInode,
    exeInodeCtimeNs: thread.exeInodeCtimeNs,
    exeInodeMtimeNs: thread.exeInodeMtimeNs,
    startTimeNs: thread.startTimeNs,
    cgroup: thread.cgroup,
    pidNamespaceStartNs: thread.pidNamespaceStartNs,
  };
}

/** Of a thread of which nothing is known. */
export const NO_THREAD_FACTS: ThreadFacts = {
  tid: 0,
  pid: 0,
  ppid: 0,
  vtid: 0,
  vpid: 0,
  sid: 0,
  pgid: 0,
  vpgid: 0,
  comm: '',
  exe: '',
  exePath: '',
  args: [],
  env: [],
  cwd: '',
  tty: 0,
  uid: 0,
  gid: 0,
  loginUid: -1,
  capEffective: 0n,
  capPermitted: 0n,
  capInheritable: 0n,
  exeWritable: false,
  exeUpperLayer: false,
  exeLowerLayer: false,
  exeFromMemfd: false,
  exeInode: 0,
  exeInodeCtimeNs: 0n,
  exeInodeMtimeNs: 0n,
  startTimeNs: 0n,
  cgroup: '',
};
