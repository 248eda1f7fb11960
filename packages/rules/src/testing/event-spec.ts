// Short descriptions of events, for tests of rules. The README says what each key means.

export interface ProcessSpec {
  readonly name?: string;
  readonly exe?: string;
  readonly exePath?: string;
  /** A text is split at blanks. */
  readonly args?: readonly string[] | string;
  readonly cmdline?: string;
  readonly cwd?: string;
  readonly env?: readonly string[] | Readonly<Record<string, string>>;
  readonly tty?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly loginUid?: number;
  readonly pid?: number;
  readonly vpid?: number;
  readonly sid?: number;
  readonly pgid?: number;
  readonly vpgid?: number;
  /** Names, or `all`. */
  readonly capabilities?: readonly string[] | 'all';
  readonly exeWritable?: boolean;
  readonly exeUpperLayer?: boolean;
  readonly exeLowerLayer?: boolean;
  readonly exeFromMemfd?: boolean;
  readonly startedMsAgo?: number;
  /** Nearest first. */
  readonly parents?: readonly ProcessSpec[];
}

export interface FdSpec {
  readonly num?: number;
  /** `file`, `ipv4`, … or the letter of fd.typechar. */
  readonly type?: string;
  readonly name?: string;
  readonly nameRaw?: string;
  readonly l4proto?: 'tcp' | 'udp' | 'icmp' | 'raw' | '';
  /** `address:port`. */
  readonly client?: string;
  readonly server?: string;
  readonly role?: 'client' | 'server';
  readonly connected?: boolean;
  readonly nameChanged?: boolean;
}

export interface MountSpec {
  readonly source: string;
  readonly destination: string;
  readonly readOnly?: boolean;
}

export interface ContainerSpec {
  readonly id?: string;
  readonly name?: string;
  readonly image?: string;
  readonly digest?: string;
  readonly privileged?: boolean;
  readonly networkMode?: string;
  readonly mounts?: readonly MountSpec[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly pod?: string;
  readonly podLabels?: Readonly<Record<string, string>>;
}

export type ParamSpec = string | number | boolean | readonly string[] | Uint8Array;

export interface EventSpec {
  readonly type: string;
  /** A number or the name of an error. */
  readonly result?: number | string;
  readonly num?: number;
  readonly timeNs?: bigint;
  readonly fd?: FdSpec;
  readonly params?: Readonly<Record<string, ParamSpec>>;
  readonly path?: string;
  readonly targetPath?: string;
  readonly process?: ProcessSpec;
  readonly container?: 'host' | ContainerSpec;
}
