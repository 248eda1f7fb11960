// Sockets: who is client, who is server, and which ends they have.
import { AF_INET, AF_INET6, AF_UNIX, type FileDescriptor } from '@guardcell/core';
import type { ReplayedEvent } from '../read/replayed-event.ts';
import { readAddress, readTuple, type Tuple } from './address.ts';
import { CapturedFd } from './descriptor.ts';
import { addFd } from './file-events.ts';
import type { StateHandler } from './handler.ts';

const AF_NETLINK = 16;
const SOCK_TYPE_MASK = 0xf;
const SOCK_CLOEXEC = 0o2000000;
const EINPROGRESS = 115;
const SO_ERROR = 4;
const PROTOCOLS: Readonly<Record<number, FileDescriptor['l4proto']>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'icmp',
  255: 'raw',
};
const BY_TYPE: Readonly<Record<number, FileDescriptor['l4proto']>> = { 1: 'tcp', 2: 'udp', 3: 'raw' };

function isInternet(fd: CapturedFd): boolean {
  return fd.typeChar === '4' || fd.typeChar === '6';
}

function socketFd(num: number, domain: number, type: number, protocol: number): CapturedFd {
  const fd = new CapturedFd(num, 'o', '', '');
  fd.closeOnExec = (type & SOCK_CLOEXEC) !== 0;
  if (domain === AF_UNIX) fd.typeChar = 'u';
  else if (domain === AF_NETLINK) fd.typeChar = 'n';
  else if (domain === AF_INET || domain === AF_INET6) {
    fd.typeChar = domain === AF_INET ? '4' : '6';
    fd.l4proto = PROTOCOLS[protocol] ?? BY_TYPE[type & SOCK_TYPE_MASK] ?? '';
  }
  return fd;
}

export const socket: StateHandler = (event) => {
  const num = event.result;
  if (num === undefined || num < 0) return;
  const type = event.integer('type') ?? 0;
  addFd(event, socketFd(num, event.integer('domain') ?? 0, type, event.integer('proto') ?? 0));
};

export const socketpair: StateHandler = (event) => {
  if ((event.result ?? -1) < 0) return;
  for (const end of ['fd1', 'fd2']) {
    const num = event.integer(end);
    if (num === undefined || num < 0) continue;
    addFd(event, socketFd(num, event.integer('domain') ?? AF_UNIX, event.integer('type') ?? 0, 0));
  }
};

function tupleOf(event: ReplayedEvent, name: string): Tuple | undefined {
  const bytes = event.raw(name);
  return bytes === undefined ? undefined : readTuple(bytes);
}

function addressOf(event: ReplayedEvent): Tuple | undefined {
  const bytes = event.raw('addr');
  return bytes === undefined ? undefined : readAddress(bytes);
}

/** The event's socket; one that was never seen to be made gets an entry now. */
function socketOf(event: ReplayedEvent): CapturedFd | undefined {
  const known = event.usedFd();
  if (known !== undefined) return known;
  const num = event.integer('fd');
  return num === undefined || num < 0 ? undefined : addFd(event, new CapturedFd(num, 'o', '', ''));
}

export const connect: StateHandler = (event) => {
  const result = event.result ?? -1;
  const tuple = tupleOf(event, 'tuple') ?? addressOf(event);
  const fd = socketOf(event);
  if (fd === undefined) return;
  fd.connected = result >= 0;
  if (tuple === undefined) return;
  if (tuple.family === AF_UNIX) {
    fd.typeChar = 'u';
    fd.rename(tuple.path);
    fd.nameRaw = tuple.path;
    fd.role = 'client';
    return;
  }
  // Without a tuple only the server's address is known.
  const { source, destination } = tuple;
  const client = source.ip === '' ? (fd.local ?? unspecified(tuple.family)) : source;
  fd.connectEnds(client, destination, 'client');
  if (fd.l4proto === '' && result !== -EINPROGRESS) fd.l4proto = 'tcp';
};

function unspecified(family: number): { readonly ip: string; readonly port: number } {
  return { ip: family === AF_INET6 ? '::' : '0.0.0.0', port: 0 };
}

export const bind: StateHandler = (event) => {
  if ((event.result ?? -1) < 0) return;
  const address = addressOf(event);
  const fd = socketOf(event);
  if (fd === undefined || address === undefined) return;
  if (address.family === AF_UNIX) {
    fd.typeChar = 'u';
    fd.rename(address.path);
    fd.nameRaw = address.path;
    return;
  }
  fd.local = address.destination;
  fd.listenAt(address.destination);
};

export const accept: StateHandler = (event) => {
  const num = event.result;
  if (num === undefined || num < 0) return;
  const tuple = tupleOf(event, 'tuple');
  const closeOnExec = ((event.integer('flags') ?? 0) & SOCK_CLOEXEC) !== 0;
  const fd = new CapturedFd(num, 'o', '', '');
  fd.closeOnExec = closeOnExec;
  fd.role = 'server';
  fd.connected = true;
  if (tuple?.family === AF_UNIX) {
    fd.typeChar = 'u';
    fd.name = tuple.path;
    fd.nameRaw = tuple.path;
  } else if (tuple !== undefined) {
    fd.connectEnds(tuple.source, tuple.destination, 'server');
    fd.l4proto = 'tcp';
  }
  addFd(event, fd);
};

/** SO_ERROR without an error ends a connect that was in progress. */
export const getsockopt: StateHandler = (event) => {
  if (event.result !== 0 || event.integer('optname') !== SO_ERROR) return;
  const fd = event.usedFd();
  const value = event.param('val');
  if (fd !== undefined && isInternet(fd) && fd.role === 'client') fd.connected = value === 0;
};

/** send, sendto, sendmsg, sendmmsg on a socket without a fixed peer. */
export const send: StateHandler = (event) => retarget(event, true);

/** recv, recvfrom, recvmsg, recvmmsg on a socket without a fixed peer. */
export const receive: StateHandler = (event) => retarget(event, false);

function retarget(event: ReplayedEvent, sends: boolean): void {
  if ((event.result ?? -1) < 0) return;
  const fd = event.usedFd();
  if (fd === undefined || fd.connected || fd.typeChar === 'f') return;
  const tuple = tupleOf(event, 'tuple');
  if (tuple === undefined) return;
  if (tuple.family === AF_UNIX) {
    if (fd.typeChar !== 'u' || tuple.path === '' || fd.name !== '') return;
    fd.rename(tuple.path);
    fd.nameRaw = tuple.path;
    return;
  }
  // A tuple runs from the sender to the receiver.
  const [local, remote] = sends ? [tuple.source, tuple.destination] : [tuple.destination, tuple.source];
  if (remote.ip === '' || (remote.port === 0 && fd.l4proto === 'tcp')) return;
  const role = fd.role ?? (sends ? 'client' : 'server');
  if (role === 'client') fd.connectEnds(local, remote, role);
  else fd.connectEnds(remote, local, role);
}
