// Parameters of synthetic events: defaults from process and descriptor, flags by name.
import type { FileDescriptor, ParamValue, Thread } from '@guardcell/core';
import { eventSchema, flagValue, PARAM_FORMAT, PARAM_TYPE, type ParamSchema } from '../events/event-table.ts';
import type { EventSpec, ParamSpec } from './event-spec.ts';

export type ParamsResult = { readonly params: Map<string, ParamValue> } | { readonly problem: string };

const READ_ONLY = 1;

/** All parameters of the event in table order; a problem when a name or flag is not known. */
export function syntheticParams(
  spec: EventSpec,
  thread: Thread,
  fd: FileDescriptor | undefined,
  result: number | undefined,
): ParamsResult {
  const schema = eventSchema(spec.type);
  const params = new Map<string, ParamValue>();
  for (const param of schema?.params ?? []) {
    const value = defaultValue(param, spec, thread, fd, result);
    if (value !== undefined) params.set(param.name, value);
  }
  for (const [name, given] of Object.entries(spec.params ?? {})) {
    const param = schema?.params.find((candidate) => candidate.name === name);
    if (schema !== undefined && param === undefined) {
      const known = schema.params.map((candidate) => candidate.name).join(', ');
      return { problem: `event ${spec.type} has no parameter '${name}' (it has ${known})` };
    }
    const value = convert(given, param);
    if (typeof value === 'object' && 'problem' in value) return value;
    params.set(name, value);
  }
  return { params };
}

function defaultValue(
  param: ParamSchema,
  spec: EventSpec,
  thread: Thread,
  fd: FileDescriptor | undefined,
  result: number | undefined,
): ParamValue | undefined {
  switch (param.name) {
    case 'res':
      return result ?? 0;
    case 'fd':
      return result !== undefined && result < 0 && returnsFd(spec.type) ? result : (fd?.num ?? result ?? 3);
    case 'dirfd':
      return -100;
    case 'exe':
      return thread.exe;
    case 'args':
      return thread.args;
    case 'env':
      return thread.env;
    case 'comm':
      return thread.comm;
    case 'tid':
      return thread.tid;
    case 'pid':
      return spec.type === 'ptrace' ? undefined : thread.pid;
    case 'ptid':
      return thread.ppid;
    case 'cwd':
      return thread.cwd;
    case 'tty':
      return thread.tty;
    case 'filename':
    case 'trusted_exepath':
      return spec.type.startsWith('exec') ? thread.exePath : undefined;
    case 'tuple':
      return fd?.client === undefined ? undefined : fd.name;
    case 'addr':
      return fd?.server === undefined ? undefined : `${fd.server.ip}:${fd.server.port}`;
    case 'name':
      return opensFile(spec.type) ? fd?.nameRaw : undefined;
    case 'flags':
      if (spec.type.startsWith('exec')) return executableFlags(thread);
      return opensFile(spec.type) ? READ_ONLY : undefined;
    default:
      return undefined;
  }
}

export function opensFile(type: string): boolean {
  return type === 'open' || type === 'openat' || type === 'openat2' || type === 'creat';
}

/** Whether the call's result is a new descriptor. */
export function returnsFd(type: string): boolean {
  const first = eventSchema(type)?.params[0];
  return first !== undefined && first.type === PARAM_TYPE.fd;
}

function executableFlags(thread: Thread): number {
  const writable = thread.exeWritable ? 1 : 0;
  const upper = thread.exeUpperLayer ? 2 : 0;
  const memfd = thread.exeFromMemfd ? 4 : 0;
  const lower = thread.exeLowerLayer ? 8 : 0;
  return writable | upper | memfd | lower;
}

function convert(
  given: ParamSpec,
  param: ParamSchema | undefined,
): ParamValue | { readonly problem: string } {
  if (param === undefined || given instanceof Uint8Array || typeof given === 'boolean') return given;
  if (param.flags.length > 0) return convertFlags(given, param);
  if (typeof given === 'object') return given;
  if (param.type === PARAM_TYPE.bytebuf) {
    return typeof given === 'string' ? new TextEncoder().encode(given) : given;
  }
  return isNumeric(param) && typeof given === 'string' ? convertNumber(given, param) : given;
}

function isNumeric(param: ParamSchema): boolean {
  const texts: readonly number[] = [PARAM_TYPE.charbuf, PARAM_TYPE.fspath, PARAM_TYPE.fsrelpath, 12, 13, 27];
  return !texts.includes(param.type);
}

/** Modes are always octal; elsewhere a leading 0 means octal. */
function convertNumber(text: string, param: ParamSchema): ParamValue | { readonly problem: string } {
  const isMode = param.type === PARAM_TYPE.mode || param.format === PARAM_FORMAT.octal;
  const octal = isMode ? /^[0-7]{1,6}$/.test(text) : /^0[0-7]+$/.test(text);
  if (!octal && !/^-?\d{1,15}$|^0x[0-9a-fA-F]{1,12}$/.test(text)) {
    return { problem: `parameter '${param.name}' must be a number, not '${text}'` };
  }
  return octal ? Number.parseInt(text, 8) : Number(text);
}

function convertFlags(
  given: string | number | readonly string[],
  param: ParamSchema,
): ParamValue | { readonly problem: string } {
  if (typeof given === 'number') return given;
  const names = typeof given === 'string' ? given.split('|') : given;
  let bits = 0;
  for (const name of names) {
    const trimmed = name.trim();
    if (/^\d/.test(trimmed)) {
      const number = convertNumber(trimmed, param);
      if (typeof number !== 'number') return number;
      bits |= number;
      continue;
    }
    const value = flagValue(param.flags, trimmed);
    if (value === undefined) {
      const known = param.flags.map(([flag]) => flag).join(', ');
      return { problem: `parameter '${param.name}' has no value '${trimmed}' (it has ${known})` };
    }
    bits |= value;
  }
  return bits;
}
