// fd.*: the file descriptor that the event uses or makes.
import type { FileDescriptor } from '@guardcell/core';
import { shortContainerId } from '@guardcell/core';
import { DESCRIPTOR_LIST_FIELDS } from './descriptor-list-fields.ts';
import { typeName } from './descriptor-types.ts';
import {
  argumentField,
  type BindResult,
  type Extractor,
  type FieldDefinition,
  known,
  plainField,
} from './field.ts';
import { directoryOf, fileNameOf } from './path-parts.ts';
import { SOCKET_FIELDS } from './socket-fields.ts';

const UPPER_LAYER = 0x8000;
const LOWER_LAYER = 0x10000;

function directory(fd: FileDescriptor): string | undefined {
  if (fd.typeChar === 'd') return known(fd.name);
  return fd.typeChar === 'f' ? directoryOf(fd.name) : undefined;
}

/** Major and minor of a Linux device number (kernel encoding, as stat shows it). */
function major(dev: number): number {
  return (dev >>> 8) & 0xfff;
}

function minor(dev: number): number {
  return (dev & 0xff) | ((dev >>> 12) & 0xfff00);
}

function bindTypes(argument: string | undefined): Extractor | BindResult {
  if (argument === undefined) {
    return (event) => {
      const { descriptors } = event.thread;
      if (descriptors === undefined || descriptors.size === 0) return undefined;
      return [...new Set([...descriptors.values()].map((fd) => typeName(fd.typeChar)))];
    };
  }
  if (!/^\d{1,9}$/.test(argument)) return { problem: `fd.types takes a number, not '${argument}'` };
  const num = Number(argument);
  return (event) => {
    const fd = event.thread.descriptors?.get(num);
    return fd === undefined ? undefined : [typeName(fd.typeChar)];
  };
}

export const DESCRIPTOR_FIELDS: readonly FieldDefinition[] = [
  plainField('fd.num', 'int', 'Number of the descriptor, −1 when the call failed.', (e) => e.fd?.num),
  plainField('fd.type', 'string', 'Kind of descriptor: file, ipv4, unix, pipe …', (e) =>
    e.fd === undefined ? undefined : typeName(e.fd.typeChar),
  ),
  plainField(
    'fd.typechar',
    'string',
    'Kind of descriptor as one letter: f, 4, 6, u, p …',
    (e) => e.fd?.typeChar,
  ),
  plainField('fd.name', 'string', 'Full path, or addresses and ports of a connection.', (e) =>
    known(e.fd?.name),
  ),
  plainField('fd.nameraw', 'string', 'Path as the program gave it.', (e) => known(e.fd?.nameRaw)),
  plainField('fd.directory', 'string', 'Directory that the file is in.', (e) =>
    e.fd === undefined ? undefined : directory(e.fd),
  ),
  plainField('fd.filename', 'string', 'Name of the file without directory.', (e) =>
    e.fd?.typeChar === 'f' ? fileNameOf(e.fd.name) : undefined,
  ),
  ...SOCKET_FIELDS,
  plainField('fd.uid', 'string', 'Process id and descriptor number, unique while both live.', (e) =>
    e.fd === undefined ? undefined : `${e.thread.tid}${e.fd.num}`,
  ),
  plainField('fd.containername', 'string', 'Container id and fd.name.', (e) =>
    e.fd === undefined ? undefined : `${shortContainerId(e.thread.container.id)}:${e.fd.name}`,
  ),
  plainField('fd.containerdirectory', 'string', 'Container id and fd.directory.', (e) => {
    const path = e.fd === undefined ? undefined : directory(e.fd);
    return path === undefined ? undefined : `${shortContainerId(e.thread.container.id)}:${path}`;
  }),
  plainField('fd.dev', 'int', 'Device that the file is on.', (e) => e.fd?.dev),
  plainField('fd.dev.major', 'int', 'Major number of that device.', (e) =>
    e.fd === undefined ? undefined : major(e.fd.dev),
  ),
  plainField('fd.dev.minor', 'int', 'Minor number of that device.', (e) =>
    e.fd === undefined ? undefined : minor(e.fd.dev),
  ),
  plainField('fd.ino', 'int', 'Inode of the file.', (e) => e.fd?.inode),
  argumentField(
    'fd.types',
    'string',
    'Kinds of all descriptors of the process, each once; [N] for the kind of one descriptor. Only in captures.',
    'optional',
    bindTypes,
    { multiplicity: 'list', noRightSide: true, live: false },
  ),
  plainField('fd.is_upper_layer', 'bool', 'Whether the file is in the container’s writable layer.', (e) =>
    e.fd === undefined ? undefined : (e.fd.openFlags & UPPER_LAYER) !== 0,
  ),
  plainField('fd.is_lower_layer', 'bool', 'Whether the file comes from the image.', (e) =>
    e.fd === undefined ? undefined : (e.fd.openFlags & LOWER_LAYER) !== 0,
  ),
  ...DESCRIPTOR_LIST_FIELDS,
];
