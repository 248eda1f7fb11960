// fd.* of sockets: both ends of a connection as client/server and as local/remote.
import type { FileDescriptor, RuntimeEvent, SocketEndpoint } from '@guardcell/core';
import { serviceName } from '../events/services.ts';
import { type FieldDefinition, known, plainField } from './field.ts';

type Side = 'c' | 's' | 'l' | 'r';
type PickEnd = (fd: FileDescriptor) => SocketEndpoint | undefined;

/** Listeners have neither a local nor a remote end, as in the reference engine: their port is the server's. */
function localEnd(fd: FileDescriptor): SocketEndpoint | undefined {
  if (fd.client === undefined) return undefined;
  return fd.role === 'server' ? fd.server : fd.client;
}

function remoteEnd(fd: FileDescriptor): SocketEndpoint | undefined {
  if (fd.client === undefined) return undefined;
  return fd.role === 'server' ? fd.client : fd.server;
}

const ENDS: Readonly<Record<Side, readonly [string, PickEnd]>> = {
  c: ['client', (fd) => fd.client],
  s: ['server', (fd) => fd.server],
  l: ['local', localEnd],
  r: ['remote', remoteEnd],
};

function bothEnds<T>(event: RuntimeEvent, read: (end: SocketEndpoint) => T): readonly T[] | undefined {
  const fd = event.fd;
  if (fd === undefined) return undefined;
  if (fd.client !== undefined && fd.server !== undefined) return [read(fd.client), read(fd.server)];
  const only = fd.client ?? fd.server;
  return only === undefined ? undefined : [read(only)];
}

const FILTER_ONLY = { filterOnly: true, noRightSide: true, noTransformer: true } as const;

function endFields(side: Side): readonly FieldDefinition[] {
  const [name, pick] = ENDS[side];
  const end = (event: RuntimeEvent): SocketEndpoint | undefined =>
    event.fd === undefined ? undefined : pick(event.fd);
  return [
    plainField(`fd.${side}ip`, 'ip', `Address of the ${name} end.`, (e) => known(end(e)?.ip)),
    plainField(`fd.${side}port`, 'port', `Port of the ${name} end.`, (e) => end(e)?.port),
    plainField(
      `fd.${side}net`,
      'net',
      `Address of the ${name} end, compared with networks.`,
      (e) => known(end(e)?.ip),
      FILTER_ONLY,
    ),
    plainField(`fd.${side}proto`, 'string', `Service name of the ${name} end’s port.`, (e) => {
      const found = end(e);
      return found === undefined ? undefined : serviceName(found.port, e.fd?.l4proto ?? 'tcp');
    }),
    plainField(
      `fd.${side}ip.name`,
      'string',
      `Domain names known for the ${name} end’s address.`,
      (e, env) => {
        const ip = end(e)?.ip;
        const names = ip === undefined || ip === '' ? [] : env.hostNames(ip);
        return names.length === 0 ? undefined : names;
      },
      { multiplicity: 'any', noRightSide: true, noTransformer: true },
    ),
  ];
}

function isSocket(fd: FileDescriptor): boolean {
  return fd.typeChar === '4' || fd.typeChar === '6' || fd.typeChar === 'u';
}

export const SOCKET_FIELDS: readonly FieldDefinition[] = [
  plainField('fd.ip', 'ip', 'Address of either end.', (e) => bothEnds(e, (end) => end.ip), {
    ...FILTER_ONLY,
    multiplicity: 'either',
  }),
  plainField('fd.port', 'port', 'Port of either end.', (e) => bothEnds(e, (end) => end.port), {
    ...FILTER_ONLY,
    multiplicity: 'either',
  }),
  plainField(
    'fd.proto',
    'port',
    'Port of either end, compared with service names.',
    (e) => bothEnds(e, (end) => end.port),
    {
      ...FILTER_ONLY,
      multiplicity: 'either',
    },
  ),
  plainField(
    'fd.net',
    'net',
    'Address of either end, compared with networks.',
    (e) => bothEnds(e, (end) => end.ip),
    {
      ...FILTER_ONLY,
      multiplicity: 'either',
    },
  ),
  ...endFields('c'),
  ...endFields('s'),
  ...endFields('l'),
  ...endFields('r'),
  plainField('fd.l4proto', 'string', 'Transport: tcp, udp, icmp or raw; <NA> for other descriptors.', (e) => {
    if (e.fd === undefined) return undefined;
    return e.fd.l4proto === '' ? '<NA>' : e.fd.l4proto;
  }),
  plainField('fd.sockfamily', 'string', 'ip or unix.', (e) => {
    if (e.fd === undefined || !isSocket(e.fd)) return undefined;
    return e.fd.typeChar === 'u' ? 'unix' : 'ip';
  }),
  plainField('fd.is_server', 'bool', 'Whether this process is the server of the connection.', (e) =>
    e.fd === undefined ? undefined : e.fd.role === 'server' || (isSocket(e.fd) && e.fd.client === undefined),
  ),
  plainField('fd.connected', 'bool', 'Whether the socket is connected.', (e) => e.fd?.connected),
  plainField('fd.name_changed', 'bool', 'Whether this event changed fd.name.', (e) => e.fd?.nameChanged),
];
