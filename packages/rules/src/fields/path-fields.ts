// fs.path.*: files of events that name paths instead of using a descriptor.
import type { RuntimeEvent } from '@guardcell/core';
import { type FieldDefinition, known, plainField } from './field.ts';

const SINGLE: readonly string[] = ['path', 'name', 'filename', 'pathname', 'dir', 'special'];
const SOURCES: readonly string[] = ['oldpath', 'target'];
const TARGETS: readonly string[] = ['newpath', 'linkpath'];

function firstText(event: RuntimeEvent, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = event.param(name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function twoPaths(event: RuntimeEvent): boolean {
  return event.targetPath !== undefined;
}

export const PATH_FIELDS: readonly FieldDefinition[] = [
  plainField('fs.path.name', 'string', 'Resolved path of a file event with one path.', (e) => {
    if (twoPaths(e)) return undefined;
    const ofFile = e.fd?.typeChar === 'f' || e.fd?.typeChar === 'd';
    return known(e.path) ?? (ofFile ? known(e.fd?.name) : undefined);
  }),
  plainField('fs.path.nameraw', 'string', 'Path of such an event as the program gave it.', (e) =>
    twoPaths(e) ? undefined : firstText(e, SINGLE),
  ),
  plainField('fs.path.source', 'string', 'Resolved first path of rename, link, symlink.', (e) =>
    twoPaths(e) ? known(e.path) : undefined,
  ),
  plainField('fs.path.sourceraw', 'string', 'First path of rename, link, symlink as given.', (e) =>
    firstText(e, SOURCES),
  ),
  plainField('fs.path.target', 'string', 'Resolved second path of rename, link, symlink.', (e) =>
    known(e.targetPath),
  ),
  plainField('fs.path.targetraw', 'string', 'Second path of rename, link, symlink as given.', (e) =>
    firstText(e, TARGETS),
  ),
];
