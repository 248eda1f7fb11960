// What a capture says of the machine before its first event, as plain data; where it comes from is not our business here.

/** One address of a network interface. */
export interface InterfaceEntry {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  /** Only IPv4 has one; empty otherwise. */
  readonly broadcast: string;
}

export interface UserEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
}

export interface MachineFacts {
  readonly hostname: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly maxPid: number;
  /** Boot, ns since 1970. */
  readonly bootTimeNs: bigint;
  readonly interfaces: readonly InterfaceEntry[];
  readonly users: readonly UserEntry[];
  readonly groups: readonly GroupEntry[];
}

/** A thread that exists when the capture begins. Members mean what those of core's `Thread` mean. */
export interface ThreadEntry {
  readonly tid: number;
  readonly pid: number;
  readonly ppid: number;
  readonly vtid: number;
  readonly vpid: number;
  readonly sid: number;
  readonly pgid: number;
  readonly vpgid: number;
  readonly comm: string;
  readonly exe: string;
  readonly exePath: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly root: string;
  readonly tty: number;
  readonly uid: number;
  readonly gid: number;
  readonly loginUid: number;
  readonly capEffective: bigint;
  readonly capPermitted: bigint;
  readonly capInheritable: bigint;
  readonly exeWritable: boolean;
  readonly exeUpperLayer: boolean;
  readonly exeLowerLayer: boolean;
  readonly exeFromMemfd: boolean;
  readonly exeInode: number;
  readonly exeInodeCtimeNs: bigint;
  readonly exeInodeMtimeNs: bigint;
  readonly cgroup: string;
  /** KiB, as in /proc. */
  readonly vmSizeKib: number;
  readonly vmRssKib: number;
  readonly vmSwapKib: number;
  readonly majorFaults: number;
  readonly minorFaults: number;
  readonly fdLimit: number;
}

/** A descriptor that is open when the capture begins. */
export type DescriptorEntry =
  | {
      readonly kind: 'file' | 'directory' | 'fifo' | 'other';
      readonly fd: number;
      readonly inode: number;
      /** Path, or what /proc calls it: `pipe:[17]`, `anon_inode:[eventpoll]`. */
      readonly name: string;
      /** Of the event table, see `flags` of open. */
      readonly openFlags: number;
      readonly dev: number;
    }
  | {
      readonly kind: 'connection';
      readonly fd: number;
      readonly inode: number;
      readonly local: { readonly ip: string; readonly port: number };
      readonly remote: { readonly ip: string; readonly port: number };
      readonly l4proto: SocketProtocol;
    }
  | {
      readonly kind: 'listener';
      readonly fd: number;
      readonly inode: number;
      readonly local: { readonly ip: string; readonly port: number };
      readonly l4proto: SocketProtocol;
    }
  | { readonly kind: 'unix'; readonly fd: number; readonly inode: number; readonly path: string };

export type SocketProtocol = 'tcp' | 'udp' | 'icmp' | 'raw' | '';

/** Descriptors of one process; threads share those of their process. */
export interface DescriptorTable {
  readonly pid: number;
  readonly descriptors: readonly DescriptorEntry[];
}

export interface ProcessSnapshot {
  readonly threads: readonly ThreadEntry[];
  readonly tables: readonly DescriptorTable[];
  /** Processes and descriptors that were left out because there were too many. */
  readonly leftOut: number;
}
