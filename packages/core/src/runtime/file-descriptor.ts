// What an event's file descriptor refers to, as `fd.*` fields see it.

/** The letters of `fd.typechar`. */
export type FdTypeChar =
  | 'f' // regular file
  | 'd' // directory
  | '4' // IPv4 socket
  | '6' // IPv6 socket
  | 'u' // unix socket
  | 'p' // pipe
  | 'e' // eventfd
  | 's' // signalfd
  | 'l' // eventpoll
  | 'i' // inotify
  | 't' // timerfd
  | 'b' // bpf
  | 'r' // io_uring
  | 'm' // memfd
  | 'P' // pidfd
  | 'n' // netlink
  | 'o'; // other

export interface SocketEndpoint {
  /** Dotted or RFC 5952 text. */
  readonly ip: string;
  readonly port: number;
}

export interface FileDescriptor {
  /** -1 when the call failed. */
  readonly num: number;
  readonly typeChar: FdTypeChar;
  /** fd.name: resolved absolute path; `cip:cport->sip:sport`; `:::port` for listeners; path of a unix socket. */
  readonly name: string;
  /** fd.nameraw: the path as the program gave it. */
  readonly nameRaw: string;
  readonly inode: number;
  readonly dev: number;
  readonly openFlags: number;
  readonly l4proto: 'tcp' | 'udp' | 'icmp' | 'raw' | '';
  /** Client and server side of a connected socket; for a listener only `server`. */
  readonly client?: SocketEndpoint | undefined;
  readonly server?: SocketEndpoint | undefined;
  /** Which side this process is; undefined while unknown. */
  readonly role?: 'client' | 'server' | undefined;
  /** fd.connected / fd.name_changed. */
  readonly connected: boolean;
  readonly nameChanged: boolean;
}
