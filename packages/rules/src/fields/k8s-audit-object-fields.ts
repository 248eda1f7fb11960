// ka.req.*: bindings, roles, config maps and services in a request.
import type { FieldDefinition } from './field.ts';
import { auditItems, auditKeyed, auditList, auditMember } from './k8s-audit-field.ts';
import { itemsAt, member, textOf, texts, textsOf, walk } from './k8s-audit-value.ts';

const SUBJECTS = ['requestObject', 'subjects'] as const;
const RULES = ['requestObject', 'rules'] as const;
const PORTS = ['requestObject', 'spec', 'ports'] as const;

/** Names of the subjects of one kind. */
function subjectNames(
  document: unknown,
  kind: string,
  nameOf: (subject: unknown) => string | undefined,
): readonly string[] | undefined {
  const subjects = itemsAt(document, SUBJECTS, undefined) ?? [];
  return texts(subjects.filter((subject) => member(subject, 'kind') === kind).map(nameOf));
}

const name = (subject: unknown): string | undefined => textOf(member(subject, 'name'));

function namespacedName(subject: unknown): string | undefined {
  const namespace = textOf(member(subject, 'namespace'));
  const own = name(subject);
  return namespace === undefined || own === undefined ? undefined : `${namespace}:${own}`;
}

function bindingSubjects(field: string, doc: string, kind: string, nameOf = name): FieldDefinition {
  return auditList(`ka.req.binding.subjects.${field}`, doc, (document) =>
    subjectNames(document, kind, nameOf),
  );
}

/** The values of one list of all rules of a role together. */
function roleRules(key: string, doc: string): FieldDefinition {
  return auditItems(`ka.req.role.rules.${key}`, doc, (document, index) => {
    const rules = itemsAt(document, RULES, index);
    return rules === undefined ? undefined : texts(rules.flatMap((rule) => listOf(member(rule, key))));
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** All ports as one text, as Falco prints them; `[n]` is one port. */
function servicePorts(document: unknown, index: number | undefined): readonly string[] | undefined {
  if (index !== undefined) return texts(itemsAt(document, PORTS, index) ?? []);
  return texts([walk(document, PORTS)]);
}

export const K8S_AUDIT_OBJECT_FIELDS: readonly FieldDefinition[] = [
  auditList('ka.req.binding.subjects', 'To whom a binding gives a role, each as JSON.', (document) =>
    textsOf(walk(document, SUBJECTS)),
  ),
  bindingSubjects('user_names', 'Users to whom a binding gives a role.', 'User'),
  bindingSubjects(
    'serviceaccount_names',
    'Service accounts to whom a binding gives a role.',
    'ServiceAccount',
  ),
  bindingSubjects(
    'serviceaccount_ns_names',
    'Service accounts to whom a binding gives a role, as namespace:name.',
    'ServiceAccount',
    namespacedName,
  ),
  bindingSubjects('group_names', 'Groups to whom a binding gives a role.', 'Group'),
  auditMember('ka.req.binding.role', 'The role that a binding gives.', 'requestObject', 'roleRef', 'name'),
  {
    ...auditKeyed('ka.req.binding.subject.has_name', 'Always true; kept for old rules.', () => 'true'),
    deprecated: true,
  },
  auditMember('ka.req.configmap.name', 'Name of the config map.', 'objectRef', 'name'),
  auditMember('ka.req.configmap.obj', 'Content of the config map as JSON.', 'requestObject', 'data'),
  auditList('ka.req.role.rules', 'Rules of the role, each as JSON.', (document) =>
    textsOf(walk(document, RULES)),
  ),
  roleRules('apiGroups', 'API groups in the rules of the role.'),
  roleRules('nonResourceURLs', 'Addresses that are no objects in the rules of the role.'),
  roleRules('verbs', 'Verbs in the rules of the role.'),
  roleRules('resources', 'Resources in the rules of the role.'),
  auditMember('ka.req.service.type', 'Type of the service.', 'requestObject', 'spec', 'type'),
  auditItems('ka.req.service.ports', 'Ports of the service as JSON.', servicePorts),
];
