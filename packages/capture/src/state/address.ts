// Addresses as captures hold them: bytes in network order, ports in host order.
import { AF_INET, AF_INET6, AF_UNIX, addressText, type SocketEndpoint } from '@guardcell/core';

/** The kernel allows 108 bytes. */
const MAX_UNIX_PATH = 256;

/** A socket address or pair of addresses as a parameter carries it. */
export interface Tuple {
  readonly family: number;
  readonly source: SocketEndpoint;
  readonly destination: SocketEndpoint;
  /** Of unix sockets. */
  readonly path: string;
}

const NOWHERE: SocketEndpoint = { ip: '', port: 0 };

function portAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function endAt(bytes: Uint8Array, at: number, family: number): SocketEndpoint {
  return { ip: addressText(bytes, at, family), port: portAt(bytes, at + (family === AF_INET ? 4 : 16)) };
}

function pathAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('utf8', at, Math.min(end < 0 ? bytes.length : end, at + MAX_UNIX_PATH));
}

/** A pair of addresses; undefined when the bytes are none or too short for their family. */
export function readTuple(bytes: Uint8Array): Tuple | undefined {
  const family = bytes[0];
  if (family === AF_INET && bytes.length >= 13)
    return { family, source: endAt(bytes, 1, family), destination: endAt(bytes, 7, family), path: '' };
  if (family === AF_INET6 && bytes.length >= 37)
    return { family, source: endAt(bytes, 1, family), destination: endAt(bytes, 19, family), path: '' };
  if (family === AF_UNIX && bytes.length >= 17)
    return { family, source: NOWHERE, destination: NOWHERE, path: pathAt(bytes, 17) };
  return undefined;
}

/** One address; undefined when the bytes are none or too short for their family. */
export function readAddress(bytes: Uint8Array): Tuple | undefined {
  const family = bytes[0];
  if (family === AF_INET && bytes.length >= 7)
    return { family, source: NOWHERE, destination: endAt(bytes, 1, family), path: '' };
  if (family === AF_INET6 && bytes.length >= 19)
    return { family, source: NOWHERE, destination: endAt(bytes, 1, family), path: '' };
  if (family === AF_UNIX && bytes.length >= 1)
    return { family, source: NOWHERE, destination: NOWHERE, path: pathAt(bytes, 1) };
  return undefined;
}

/** `a:p->b:q`, or the path of a unix socket. */
export function tupleText(bytes: Uint8Array): string | undefined {
  const tuple = readTuple(bytes);
  if (tuple === undefined) return undefined;
  if (tuple.family === AF_UNIX) return tuple.path;
  const { source, destination } = tuple;
  return `${source.ip}:${source.port}->${destination.ip}:${destination.port}`;
}

/** `a:p`, or the path of a unix socket. */
export function socketAddressText(bytes: Uint8Array): string | undefined {
  const address = readAddress(bytes);
  if (address === undefined) return undefined;
  if (address.family === AF_UNIX) return address.path;
  return `${address.destination.ip}:${address.destination.port}`;
}
