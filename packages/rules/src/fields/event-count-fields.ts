// evt.count.* and evt.buflen.*: numbers that tables add up.
import type { RuntimeEvent } from '@guardcell/core';
import { descriptorKind, eventKind, ioDirection, MEMORY } from './event-category.ts';
import { type FieldDefinition, plainField } from './field.ts';

const OPENS: ReadonlySet<string> = new Set(['open', 'creat', 'openat', 'openat2', 'open_by_handle_at']);
const CONNECTS: ReadonlySet<string> = new Set(['accept', 'accept4', 'connect']);

type ErrorKind = 'file' | 'net' | 'memory' | 'other';

/** 1 for a call that failed, 0 for one that did not; undefined for events without a result. */
function errorCount(event: RuntimeEvent): number | undefined {
  return event.result === undefined ? undefined : Number(event.result < 0);
}

/** A failed open or connect has no descriptor yet: then its name tells what it was about. */
function errorKind(event: RuntimeEvent): ErrorKind {
  if (event.fd === undefined) {
    if (OPENS.has(event.type)) return 'file';
    return CONNECTS.has(event.type) ? 'net' : 'other';
  }
  const kind = descriptorKind(event);
  if (kind === 'file' || kind === 'net') return kind;
  return event.fd.typeChar === 'u' ? 'net' : 'other';
}

function errorsOf(kind: ErrorKind): (event: RuntimeEvent) => number | undefined {
  return (event) => {
    const memory = eventKind(event) === MEMORY;
    if (kind === 'memory') return memory ? errorCount(event) : undefined;
    if (errorKind(event) !== kind || (kind === 'other' && event.fd === undefined && memory)) return undefined;
    return errorCount(event);
  };
}

type Direction = 'in' | 'out';

/** Bytes that the call moved through a descriptor; undefined for other calls and for failed ones. */
function bytesMoved(event: RuntimeEvent): number | undefined {
  if (event.fd === undefined || ioDirection(event) === undefined) return undefined;
  return event.result !== undefined && event.result >= 0 ? event.result : undefined;
}

function bytesOf(direction: Direction | undefined, kind: 'file' | 'net' | undefined) {
  return (event: RuntimeEvent): number | undefined => {
    const way = ioDirection(event);
    if (direction !== undefined && way !== (direction === 'in' ? 'read' : 'write')) return undefined;
    if (kind === 'file' && event.fd?.typeChar !== 'f') return undefined;
    if (kind === 'net' && descriptorKind(event) !== 'net') return undefined;
    return bytesMoved(event);
  };
}

const TABLE_ONLY = { deprecated: true } as const;

function bufferFields(): readonly FieldDefinition[] {
  const fields: FieldDefinition[] = [];
  for (const kind of [undefined, 'file', 'net'] as const) {
    for (const direction of [undefined, 'in', 'out'] as const) {
      if (kind === undefined && direction === undefined) continue;
      const name = ['evt.buflen', kind, direction].filter((part) => part !== undefined).join('.');
      const what = kind === undefined ? '' : kind === 'file' ? ' of a file' : ' of a connection';
      const verb = direction === undefined ? 'moved' : direction === 'in' ? 'read' : 'written';
      fields.push(
        plainField(
          name,
          'uint64',
          `Bytes${what} that the call has ${verb}.`,
          bytesOf(direction, kind),
          TABLE_ONLY,
        ),
      );
    }
  }
  return fields;
}

export const EVENT_COUNT_FIELDS: readonly FieldDefinition[] = [
  plainField('evt.failed', 'bool', 'Whether the call returned an error.', (e) =>
    e.result === undefined ? undefined : e.result < 0,
  ),
  plainField('evt.count', 'uint32', 'Always 1.', () => 1),
  plainField('evt.count.error', 'uint32', '1 when the call failed, 0 when it did not.', errorCount),
  plainField('evt.count.error.file', 'uint32', 'As evt.count.error, for calls on files.', errorsOf('file')),
  plainField('evt.count.error.net', 'uint32', 'As evt.count.error, for calls on sockets.', errorsOf('net')),
  plainField(
    'evt.count.error.memory',
    'uint32',
    'As evt.count.error, for calls on memory.',
    errorsOf('memory'),
  ),
  plainField(
    'evt.count.error.other',
    'uint32',
    'As evt.count.error, for all other calls.',
    errorsOf('other'),
  ),
  plainField('evt.count.exit', 'uint32', 'Always 1: events are seen when the call has returned.', () => 1),
  plainField('evt.count.procinfo', 'uint32', 'Always 0: such events are not delivered.', () => 0, TABLE_ONLY),
  plainField(
    'evt.count.threadinfo',
    'uint32',
    'Always 0: such events are not delivered.',
    () => 0,
    TABLE_ONLY,
  ),
  plainField('evt.buflen', 'uint64', 'Bytes that the call has moved through its descriptor.', bytesMoved),
  ...bufferFields(),
];
