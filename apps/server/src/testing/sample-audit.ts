// Kubernetes audit events and rules for tests.

let number = 0;

/** An event of an API server, written by hand: `admin` creates a pod. Members can be replaced. */
export function sampleAuditEvent(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  number += 1;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/pods',
    verb: 'create',
    user: { username: 'mallory', groups: ['system:authenticated'] },
    sourceIPs: ['192.0.2.7'],
    userAgent: 'kubectl/v1.31.0',
    objectRef: { resource: 'pods', namespace: 'shop', name: 'debug', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 201 },
    requestObject: { kind: 'Pod', spec: { hostPID: true, containers: [{ name: 'c', image: 'busybox:1' }] } },
    requestReceivedTimestamp: '2026-03-01T12:00:00.000001Z',
    stageTimestamp: '2026-03-01T12:00:00.123456Z',
    annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    ...changes,
  };
}

export function eventList(...items: readonly unknown[]): Record<string, unknown> {
  return { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items };
}

export const AUDIT_RULES: string = `
- rule: Pod sees processes of the host
  desc: test
  condition: ka.verb=create and ka.target.resource=pods and ka.req.pod.host_pid intersects (true)
  output: Pod sees the host (user=%ka.user.name pod=%ka.target.name ns=%ka.target.namespace)
  priority: WARNING
  source: k8s_audit
- rule: Secret read
  desc: test
  condition: ka.target.resource=secrets
  output: Secret (user=%ka.user.name obj=%jevt.obj)
  priority: NOTICE
  source: k8s_audit
- rule: Config map written
  desc: test
  condition: ka.req.configmap.obj contains "@db"
  output: Config map (obj=%ka.req.configmap.obj all=%jevt.obj)
  priority: NOTICE
  source: k8s_audit
`;
