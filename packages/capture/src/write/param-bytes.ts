// Values of event parameters as bytes, by the parameter's type in the event table.
import type { FileDescriptor, ParamValue } from '@guardcell/core';
import type { ByteBuffer } from './byte-buffer.ts';
import { cgroupLines } from './head-blocks.ts';
import { asIpv6, endpointOf, ipBytes } from './ip-address.ts';

const TYPE = {
  charbuf: 9,
  bytebuf: 10,
  sockaddr: 12,
  socktuple: 13,
  fspath: 17,
  dynamic: 27,
  double: 33,
  fsrelpath: 43,
} as const;

/** Bytes of the numeric types. */
const WIDTHS: ReadonlyMap<number, 1 | 2 | 4 | 8> = new Map([
  ...([1, 5, 19, 28, 44] as const).map((type) => [type, 1] as const),
  ...([2, 6, 18, 22, 29, 45] as const).map((type) => [type, 2] as const),
  ...([3, 7, 25, 30, 31, 32, 34, 42, 46, 47, 48] as const).map((type) => [type, 4] as const),
  ...([4, 8, 11, 14, 15, 20, 21] as const).map((type) => [type, 8] as const),
]);

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;

/** Where the parameter stands, for the types that need more than the value. */
export interface ParamPlace {
  readonly name: string;
  readonly type: number;
  /** Most bytes of the value. */
  readonly max: number;
  readonly fd: FileDescriptor | undefined;
}

/** Writes a value, nothing where there is none; returns whether it had to be shortened. */
export function writeParam(out: ByteBuffer, place: ParamPlace, value: ParamValue | undefined): boolean {
  const width = WIDTHS.get(place.type);
  if (width !== undefined) {
    if (typeof value === 'boolean') writeInteger(out, width, value ? 1 : 0);
    else if (typeof value === 'number' || typeof value === 'bigint') writeInteger(out, width, value);
    return false;
  }
  switch (place.type) {
    case TYPE.charbuf:
    case TYPE.fspath:
    case TYPE.fsrelpath:
      return writeText(out, value, place.max);
    case TYPE.bytebuf:
      return writeBytes(out, place, value);
    case TYPE.sockaddr:
      if (typeof value === 'string') writeAddress(out, value, place.fd?.typeChar === 'u', place.max);
      return false;
    case TYPE.socktuple:
      if (place.fd !== undefined) writeTuple(out, place.fd, place.max);
      return false;
    case TYPE.dynamic:
      if (typeof value !== 'number' && typeof value !== 'bigint') return false;
      out.u8(0); // the first of the forms: a plain number
      out.u64(value);
      return false;
    case TYPE.double:
      if (typeof value === 'number') out.raw(new Uint8Array(Float64Array.of(value).buffer));
      return false;
    default:
      return false;
  }
}

/** A zero of the parameter's width, for readers that expect a number; nothing for other types. */
export function writeZero(out: ByteBuffer, type: number): void {
  const width = WIDTHS.get(type);
  if (width !== undefined) out.reserve(width);
}

function writeInteger(out: ByteBuffer, width: 1 | 2 | 4 | 8, value: number | bigint): void {
  if (width === 8) {
    out.u64(typeof value === 'number' ? Math.trunc(value) : value);
    return;
  }
  const small = typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : value;
  if (width === 4) out.u32(small);
  else if (width === 2) out.u16(small);
  else out.u8(small & 0xff);
}

function writeText(out: ByteBuffer, value: ParamValue | undefined, max: number): boolean {
  if (value === undefined || value instanceof Uint8Array) return false;
  const text = typeof value === 'object' ? value.join(' ') : String(value);
  const zero = text.indexOf('\0');
  const rest = out.text(zero < 0 ? text : text.slice(0, zero), max - 1);
  out.u8(0);
  return rest > 0;
}

function writeBytes(out: ByteBuffer, place: ParamPlace, value: ParamValue | undefined): boolean {
  if (value instanceof Uint8Array) {
    out.raw(value.length > place.max ? value.subarray(0, place.max) : value);
    return value.length > place.max;
  }
  if (typeof value === 'string') {
    return place.name === 'cgroups'
      ? writeList(out, cgroupLines(value), place.max)
      : out.text(value, place.max) > 0;
  }
  return typeof value === 'object' ? writeList(out, value, place.max) : false;
}

function writeList(out: ByteBuffer, texts: readonly string[], max: number): boolean {
  const start = out.length;
  for (const text of texts) {
    const room = max - (out.length - start) - 1;
    if (room < 0) return true;
    const rest = out.text(text, room);
    out.u8(0);
    if (rest > 0) return true;
  }
  return false;
}

function writeAddress(out: ByteBuffer, text: string, isUnix: boolean, max: number): void {
  const end = isUnix ? undefined : endpointOf(text);
  if (end === undefined) {
    out.u8(AF_UNIX);
    out.text(text, max - 2);
    out.u8(0);
    return;
  }
  out.u8(end.ip.length === 4 ? AF_INET : AF_INET6);
  out.raw(end.ip);
  out.u16(end.port);
}

/** Source first: the client of the connection. Descriptors without two ends have no tuple. */
function writeTuple(out: ByteBuffer, fd: FileDescriptor, max: number): void {
  if (fd.typeChar === 'u') {
    out.u8(AF_UNIX);
    out.u64(0);
    out.u64(0);
    out.text(fd.name, max - 18);
    out.u8(0);
    return;
  }
  if (fd.client === undefined || fd.server === undefined) return;
  let source = ipBytes(fd.client.ip);
  let destination = ipBytes(fd.server.ip);
  if (source === undefined || destination === undefined) return;
  const isV6 = source.length === 16 || destination.length === 16;
  if (isV6) {
    source = asIpv6(source);
    destination = asIpv6(destination);
  }
  out.u8(isV6 ? AF_INET6 : AF_INET);
  out.raw(source);
  out.u16(fd.client.port);
  out.raw(destination);
  out.u16(fd.server.port);
}
