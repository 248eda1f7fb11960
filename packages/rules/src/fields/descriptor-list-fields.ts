// fdlist.*: the descriptors that poll, ppoll or select wait for. Only producers that keep them have values.
import type { FileDescriptor, RuntimeEvent } from '@guardcell/core';
import { type FieldDefinition, plainField } from './field.ts';

const MISSING = '<NA>';

/** Texts joined with commas; undefined when no descriptor of the list has one. */
function joined(
  event: RuntimeEvent,
  read: (fd: FileDescriptor) => string | number | undefined,
): string | undefined {
  const list = event.fdList?.();
  if (list === undefined) return undefined;
  const texts = list.map(read).filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(',');
}

function isConnection(fd: FileDescriptor): boolean {
  return fd.typeChar === '4' || fd.typeChar === '6';
}

function listField(
  part: string,
  doc: string,
  read: (fd: FileDescriptor) => string | number | undefined,
): FieldDefinition {
  return plainField(`fdlist.${part}`, 'string', `${doc}; only in captures.`, (e) => joined(e, read), {
    live: false,
  });
}

export const DESCRIPTOR_LIST_FIELDS: readonly FieldDefinition[] = [
  listField('nums', 'Numbers of the descriptors that are polled', (fd) => fd.num),
  listField('names', 'Names of the descriptors that are polled', (fd) =>
    fd.name === '' ? MISSING : fd.name,
  ),
  listField('cips', 'Client addresses of the connections that are polled', (fd) =>
    isConnection(fd) ? fd.client?.ip : undefined,
  ),
  listField('sips', 'Server addresses of the connections that are polled', (fd) =>
    isConnection(fd) ? fd.server?.ip : undefined,
  ),
  listField('cports', 'Client ports of the connections that are polled', (fd) =>
    isConnection(fd) ? fd.client?.port : undefined,
  ),
  listField('sports', 'Server ports of the connections that are polled', (fd) =>
    isConnection(fd) && fd.client !== undefined ? fd.server?.port : undefined,
  ),
];
