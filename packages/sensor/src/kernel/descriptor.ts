// Builds `fd.*` facts from a record's descriptor: files by path, sockets by both ends.
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  addressText,
  type FdTypeChar,
  type FileDescriptor,
  type SocketEndpoint,
} from '@guardcell/core';
import { openFlags, PPM_FD_LOWER_LAYER, PPM_FD_UPPER_LAYER, PPM_O_F_CREATED, userDevice } from './flags.ts';
import {
  DESCRIPTOR_CREATED,
  DESCRIPTOR_DEV,
  DESCRIPTOR_FAMILY,
  DESCRIPTOR_INODE,
  DESCRIPTOR_KIND,
  DESCRIPTOR_LAYER,
  DESCRIPTOR_LOCAL_ADDRESS,
  DESCRIPTOR_LOCAL_PORT,
  DESCRIPTOR_MODE,
  DESCRIPTOR_OPEN_FLAGS,
  DESCRIPTOR_PROTOCOL,
  DESCRIPTOR_REMOTE_ADDRESS,
  DESCRIPTOR_REMOTE_PORT,
  DESCRIPTOR_SOCKET,
  DESCRIPTOR_STATE,
  DESCRIPTOR_TYPE,
  FD_SOCKET,
  FLAG_FD_DELETED,
  FLAG_NAME_CHANGED,
  HEADER_SIZE,
  LAYER_LOWER,
  LAYER_UPPER,
} from './layout.generated.ts';
import type { RecordView } from './record.ts';

const AF_NETLINK = 16;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const TCP_ESTABLISHED = 1;
const TCP_LISTEN = 10;

export type Role = 'client' | 'server' | undefined;

export interface SocketAddress extends SocketEndpoint {
  readonly family: number;
  /** Path of a unix socket, `@name` for an abstract one. */
  readonly path: string;
}

/** A struct sockaddr as a program passed it; undefined when it is too short or of another family. */
export function socketAddress(bytes: Uint8Array): SocketAddress | undefined {
  const family = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
  const port = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  if (family === AF_INET && bytes.length >= 8)
    return { family, ip: addressText(bytes, 4, family), port, path: '' };
  if (family === AF_INET6 && bytes.length >= 24)
    return { family, ip: addressText(bytes, 8, family), port, path: '' };
  if (family !== AF_UNIX) return undefined;
  const isAbstract = bytes[2] === 0;
  const start = isAbstract ? 3 : 2;
  const end = bytes.indexOf(0, start);
  const name = Buffer.from(bytes.subarray(start, end < 0 ? bytes.length : end)).toString('utf8');
  return { family, ip: '', port: 0, path: isAbstract && name !== '' ? `@${name}` : name };
}

function fileType(mode: number, path: string): FdTypeChar {
  if (path.startsWith('[eventfd')) return 'e';
  if (path.startsWith('[eventpoll')) return 'l';
  if (path.startsWith('[signalfd')) return 's';
  if (path.startsWith('[timerfd')) return 't';
  if (path.startsWith('inotify')) return 'i';
  if (path.startsWith('[io_uring')) return 'r';
  if (path.startsWith('[pidfd') || path.startsWith('pidfd:')) return 'P';
  if (path.startsWith('bpf')) return 'b';
  if (path.startsWith('memfd:')) return 'm';
  switch (mode & 0o170000) {
    case 0o040000:
      return 'd';
    case 0o010000:
      return 'p';
    case 0:
      return 'o';
    default:
      return 'f';
  }
}

function protocolOf(type: number, protocol: number): FileDescriptor['l4proto'] {
  if (protocol === 1 || protocol === 58) return 'icmp';
  if (type === SOCK_STREAM) return 'tcp';
  if (type === SOCK_DGRAM) return 'udp';
  return type === SOCK_RAW ? 'raw' : '';
}

/** Sides that sockets were seen on, by the kernel's socket; bounded. */
export interface RoleMemory {
  get(socket: number): Role;
  set(socket: number, role: Role): void;
}

export function roleMemory(limit = 8192): RoleMemory {
  const roles = new Map<number, Role>();
  return {
    get: (socket) => roles.get(socket),
    set: (socket, role) => {
      roles.delete(socket);
      roles.set(socket, role);
      if (roles.size <= limit) return;
      const [oldest] = roles.keys();
      if (oldest !== undefined) roles.delete(oldest);
    },
  };
}

/** The kernel's own identity of the record's socket, as a number (the upper 16 bits of the address are all ones). */
export function socketIdentity(record: RecordView): number {
  return (
    record.u32(HEADER_SIZE + DESCRIPTOR_SOCKET) +
    (record.u32(HEADER_SIZE + DESCRIPTOR_SOCKET + 4) & 0xffff) * 2 ** 32
  );
}

export function isSocket(record: RecordView): boolean {
  return record.u16(HEADER_SIZE + DESCRIPTOR_KIND) === FD_SOCKET;
}

