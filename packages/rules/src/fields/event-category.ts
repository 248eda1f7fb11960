// The kind of an event as the event table gives it, refined by what the descriptor refers to.
import type { FdTypeChar, RuntimeEvent } from '@guardcell/core';
import { eventSchema } from '../events/event-table.ts';

/** The low bits of the table's category; the high ones say where the event comes from. */
const KIND_BITS = 0x1ff;
const READS = 32;
const WRITES = 33;
const OTHER_IO = 34;
export const MEMORY = 5;

const NAMES: Readonly<Record<number, string>> = {
  1: 'other',
  2: 'file',
  3: 'net',
  4: 'IPC',
  5: 'memory',
  6: 'process',
  7: 'sleep',
  8: 'system',
  9: 'signal',
  10: 'user',
  11: 'time',
  12: 'processing',
  64: 'wait',
  128: 'scheduler',
  256: 'internal',
};

const FILE_TYPES: ReadonlySet<FdTypeChar> = new Set<FdTypeChar>(['f', 'd']);
const NET_TYPES: ReadonlySet<FdTypeChar> = new Set<FdTypeChar>(['4', '6']);
const IPC_TYPES: ReadonlySet<FdTypeChar> = new Set<FdTypeChar>(['u', 'p', 'e', 's', 'i']);

export function eventKind(event: RuntimeEvent): number {
  return (eventSchema(event.type)?.category ?? 0) & KIND_BITS;
}

/** `read`, `write`, `other` for calls that move data or work on an open descriptor; undefined for the rest. */
export function ioDirection(event: RuntimeEvent): 'read' | 'write' | 'other' | undefined {
  switch (eventKind(event)) {
    case READS:
      return 'read';
    case WRITES:
      return 'write';
    case OTHER_IO:
      return 'other';
    default:
      return undefined;
  }
}

/** What the event's descriptor is: `unknown` without one. */
export function descriptorKind(event: RuntimeEvent): 'file' | 'net' | 'ipc' | 'unknown' {
  const type = event.fd?.typeChar;
  if (type === undefined) return 'unknown';
  if (FILE_TYPES.has(type)) return 'file';
  if (NET_TYPES.has(type)) return 'net';
  return IPC_TYPES.has(type) ? 'ipc' : 'unknown';
}

/** `evt.category`; undefined for events that are not in the table. */
export function categoryName(event: RuntimeEvent): string | undefined {
  if (eventSchema(event.type) === undefined) return undefined;
  if (ioDirection(event) !== undefined) return descriptorKind(event);
  return NAMES[eventKind(event)] ?? 'unknown';
}
