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

/**
 * A thread at the time of an event. The meaning of each member is that of the Falco field beside it.
 * Implementations may be mutable and reused: a consumer copies what it wants to keep.
 */
export interface Thread {
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
  readonly container: Container;
  /** Start of the first process of the thread's pid namespace, ns since 1970; left out where unknown. */
  readonly pidNamespaceStartNs?: bigint;
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
