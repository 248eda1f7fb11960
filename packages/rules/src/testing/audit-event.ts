// Kubernetes audit events for tests of rules: `audit:` holds as much of one as the test is about.
import { type AuditProblem, auditEvent } from '../audit/audit-event.ts';
import type { YamlNode } from '../loader/yaml-tree.ts';
import { asMap, readShape, type Shape, SpecFailure } from './read-spec.ts';
import type { EventResult } from './synthetic-event.ts';
import { type JsonValue, jsonOf } from './yaml-json.ts';

export type AuditDocument = Readonly<Record<string, JsonValue>>;

const ANY = jsonOf;
const USER: Shape = { username: ANY, uid: ANY, groups: ANY, extra: ANY };
const OBJECT: Shape = {
  resource: ANY,
  namespace: ANY,
  name: ANY,
  uid: ANY,
  apiGroup: ANY,
  apiVersion: ANY,
  resourceVersion: ANY,
  subresource: ANY,
};
const STATUS: Shape = {
  metadata: ANY,
  status: ANY,
  message: ANY,
  reason: ANY,
  details: ANY,
  code: ANY,
  kind: ANY,
  apiVersion: ANY,
};

/** Keys of audit.k8s.io/v1 Event. Objects of the cluster may have any keys, everything around them is checked. */
const EVENT: Shape = {
  kind: ANY,
  apiVersion: ANY,
  metadata: ANY,
  level: ANY,
  timestamp: ANY,
  auditID: ANY,
  stage: ANY,
  requestURI: ANY,
  verb: ANY,
  user: (node) => readShape(node, USER),
  impersonatedUser: (node) => readShape(node, USER),
  authenticationMetadata: ANY,
  sourceIPs: ANY,
  userAgent: ANY,
  objectRef: (node) => readShape(node, OBJECT),
  responseStatus: (node) => readShape(node, STATUS),
  requestObject: ANY,
  responseObject: ANY,
  requestReceivedTimestamp: ANY,
  stageTimestamp: ANY,
  annotations: ANY,
};

const DEFAULT_TIME = '2026-01-01T00:00:00.000000Z';

/** Throws SpecFailure for keys that audit events do not have. What is left out gets the usual values. */
export function readAuditDocument(node: YamlNode): AuditDocument {
  const given = readShape(asMap(node), EVENT) as AuditDocument;
  if (typeof given['verb'] !== 'string') throw new SpecFailure("an audit event needs a 'verb'", node.at.line);
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: '00000000-0000-4000-8000-000000000001',
    stage: 'ResponseComplete',
    requestURI: '/',
    user: { username: 'system:anonymous' },
    sourceIPs: ['192.0.2.10'],
    userAgent: 'kubectl/v1.30.0',
    responseStatus: { code: 200 },
    requestReceivedTimestamp: DEFAULT_TIME,
    stageTimestamp: DEFAULT_TIME,
    ...given,
  };
}

/** The event that rules of the source `k8s_audit` see for the document, secrets masked as in a real one. */
export function auditTestEvent(json: AuditDocument, num = 1): EventResult {
  const made = auditEvent(json, num);
  return made.ok
    ? { event: made.event }
    : { problem: `the audit event is of no use: ${PROBLEMS[made.problem]}` };
}

const PROBLEMS: Readonly<Record<AuditProblem, string>> = {
  'not-an-object': 'it is no map',
  'no-audit-id': 'its auditID is not a text',
  'no-time': 'its stageTimestamp and requestReceivedTimestamp are no times',
};
