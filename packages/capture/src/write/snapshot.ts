// What a capture says of the machine before its first event, as plain data; where it comes from is not our business here.
import type { ThreadFacts, ThreadResources } from '@guardcell/core';

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

/** A thread that exists when the capture begins; memory in KiB, as in /proc. */
export interface ThreadEntry
  extends Omit<ThreadFacts, 'startTimeNs' | 'pidNamespaceStartNs'>,
    ThreadResources {
  readonly root: string;
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
