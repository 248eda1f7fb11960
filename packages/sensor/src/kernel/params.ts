// Readers of event parameters: each turns a record into the value that the event table gives that name.
import type { FileDescriptor, ParamValue, Thread } from '@guardcell/core';
import type { SocketAddress } from './descriptor.ts';
import { type DnsQuestion, dnsQuestion } from './dns.ts';
import type { RecordView } from './record.ts';

/** What a parameter reader may look at. */
export interface EventSource {
  readonly record: RecordView;
  readonly result: number | undefined;
  readonly thread: Thread;
  readonly fd: FileDescriptor | undefined;
  /** The socket address that the program passed. */
  givenAddress(): SocketAddress | undefined;
}

export type ParamReader = (event: EventSource) => ParamValue | undefined;
export type Param = readonly [name: string, read: ParamReader];

export const RES: Param = ['res', (event) => event.result];
export const FD_RESULT: Param = ['fd', (event) => event.result];
export const TUPLE: Param = ['tuple', (event) => event.fd?.name];

/** The slots of a record, see bpf/events.h. */
export const SLOT = {
  fdPath: 1,
  pathA: 2,
  baseA: 3,
  pathB: 4,
  baseB: 5,
  text: 6,
  data: 6,
  address: 7,
  cwd: 7,
} as const;

/** A C int: descriptors, pids. */
export function int(name: string, index: number): Param {
  return [name, (event) => event.record.argInt(index)];
}

/** An unsigned 32-bit argument, through `map` when the event table has its own values. */
export function uint(name: string, index: number, map?: (kernel: number) => number): Param {
  if (map === undefined) return [name, (event) => event.record.argUint(index)];
  return [name, (event) => map(event.record.argUint(index))];
}

/** A user or group id: -1 means "leave as it is". */
export function id(name: string, index: number): Param {
  return [name, (event) => event.record.argInt(index)];
}

/** A 64-bit argument: a bigint only when a number cannot hold it. */
export function wide(name: string, index: number): Param {
  return [
    name,
    (event) => {
      const value = event.record.argBig(index);
      return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
    },
  ];
}

/** Permission bits, whose values are those of the kernel. */
export function mode(name: string, index: number): Param {
  return [name, (event) => event.record.argUint(index) & 0o7777];
}

export function text(name: string, slot: number): Param {
  return [name, (event) => event.record.text(slot)];
}

export function constant(name: string, value: ParamValue): Param {
  return [name, () => value];
}

/** A capability set after the call. */
export function capability(name: string, which: 'capEffective' | 'capPermitted' | 'capInheritable'): Param {
  return [name, (event) => event.thread[which]];
}

export const ADDRESS: Param = [
  'addr',
  (event) => {
    const given = event.givenAddress();
    if (given === undefined) return undefined;
    return given.path === '' && given.ip !== '' ? `${given.ip}:${given.port}` : given.path;
  },
];

export const DATA: Param = ['data', (event) => event.record.copy(SLOT.data)];

function question(event: EventSource): DnsQuestion | undefined {
  return event.record.hasSlot(SLOT.data) ? dnsQuestion(event.record.copy(SLOT.data)) : undefined;
}

/** Not in Falco's table: the name a DNS query asks for, and its type number. */
export const DNS_NAME: Param = ['dns', (event) => question(event)?.name];
export const DNS_TYPE: Param = ['dns_type', (event) => question(event)?.type];
