// Kubernetes audit events for tests of rules: `audit:` holds as much of one as the test is about.
import { HOST, type RuntimeEvent } from '@guardcell/core';
import type { YamlNode } from '../loader/yaml-tree.ts';
import { asMap, readShape, type Shape, SpecFailure } from './read-spec.ts';
import { syntheticThread } from './synthetic-thread.ts';
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
const NS_PER_MS = 1_000_000n;

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

/** The event that rules of the source `k8s_audit` see for the document. */
export function auditTestEvent(json: AuditDocument, num = 1): RuntimeEvent {
  const stamp = json['stageTimestamp'] ?? json['requestReceivedTimestamp'];
  const timeMs = Date.parse(typeof stamp === 'string' ? stamp : DEFAULT_TIME);
  const timeNs = BigInt(Number.isNaN(timeMs) ? Date.parse(DEFAULT_TIME) : timeMs) * NS_PER_MS;
  return {
    num,
    type: 'pluginevent',
    timeNs,
    cpu: 0,
    result: undefined,
    thread: syntheticThread({ name: 'kube-apiserver' }, HOST, timeNs),
    fd: undefined,
    param: () => undefined,
    paramNames: () => [],
    path: undefined,
    targetPath: undefined,
    source: 'k8s_audit',
    payload: { plugin: 'k8saudit', json },
  };
}
