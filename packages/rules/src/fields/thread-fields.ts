// thread.*: the thread itself and its capabilities.

import { capabilityText } from '../events/capabilities.ts';
import { argumentField, type FieldDefinition, known, plainField } from './field.ts';
import { THREAD_RESOURCE_FIELDS } from './resource-fields.ts';

function cgroupOf(text: string, subsystem: string): string | undefined {
  if (text === '') return undefined;
  for (const entry of text.split(' ')) {
    const at = entry.indexOf('=');
    if (at < 0) return subsystem === '' || entry.startsWith('/') ? entry : undefined;
    if (entry.slice(0, at) === subsystem || entry.slice(0, at).split(',').includes(subsystem))
      return entry.slice(at + 1);
  }
  return undefined;
}

export const THREAD_FIELDS: readonly FieldDefinition[] = [
  plainField('thread.tid', 'int', 'Thread id in the host’s pid namespace.', (e) => e.thread.tid),
  plainField('thread.vtid', 'int', 'Thread id in its own pid namespace.', (e) => e.thread.vtid),
  plainField(
    'thread.ismain',
    'bool',
    'Whether this is the process’s main thread.',
    (e) => e.thread.tid === e.thread.pid,
  ),
  plainField('thread.cap_effective', 'string', 'Capabilities in force, by name, joined with blanks.', (e) =>
    capabilityText(e.thread.capEffective),
  ),
  plainField('thread.cap_permitted', 'string', 'Capabilities that may be put in force.', (e) =>
    capabilityText(e.thread.capPermitted),
  ),
  plainField('thread.cap_inheritable', 'string', 'Capabilities that survive an execve.', (e) =>
    capabilityText(e.thread.capInheritable),
  ),
  plainField('thread.cgroups', 'string', 'Control groups of the thread.', (e) => known(e.thread.cgroup)),
  argumentField('thread.cgroup', 'string', 'Control group of one subsystem.', 'required', (argument) => {
    const subsystem = argument ?? '';
    return (e) => cgroupOf(e.thread.cgroup, subsystem);
  }),
  argumentField('proc.cgroup', 'string', 'Control group of one subsystem.', 'required', (argument) => {
    const subsystem = argument ?? '';
    return (e) => cgroupOf(e.thread.cgroup, subsystem);
  }),
  plainField(
    'thread.nametid',
    'string',
    'Name of the process and thread id.',
    (e) => `${e.thread.comm}${e.thread.tid}`,
    { deprecated: true },
  ),
  ...THREAD_RESOURCE_FIELDS,
];