export function isDatagram(record: RecordView): boolean {
  return record.u16(HEADER_SIZE + DESCRIPTOR_TYPE) === SOCK_DGRAM;
}

/** A file's descriptor. `path` is resolved, `nameRaw` as the program gave it. */
export function fileDescriptor(
  record: RecordView,
  num: number,
  path: string,
  nameRaw: string,
): FileDescriptor {
  const isDeleted = (record.flags & FLAG_FD_DELETED) !== 0;
  const mode = record.u32(HEADER_SIZE + DESCRIPTOR_MODE);
  return {
    num,
    typeChar: num < 0 ? 'f' : fileType(mode, path),
    name: isDeleted && path.startsWith('/') ? `${path} (deleted)` : path,
    nameRaw,
    inode: record.u64(HEADER_SIZE + DESCRIPTOR_INODE),
    dev: userDevice(record.u32(HEADER_SIZE + DESCRIPTOR_DEV)),
    openFlags: openFlags(record.u32(HEADER_SIZE + DESCRIPTOR_OPEN_FLAGS)),
    l4proto: '',
    connected: false,
    nameChanged: false,
  };
}

/** Bits of the event table that tell how the file came to be: created, upper or lower overlay layer. */
export function fileOriginFlags(record: RecordView): number {
  const layer = record.u16(HEADER_SIZE + DESCRIPTOR_LAYER);
  return (
    (record.u32(HEADER_SIZE + DESCRIPTOR_CREATED) === 0 ? 0 : PPM_O_F_CREATED) |
    ((layer & LAYER_UPPER) === 0 ? 0 : PPM_FD_UPPER_LAYER) |
    ((layer & LAYER_LOWER) === 0 ? 0 : PPM_FD_LOWER_LAYER)
  );
}

/**
 * A socket's descriptor. `given` is the address that the program passed, which counts where the kernel's socket does
 * not know one (a failed connect). `role` is the side this process is on, if known.
 */
export function socketDescriptor(
  record: RecordView,
  num: number,
  role: Role,
  given: SocketAddress | undefined,
  unixPath: string,
): FileDescriptor {
  const family = record.u16(HEADER_SIZE + DESCRIPTOR_FAMILY);
  const type = record.u16(HEADER_SIZE + DESCRIPTOR_TYPE);
  const state = record.u16(HEADER_SIZE + DESCRIPTOR_STATE);
  const base = {
    num,
    nameRaw: '',
    inode: record.u64(HEADER_SIZE + DESCRIPTOR_INODE),
    dev: 0,
    openFlags: 0,
    connected: state === TCP_ESTABLISHED,
    nameChanged: (record.flags & FLAG_NAME_CHANGED) !== 0,
  } as const;
  if (family === AF_UNIX || (family === 0 && given?.family === AF_UNIX)) {
    const path = unixPath === '' || unixPath === '@' ? (given?.path ?? '') : unixPath;
    return { ...base, typeChar: 'u', name: path, nameRaw: path, l4proto: '' };
  }
  if (family !== AF_INET && family !== AF_INET6) {
    return { ...base, typeChar: family === AF_NETLINK ? 'n' : 'o', name: '', l4proto: '' };
  }
  const l4proto = protocolOf(type, record.u16(HEADER_SIZE + DESCRIPTOR_PROTOCOL));
  const local = endpoint(record, DESCRIPTOR_LOCAL_ADDRESS, DESCRIPTOR_LOCAL_PORT, family);
  const kernelRemote = endpoint(record, DESCRIPTOR_REMOTE_ADDRESS, DESCRIPTOR_REMOTE_PORT, family);
  const remote =
    kernelRemote.port === 0 && given !== undefined && given.family !== AF_UNIX ? given : kernelRemote;
  const typeChar =
    local.ip.includes(':') || remote.ip.includes(':') ? (remote.ip.includes('.') ? '4' : '6') : '4';
  if (state === TCP_LISTEN || (role === 'server' && remote.port === 0)) {
    return { ...base, typeChar, name: `${local.ip}:${local.port}`, l4proto, server: local, role: 'server' };
  }
  if (remote.port === 0 && local.port === 0 && l4proto !== 'icmp' && l4proto !== 'raw') {
    return { ...base, typeChar: family === AF_INET ? '4' : '6', name: '', l4proto };
  }
  const [client, server] = role === 'server' ? [remote, local] : [local, remote];
  return {
    ...base,
    typeChar,
    name: `${client.ip}:${client.port}->${server.ip}:${server.port}`,
    l4proto,
    client: { ip: client.ip, port: client.port },
    server: { ip: server.ip, port: server.port },
    ...(role === undefined ? {} : { role }),
  };
}

function endpoint(record: RecordView, address: number, port: number, family: number): SocketEndpoint {
  return {
    ip: addressText(record.bytes, record.offset + HEADER_SIZE + address, family),
    port: record.u16(HEADER_SIZE + port),
  };
}
