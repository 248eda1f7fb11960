// The one table of all fields of all sources, and lookup by name as rules write it.
import { CONTAINER_FIELDS } from './container-fields.ts';
import { DESCRIPTOR_FIELDS } from './descriptor-fields.ts';
import { EVENT_FIELDS } from './event-fields.ts';
import type { EventSource, FieldDefinition } from './field.ts';
import { GENERIC_FIELDS } from './generic-fields.ts';
import { JSON_FIELDS } from './json-fields.ts';
import { K8S_AUDIT_FIELDS } from './k8s-audit-fields.ts';
import { KUBERNETES_FIELDS } from './kubernetes-fields.ts';
import { PATH_FIELDS } from './path-fields.ts';
import { PROCESS_FIELDS } from './process-fields.ts';
import { THREAD_FIELDS } from './thread-fields.ts';
import { USER_FIELDS } from './user-fields.ts';

/** Every field, in the order of the reference documentation. */
export const FIELDS: readonly FieldDefinition[] = [
  ...GENERIC_FIELDS,
  ...EVENT_FIELDS,
  ...PROCESS_FIELDS,
  ...THREAD_FIELDS,
  ...USER_FIELDS,
  ...DESCRIPTOR_FIELDS,
  ...PATH_FIELDS,
  ...CONTAINER_FIELDS,
  ...KUBERNETES_FIELDS,
  ...K8S_AUDIT_FIELDS,
  ...JSON_FIELDS,
];

const BY_NAME: ReadonlyMap<string, FieldDefinition> = new Map(FIELDS.map((field) => [field.name, field]));

/** Fields whose argument may follow a dot: `evt.arg.flags`. */
const DOTTED: ReadonlySet<string> = new Set([
  'evt.arg',
  'evt.rawarg',
  'evt.abspath',
  'evt.type.is',
  'proc.cgroup',
  'thread.cgroup',
  'container.label',
  'k8s.pod.label',
  'k8s.ns.label',
  'k8s.rc.label',
  'k8s.svc.label',
  'k8s.rs.label',
  'k8s.deployment.label',
]);

export interface FoundField {
  readonly field: FieldDefinition;
  /** The argument that was part of the name. */
  readonly argument: string | undefined;
}

/** Finds `proc.name` and `evt.arg.flags`; undefined when there is no such field. */
export function findField(name: string): FoundField | undefined {
  const exact = BY_NAME.get(name);
  if (exact !== undefined) return { field: exact, argument: undefined };
  for (let at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
    const prefix = name.slice(0, at);
    const field = DOTTED.has(prefix) ? BY_NAME.get(prefix) : undefined;
    if (field !== undefined) return { field, argument: name.slice(at + 1) };
  }
  return undefined;
}

/** Whether rules of the source may use the field; sources that Guardcell does not have may use none. */
export function isFieldOf(field: FieldDefinition, source: string): boolean {
  return field.sources.includes(source as EventSource);
}
