// Memory, descriptors and threads of the process, and its standard streams. Only producers that follow them have values.
import type { FileDescriptor, Thread, ThreadResources } from '@guardcell/core';
import { typeName } from './descriptor-types.ts';
import { absentField, type FieldDefinition, known, plainField } from './field.ts';

const CAPTURE_ONLY = { live: false } as const;
const TABLE_ONLY = { live: false, deprecated: true } as const;
const BYTES_IN_KIB = 1024;

type ReadResources = (resources: ThreadResources) => number;

function resource(name: string, doc: string, read: ReadResources): FieldDefinition {
  return plainField(
    name,
    'uint64',
    `${doc}; only in captures.`,
    (e) => (e.thread.resources === undefined ? undefined : read(e.thread.resources)),
    CAPTURE_ONLY,
  );
}

/** Memory belongs to the process: of other threads than the main one it counts as none. */
function mainThreadResource(
  name: string,
  doc: string,
  read: ReadResources,
  options: object,
): FieldDefinition {
  return plainField(
    name,
    'uint64',
    `${doc}, 0 for other threads than the main one; only in captures.`,
    (e) => {
      const { resources } = e.thread;
      if (resources === undefined) return undefined;
      return e.thread.tid === e.thread.pid ? read(resources) : 0;
    },
    options,
  );
}

/** Percent of the descriptor limit that is in use. */
function descriptorUsage(thread: Thread): number | undefined {
  const limit = thread.resources?.fdLimit ?? -1;
  if (limit <= 0 || thread.descriptors === undefined) return undefined;
  return (thread.descriptors.size * 100) / limit;
}

const STREAMS = ['stdin', 'stdout', 'stderr'] as const;

function streamField(
  stream: (typeof STREAMS)[number],
  part: 'type' | 'name',
  read: (fd: FileDescriptor) => string | undefined,
): FieldDefinition {
  const num = STREAMS.indexOf(stream);
  const what = part === 'type' ? 'Kind' : 'Name';
  return plainField(
    `proc.${stream}.${part}`,
    'string',
    `${what} of the file that ${stream} is; only in captures.`,
    (e) => {
      const fd = e.thread.descriptors?.get(num);
      return fd === undefined ? undefined : read(fd);
    },
    CAPTURE_ONLY,
  );
}

export const PROCESS_RESOURCE_FIELDS: readonly FieldDefinition[] = [
  plainField(
    'proc.fdopencount',
    'uint64',
    'Number of open descriptors; only in captures.',
    (e) => e.thread.descriptors?.size,
    CAPTURE_ONLY,
  ),
  plainField(
    'proc.fdlimit',
    'int',
    'Limit of open descriptors; only in captures.',
    (e) => e.thread.resources?.fdLimit,
    CAPTURE_ONLY,
  ),
  plainField(
    'proc.fdusage',
    'double',
    'Percent of the descriptor limit in use; only in captures.',
    (e) => descriptorUsage(e.thread),
    CAPTURE_ONLY,
  ),
  resource('proc.vmsize', 'Virtual memory in KiB', (figures) => figures.vmSizeKib),
  resource('proc.vmrss', 'Resident memory in KiB', (figures) => figures.vmRssKib),
  resource('proc.vmswap', 'Swapped memory in KiB', (figures) => figures.vmSwapKib),
  plainField(
    'proc.nthreads',
    'uint64',
    'Number of threads; only in captures.',
    (e) => e.thread.threadCount?.(),
    CAPTURE_ONLY,
  ),
  plainField(
    'proc.nchilds',
    'uint64',
    'Number of threads without the main one; only in captures.',
    (e) => e.thread.childCount?.(),
    CAPTURE_ONLY,
  ),
  ...STREAMS.map((stream) => streamField(stream, 'type', (fd) => typeName(fd.typeChar))),
  ...STREAMS.map((stream) => streamField(stream, 'name', (fd) => known(fd.name))),
];

export const THREAD_RESOURCE_FIELDS: readonly FieldDefinition[] = [
  resource(
    'thread.pfmajor',
    'Page faults that needed the disk, since the start',
    (figures) => figures.majorFaults,
  ),
  resource(
    'thread.pfminor',
    'Page faults that needed no disk, since the start',
    (figures) => figures.minorFaults,
  ),
  mainThreadResource('thread.vmsize', 'Virtual memory in KiB', (figures) => figures.vmSizeKib, CAPTURE_ONLY),
  mainThreadResource('thread.vmrss', 'Resident memory in KiB', (figures) => figures.vmRssKib, CAPTURE_ONLY),
  mainThreadResource(
    'thread.vmsize.b',
    'Virtual memory in bytes',
    (figures) => figures.vmSizeKib * BYTES_IN_KIB,
    TABLE_ONLY,
  ),
  mainThreadResource(
    'thread.vmrss.b',
    'Resident memory in bytes',
    (figures) => figures.vmRssKib * BYTES_IN_KIB,
    TABLE_ONLY,
  ),
  ...(['thread.exectime', 'thread.totexectime'] as const).map((name) =>
    absentField(name, 'reltime', 'Processor time between two scheduler events, which are not delivered.'),
  ),
  ...(['thread.cpu', 'thread.cpu.user', 'thread.cpu.system'] as const).map((name) =>
    absentField(name, 'double', 'Processor share between two samples, which are not delivered.'),
  ),
];
