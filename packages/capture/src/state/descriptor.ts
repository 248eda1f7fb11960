// An open descriptor of a captured process; also the `FileDescriptor` that rules see.
import type { FdTypeChar, FileDescriptor, SocketEndpoint } from '@guardcell/core';

/** One object per open descriptor. A fork shares it, as the kernel shares the open file; dup makes a copy. */
export class CapturedFd implements FileDescriptor {
  num: number;
  typeChar: FdTypeChar;
  name: string;
  nameRaw: string;
  inode = 0;
  dev = 0;
  openFlags = 0;
  l4proto: FileDescriptor['l4proto'] = '';
  client: SocketEndpoint | undefined = undefined;
  server: SocketEndpoint | undefined = undefined;
  role: 'client' | 'server' | undefined = undefined;
  connected = false;
  /** The event at hand changed the name. */
  nameChanged = false;
  /** Closed by a successful exec. */
  closeOnExec = false;
  /** What it costs in the budget of its table. */
  units = 1;
  /** Local end of a socket that was bound, before it is known which side it is. */
  local: SocketEndpoint | undefined = undefined;

  constructor(num: number, typeChar: FdTypeChar, name: string, nameRaw: string) {
    this.num = num;
    this.typeChar = typeChar;
    this.name = name;
    this.nameRaw = nameRaw;
  }

  copy(num: number): CapturedFd {
    const made = new CapturedFd(num, this.typeChar, this.name, this.nameRaw);
    made.inode = this.inode;
    made.dev = this.dev;
    made.openFlags = this.openFlags;
    made.l4proto = this.l4proto;
    made.client = this.client;
    made.server = this.server;
    made.role = this.role;
    made.connected = this.connected;
    made.local = this.local;
    return made;
  }

  /** Names the socket after its two ends. */
  connectEnds(client: SocketEndpoint, server: SocketEndpoint, role: 'client' | 'server'): void {
    this.client = client;
    this.server = server;
    this.role = role;
    this.typeChar = client.ip.includes(':') || server.ip.includes(':') ? '6' : '4';
    this.rename(`${client.ip}:${client.port}->${server.ip}:${server.port}`);
  }

  /** Names a socket that waits for peers after its own end. */
  listenAt(local: SocketEndpoint): void {
    this.client = undefined;
    this.server = local;
    this.role = 'server';
    this.typeChar = local.ip.includes(':') ? '6' : '4';
    this.rename(`${local.ip}:${local.port}`);
  }

  rename(name: string): void {
    this.nameChanged = this.name !== name;
    this.name = name;
  }
}

/** The kinds of descriptor in fd lists, by number; sockets have layouts of their own. */
export const LISTED_KINDS: Readonly<Record<number, FdTypeChar>> = {
  1: 'f',
  2: 'd',
  7: 'p',
  9: 'e',
  10: 'o',
  11: 's',
  12: 'l',
  13: 'i',
  14: 't',
  15: 'n',
  16: 'f',
  17: 'b',
  18: 'o',
  19: 'r',
  20: 'm',
  21: 'P',
};
