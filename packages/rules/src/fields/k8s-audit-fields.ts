// ka.*: Kubernetes audit events. Here: who asked for what, and what the API server answered.
import type { FieldDefinition } from './field.ts';
import { auditItems, auditKeyed, auditList, auditMember, auditText } from './k8s-audit-field.ts';
import { K8S_AUDIT_OBJECT_FIELDS } from './k8s-audit-object-fields.ts';
import { K8S_AUDIT_POD_FIELDS } from './k8s-audit-pod-fields.ts';
import { itemsAt, member, textOf, texts, textsOf, walk } from './k8s-audit-value.ts';

/** First value of a parameter of the query, decoded; `+` is a blank. */
function queryParameter(document: unknown, key: string): string | undefined {
  const uri = textOf(member(document, 'requestURI'));
  const query = uri?.indexOf('?') ?? -1;
  if (uri === undefined || query < 0) return undefined;
  const fragment = uri.indexOf('#', query);
  return new URLSearchParams(uri.slice(query + 1, fragment < 0 ? undefined : fragment)).get(key) ?? undefined;
}

/** The pod itself, not what is below it; created pods with a generated name have it only in the answer. */
function targetPodName(document: unknown): string | undefined {
  const target = member(document, 'objectRef');
  if (member(target, 'resource') !== 'pods') return undefined;
  const subresource = member(target, 'subresource');
  if (subresource !== undefined && subresource !== '') return undefined;
  return textOf(walk(document, ['responseObject', 'metadata', 'name'])) ?? textOf(member(target, 'name'));
}

const REQUEST: readonly FieldDefinition[] = [
  auditMember('ka.auditid', 'Id of the request, the same in all its stages.', 'auditID'),
  auditMember('ka.stage', 'Stage: RequestReceived, ResponseStarted, ResponseComplete or Panic.', 'stage'),
  auditMember('ka.auth.decision', 'allow or forbid.', 'annotations', 'authorization.k8s.io/decision'),
  auditMember(
    'ka.auth.reason',
    'Why it was allowed or forbidden, such as the binding and role.',
    'annotations',
    'authorization.k8s.io/reason',
  ),
  auditMember(
    'ka.auth.openshift.decision',
    'How OpenShift decided on the sign-in.',
    'annotations',
    'authentication.openshift.io/decision',
  ),
  auditMember(
    'ka.auth.openshift.username',
    'Who signed in to OpenShift.',
    'annotations',
    'authentication.openshift.io/username',
  ),
  auditMember(
    'ka.validations.admission.policy.failure',
    'Which ValidatingAdmissionPolicy failed, and how.',
    'annotations',
    'validation.policy.admission.k8s.io/validation_failure',
  ),
  auditMember(
    'ka.security.pod.violations',
    'How the pod violates the Pod Security Standard of its namespace.',
    'annotations',
    'pod-security.kubernetes.io/audit-violations',
  ),
  auditMember('ka.user.name', 'Who sent the request.', 'user', 'username'),
  auditList('ka.user.groups', 'Groups of the user.', (document) =>
    textsOf(walk(document, ['user', 'groups'])),
  ),
  auditMember('ka.impuser.name', 'As whom the user acted.', 'impersonatedUser', 'username'),
  auditMember('ka.verb', 'What was asked: get, list, create, patch, delete …', 'verb'),
  auditMember('ka.uri', 'Address of the request with its query.', 'requestURI'),
  auditKeyed('ka.uri.param', 'A parameter of the query.', queryParameter),
  auditMember('ka.target.name', 'Name of the object.', 'objectRef', 'name'),
  auditMember('ka.target.namespace', 'Namespace of the object.', 'objectRef', 'namespace'),
  auditMember(
    'ka.target.resource',
    'Kind of the object in the plural: pods, secrets …',
    'objectRef',
    'resource',
  ),
  auditMember('ka.target.subresource', 'Part of the object: exec, log, status …', 'objectRef', 'subresource'),
  auditText('ka.target.pod.name', 'Name of the pod that the request is about.', targetPodName),
];

const ANSWER: readonly FieldDefinition[] = [
  auditMember('ka.resp.name', 'Name of the object in the answer.', 'responseObject', 'metadata', 'name'),
  auditMember('ka.response.code', 'HTTP status of the answer.', 'responseStatus', 'code'),
  auditMember('ka.response.reason', 'Why the request failed, in one word.', 'responseStatus', 'reason'),
  auditMember('ka.useragent', 'What the client says it is.', 'userAgent'),
  auditItems('ka.sourceips', 'Addresses of the client, then of the proxies.', (document, index) => {
    const items = itemsAt(document, ['sourceIPs'], index);
    return items === undefined ? undefined : texts(items);
  }),
  auditMember(
    'ka.cluster.name',
    'Name of the cluster, where the sender adds it.',
    'annotations',
    'cluster_name',
  ),
];

/** Every ka.* field. */
export const K8S_AUDIT_FIELDS: readonly FieldDefinition[] = [
  ...REQUEST,
  ...K8S_AUDIT_OBJECT_FIELDS,
  ...K8S_AUDIT_POD_FIELDS,
  ...ANSWER,
];
