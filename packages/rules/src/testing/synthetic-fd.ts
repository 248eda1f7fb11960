// File descriptors made of short descriptions.
import type { FdTypeChar, FileDescriptor, SocketEndpoint } from '@guardcell/core';
import type { FdSpec } from './event-spec.ts';

const TYPE_CHARS: Readonly<Record<string, FdTypeChar>> = {
  file: 'f',
  directory: 'd',
  ipv4: '4',
  ipv6: '6',
  unix: 'u',
  pipe: 'p',
  event: 'e',
  eventfd: 'e',
  signalfd: 's',
  eventpoll: 'l',
  inotify: 'i',
  timerfd: 't',
  bpf: 'b',
  io_uring: 'r',
  memfd: 'm',
  pidfd: 'P',
  netlink: 'n',
  other: 'o',
};

const SERVER_TYPES: ReadonlySet<string> = new Set(['accept', 'accept4', 'listen', 'bind']);

/** Undefined when the name of the type is not known. */
export function typeCharOf(name: string): FdTypeChar | undefined {
  return TYPE_CHARS[name] ?? Object.values(TYPE_CHARS).find((letter) => letter === name);
}

/** `10.0.0.5:4000`, `[::1]:80`; undefined when it is neither. */
function parseEndpoint(text: string): SocketEndpoint | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  return { ip: match[1] ?? match[2] ?? '', port: Number(match[3]) };
}

function guessType(spec: FdSpec): FdTypeChar {
  const end = spec.server ?? spec.client;
  if (end !== undefined) return end.startsWith('[') ? '6' : '4';
  return 'f';
}

function endpointText(end: SocketEndpoint): string {
  return `${end.ip}:${end.port}`;
}

export function syntheticFd(spec: FdSpec, eventType: string, result: number | undefined): FileDescriptor {
  const typeChar = spec.type === undefined ? guessType(spec) : (typeCharOf(spec.type) ?? 'o');
  const isSocket = typeChar === '4' || typeChar === '6';
  const serves = SERVER_TYPES.has(eventType);
  const server = spec.server === undefined ? undefined : parseEndpoint(spec.server);
  const listener = eventType === 'listen' || eventType === 'bind';
  const defaultClient: SocketEndpoint = { ip: typeChar === '6' ? 'fd00::2' : '172.17.0.2', port: 40_000 };
  const given = spec.client === undefined ? undefined : parseEndpoint(spec.client);
  const client = given ?? (isSocket && server !== undefined && !listener ? defaultClient : undefined);
  const failed = result !== undefined && result < 0;
  const name = spec.name ?? socketName(client, server);
  return {
    num: spec.num ?? (failed ? -1 : (result ?? 3)),
    typeChar,
    name,
    nameRaw: spec.nameRaw ?? name,
    inode: 4242,
    dev: 0x801,
    openFlags: 0,
    l4proto: spec.l4proto ?? (isSocket ? 'tcp' : ''),
    connected: spec.connected ?? true,
    nameChanged: spec.nameChanged ?? false,
    ...(client === undefined ? {} : { client }),
    ...(server === undefined ? {} : { server }),
    ...(isSocket ? { role: spec.role ?? (serves ? 'server' : 'client') } : {}),
  };
}

function socketName(client: SocketEndpoint | undefined, server: SocketEndpoint | undefined): string {
  if (client !== undefined && server !== undefined) return `${endpointText(client)}->${endpointText(server)}`;
  return server === undefined ? '' : endpointText(server);
}
