// Values of event parameters from their bytes.
import { AF_INET, AF_INET6, addressText, type ParamValue } from '@guardcell/core';
import { PARAM } from '../format/param-types.ts';
import { socketAddressText, tupleText } from '../state/address.ts';
import { splitTexts } from './cursor.ts';
import type { TextPool } from './text-pool.ts';

const TWO_32 = 2 ** 32;
const MAX_LISTED = 1024;

/** By type number: 0 not an integer, 1 unsigned, 2 signed. */
const INTEGER = new Uint8Array(64);
for (const type of [
  PARAM.uint8,
  PARAM.uint16,
  PARAM.uint32,
  PARAM.uint64,
  PARAM.syscall,
  PARAM.signal,
  PARAM.reltime,
  PARAM.abstime,
  PARAM.port,
  PARAM.l4proto,
  PARAM.family,
  PARAM.bool,
  PARAM.flags8,
  PARAM.flags16,
  PARAM.flags32,
  PARAM.sigset,
  PARAM.mode,
  PARAM.enum8,
  PARAM.enum16,
  PARAM.enum32,
])
  INTEGER[type] = 1;
for (const type of [
  PARAM.int8,
  PARAM.int16,
  PARAM.int32,
  PARAM.int64,
  PARAM.errno,
  PARAM.fd,
  PARAM.pid,
  PARAM.fd32,
  PARAM.pid32,
  // -1 means "none" or "leave as it is"
  PARAM.uid,
  PARAM.gid,
])
  INTEGER[type] = 2;

/** Lists of texts that the table types as plain bytes. */
const TEXT_LISTS: ReadonlySet<string> = new Set(['args', 'env', 'cgroups', 'argv', 'tags']);

function isInteger(type: number): boolean {
  return INTEGER[type] !== 0;
}

/** An integer of 1, 2, 4 or 8 bytes; 0 for other lengths. Beyond 2^53 the lowest digits are lost. */
export function readInteger(view: DataView, at: number, length: number, type: number): number {
  const signed = INTEGER[type] === 2;
  switch (length) {
    case 8: {
      const low = view.getUint32(at, true);
      const high = signed ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true);
      return low + high * TWO_32;
    }
    case 4:
      return signed ? view.getInt32(at, true) : view.getUint32(at, true);
    case 2:
      return signed ? view.getInt16(at, true) : view.getUint16(at, true);
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at);
    default:
      return 0;
  }
}

/** The end of the text that starts at `from`: the first NUL, or `to`. */
export function textEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (bytes[at] === 0) return at;
  return to;
}

/** The value of a parameter; undefined when it is empty, which is how captures say "unknown". */
export function decodeParam(
  bytes: Buffer,
  view: DataView,
  from: number,
  to: number,
  type: number,
  name: string,
  pool: TextPool,
): ParamValue | undefined {
  const length = to - from;
  if (length === 0)
    return type === PARAM.bytebuf ? (TEXT_LISTS.has(name) ? [] : new Uint8Array(0)) : undefined;
  if (isInteger(type)) {
    if (length !== 8) return readInteger(view, from, length, type);
    const value = readInteger(view, from, length, type);
    if (Number.isSafeInteger(value)) return value;
    return INTEGER[type] === 2 ? view.getBigInt64(from, true) : view.getBigUint64(from, true);
  }
  switch (type) {
    case PARAM.charbuf:
    case PARAM.fspath:
    case PARAM.relativePath:
      return pool.text(bytes, view, from, textEnd(bytes, from, to));
    case PARAM.bytebuf:
      return TEXT_LISTS.has(name) ? splitTexts(bytes.subarray(from, to)) : bytes.subarray(from, to);
    case PARAM.textList:
    case PARAM.textPairs:
      return splitTexts(bytes.subarray(from, to));
    case PARAM.sockaddr:
      return socketAddressText(bytes.subarray(from, to));
    case PARAM.socktuple:
      return tupleText(bytes.subarray(from, to));
    case PARAM.fdlist:
      return fdListText(view, from, to);
    case PARAM.double:
      return length === 8 ? view.getFloat64(from, true) : undefined;
    case PARAM.ipv4:
      return length === 4 ? addressText(bytes, from, AF_INET) : undefined;
    case PARAM.ipv6:
      return length === 16 ? addressText(bytes, from, AF_INET6) : undefined;
    case PARAM.dynamic:
      return dynamicValue(bytes, view, from, to);
    default:
      return bytes.subarray(from, to);
  }
}

/** One byte says which of several types follows; the length tells them apart well enough. */
function dynamicValue(bytes: Buffer, view: DataView, from: number, to: number): ParamValue | undefined {
  const at = from + 1;
  switch (to - at) {
    case 8: {
      const value = readInteger(view, at, 8, PARAM.int64);
      return Number.isSafeInteger(value) ? value : view.getBigInt64(at, true);
    }
    case 4:
      return view.getUint32(at, true);
    case 1:
      return view.getUint8(at);
    case 0:
      return undefined;
    default:
      return bytes.subarray(at, to);
  }
}

/** Calls `visit` for each descriptor of a list with the flags it was polled for. */
export function eachListedFd(
  view: DataView,
  from: number,
  to: number,
  visit: (num: number, flags: number) => void,
): void {
  if (to - from < 2) return;
  const count = Math.min(view.getUint16(from, true), Math.floor((to - from - 2) / 10), MAX_LISTED);
  for (let index = 0; index < count; index += 1) {
    const at = from + 2 + index * 10;
    visit(readInteger(view, at, 8, PARAM.fd), view.getUint16(at + 8, true));
  }
}

function fdListText(view: DataView, from: number, to: number): string {
  const parts: string[] = [];
  eachListedFd(view, from, to, (num, flags) => parts.push(`${num}:${flags.toString(16)}`));
  return parts.join(' ');
}
