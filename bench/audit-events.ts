// Audit events for measurements, written by hand after those of a small cluster: mostly reads, some writes, few attacks.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RuleFile } from '@guardcell/core';

const ROOT = resolve(import.meta.dirname, '..');
const OFFICIAL = resolve(ROOT, '../shared/compat/falco/rules/k8s_audit_rules.yaml');
const OWN = join(ROOT, 'content/rules');

/** Falco's official audit rules where they are at hand, else our own. */
export function AUDIT_RULE_FILES(): readonly RuleFile[] {
  if (existsSync(OFFICIAL)) return [{ name: OFFICIAL, content: readFileSync(OFFICIAL, 'utf8') }];
  return ['_shared', 'kubernetes-audit']
    .flatMap((folder) => readdirSync(join(OWN, folder)).map((name) => `${folder}/${name}`))
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .map((name) => ({ name, content: readFileSync(join(OWN, name), 'utf8') }));
}

type Plain = Readonly<Record<string, unknown>>;

function event(at: number, verb: string, resource: string, more: Plain = {}): Plain {
  const namespace = ['default', 'kube-system', 'shop'][at % 3];
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    stage: 'ResponseComplete',
    requestURI: `/api/v1/namespaces/${namespace}/${resource}/object-${at}`,
    verb,
    user: {
      username: ['system:node:worker-1', 'system:serviceaccount:kube-system:job-controller', 'deployer'][
        at % 3
      ],
      groups: ['system:authenticated'],
    },
    sourceIPs: ['10.0.0.7'],
    userAgent: 'kube-controller-manager/v1.31.0 (linux/amd64) kubernetes/abcdef',
    objectRef: { resource, namespace, name: `object-${at}`, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: verb === 'create' ? 201 : 200 },
    requestReceivedTimestamp: '2026-03-01T12:00:00.000001Z',
    stageTimestamp: '2026-03-01T12:00:00.123456Z',
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason':
        'RBAC: allowed by ClusterRoleBinding "a" of ClusterRole "b" to Group "c"',
    },
    ...more,
  };
}

const POD: Plain = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'registry.example/shop/web:1.4.2',
        env: Array.from({ length: 12 }, (_, at) => ({ name: `KEY_${at}`, value: `value ${at}` })),
        ports: [{ containerPort: 8080 }],
        securityContext: { privileged: false, runAsUser: 1000, capabilities: { drop: ['ALL'] } },
      },
    ],
    volumes: [
      { name: 'token', projected: { sources: [] } },
      { name: 'h', hostPath: { path: '/var/log' } },
    ],
    securityContext: {},
  },
};

/** Fifty events: 60 % reads, 20 % updates of status and leases, the rest creations of objects. */
export function realisticEvents(): readonly Plain[] {
  const reads = ['pods', 'configmaps', 'endpoints', 'services', 'nodes', 'secrets'];
  return Array.from({ length: 50 }, (_, at) => {
    if (at % 5 < 3)
      return event(at, ['get', 'list', 'watch'][at % 3] ?? 'get', reads[at % reads.length] ?? 'pods');
    if (at % 5 === 3) return event(at, 'update', 'nodes', { requestObject: { status: { conditions: [] } } });
    const object = at % 2 === 0 ? { requestObject: POD, responseObject: POD } : {};
    return event(at, 'create', ['pods', 'events', 'services', 'roles'][at % 4] ?? 'pods', object);
  });
}
