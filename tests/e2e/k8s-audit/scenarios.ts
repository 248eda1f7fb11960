// For every official audit rule: a request to a real API server that it must see, and a similar one that it must not.
import type { Cluster } from './cluster.ts';
import {
  binding,
  configMap,
  deployment,
  ingress,
  named,
  node,
  pod,
  RBAC,
  role,
  rule,
  secret,
  service,
} from './objects.ts';

const NS = '/api/v1/namespaces/default';
const APPS = '/apis/apps/v1/namespaces/default';
const NETWORK = '/apis/networking.k8s.io/v1/namespaces/default';
const KUBE = '/api/v1/namespaces/kube-system';
const DEFAULT_RBAC = `${RBAC}/namespaces/default`;

export interface Scenario {
  readonly rules: readonly string[];
  /** What is done, for the list of proofs. */
  readonly does: string;
  /** Resolves with text that the alert names: the object, or part of the address. */
  readonly attack: (api: Cluster, kubeletPort: number) => Promise<string>;
  /** The same for requests on which none of the rules may fire. */
  readonly benign: (api: Cluster, kubeletPort: number) => Promise<string>;
}

async function create(api: Cluster, path: string, body: Readonly<Record<string, unknown>>): Promise<string> {
  const answer = await api.call('POST', path, { body });
  if (answer.status >= 300) throw new Error(`POST ${path} → ${answer.status} ${JSON.stringify(answer.json)}`);
  return (body['metadata'] as { name: string }).name;
}

async function createAndDelete(
  api: Cluster,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<string> {
  const name = await create(api, path, body);
  const answer = await api.call('DELETE', `${path}/${name}`);
  if (answer.status >= 300) throw new Error(`DELETE ${path}/${name} → ${answer.status}`);
  return name;
}

async function read(api: Cluster, path: string, token?: string): Promise<number> {
  return (await api.call('GET', path, token === undefined ? {} : { token })).status;
}

/** A kind of object: creating and deleting it is seen, changing its labels is not. */
function lifecycle(
  what: string,
  label: string,
  path: string,
  body: (name: string) => Readonly<Record<string, unknown>>,
): Scenario {
  return {
    rules: [`K8s ${what} Created`, `K8s ${what} Deleted`],
    does: `creates and deletes a ${label}`,
    attack: (api) => createAndDelete(api, path, body(`gc-life-${label}`)),
    async benign(api) {
      const name = `gc-life-${label}-absent`;
      // Refused, because there is none: nothing was deleted.
      await api.call('DELETE', `${path}/${name}`);
      return name;
    },
  };
}

const MOUNT = { volumes: [{ name: 'h', hostPath: { path: '/etc' } }] };
const SCRATCH = { volumes: [{ name: 's', emptyDir: {} }] };

const PODS: readonly Scenario[] = [
  {
    rules: ['Create Privileged Pod'],
    does: 'creates a pod with a privileged container',
    attack: (api) =>
      create(api, `${NS}/pods`, pod('gc-privileged', {}, { securityContext: { privileged: true } })),
    benign: (api) =>
      create(api, `${NS}/pods`, pod('gc-unprivileged', {}, { securityContext: { privileged: false } })),
  },
  {
    rules: ['Create Sensitive Mount Pod'],
    does: 'creates a pod that mounts /etc of the host',
    attack: (api) => create(api, `${NS}/pods`, pod('gc-mount-etc', MOUNT)),
    benign: (api) => create(api, `${NS}/pods`, pod('gc-mount-scratch', SCRATCH)),
  },
  {
    rules: ['Create HostNetwork Pod'],
    does: 'creates a pod in the network of the host',
    attack: (api) => create(api, `${NS}/pods`, pod('gc-host-network', { hostNetwork: true })),
    benign: (api) => create(api, `${NS}/pods`, pod('gc-own-network', { hostNetwork: false })),
  },
  {
    rules: ['Create HostPid Pod'],
    does: 'creates a pod that sees the processes of the host',
    attack: (api) => create(api, `${NS}/pods`, pod('gc-host-pid', { hostPID: true })),
    benign: (api) => create(api, `${NS}/pods`, pod('gc-own-pid', { hostPID: false })),
  },
  {
    rules: ['Create HostIPC Pod'],
    does: 'creates a pod in the IPC namespace of the host',
    attack: (api) => create(api, `${NS}/pods`, pod('gc-host-ipc', { hostIPC: true })),
    benign: (api) => create(api, `${NS}/pods`, pod('gc-own-ipc', { hostIPC: false })),
  },
  {
    rules: ['Create Disallowed Pod'],
    does: 'creates a pod, with the macro for allowed images switched over',
    attack: (api) => create(api, `${NS}/pods`, pod('gc-image')),
    async benign(api) {
      await read(api, `${NS}/pods/gc-image-read`);
      return 'gc-image-read';
    },
  },
  {
    rules: ['Pod Created in Kube Namespace'],
    does: 'creates a pod in kube-system',
    attack: (api) => create(api, `${KUBE}/pods`, pod('gc-in-kube-system')),
    benign: (api) => create(api, `${NS}/pods`, pod('gc-in-default')),
  },
  {
    rules: ['EphemeralContainers Created'],
    does: 'asks for an ephemeral container in a pod',
    async attack(api) {
      await create(api, `${NS}/pods`, pod('gc-ephemeral'));
      const body = {
        apiVersion: 'v1',
        kind: 'EphemeralContainers',
        metadata: { name: 'gc-ephemeral' },
        ephemeralContainers: [{ name: 'debugger', image: 'registry.example/debug:1' }],
      };
      await api.call('PUT', `${NS}/pods/gc-ephemeral/ephemeralcontainers`, { body });
      return 'gc-ephemeral';
    },
    async benign(api) {
      const name = await create(api, `${NS}/pods`, pod('gc-not-ephemeral'));
      const contentType = 'application/merge-patch+json';
      await api.call('PATCH', `${NS}/pods/${name}`, {
        body: { metadata: { labels: { a: 'b' } } },
        contentType,
      });
      return name;
    },
  },
  {
    rules: ['Attach/Exec Pod', 'port-forward'],
    does: 'opens a shell and a tunnel into a pod; a stand-in answers for the kubelet',
    async attack(api, port) {
      await api.call('POST', '/api/v1/nodes', { body: node('gc-exec-node', port) });
      const name = await create(api, `${NS}/pods`, pod('gc-exec', { nodeName: 'gc-exec-node' }));
      const status = await api.upgrade('POST', `${NS}/pods/${name}/exec?command=id&container=c&stdout=true`);
      if (status !== 101) throw new Error(`exec → ${status}`);
      await api.upgrade('POST', `${NS}/pods/${name}/portforward?ports=80`);
      return name;
    },
    async benign(api, port) {
      await api.call('POST', '/api/v1/nodes', { body: node('gc-log-node', port) });
      const name = await create(api, `${NS}/pods`, pod('gc-log', { nodeName: 'gc-log-node' }));
      await read(api, `${NS}/pods/${name}/log`);
      return name;
    },
  },
];

const OBJECTS: readonly Scenario[] = [
  {
    rules: ['Create NodePort Service'],
    does: 'creates a service of type NodePort',
    attack: (api) => create(api, `${NS}/services`, service('gc-node-port', { type: 'NodePort' })),
    benign: (api) => create(api, `${NS}/services`, service('gc-cluster-ip', { type: 'ClusterIP' })),
  },
  {
    rules: ['Create/Modify Configmap With Private Credentials'],
    does: 'creates a config map with a password',
    attack: (api) => create(api, `${NS}/configmaps`, configMap('gc-password', { 'db.password': 'hunter2' })),
    benign: (api) => create(api, `${NS}/configmaps`, configMap('gc-color', { color: 'blue' })),
  },
  {
    rules: ['Create Disallowed Namespace'],
    does: 'creates a namespace that is on no list',
    attack: (api) => create(api, '/api/v1/namespaces', named('v1', 'Namespace', 'gc-disallowed')),
    async benign(api) {
      await api.call('POST', '/api/v1/namespaces', { body: named('v1', 'Namespace', 'default') });
      return 'default';
    },
  },
  {
    rules: ['Service Account Created in Kube Namespace'],
    does: 'creates a service account in kube-system',
    attack: (api) => create(api, `${KUBE}/serviceaccounts`, named('v1', 'ServiceAccount', 'gc-kube-sa')),
    benign: (api) => create(api, `${NS}/serviceaccounts`, named('v1', 'ServiceAccount', 'gc-default-sa')),
  },
  {
    rules: ['K8s Secret Created', 'K8s Secret Deleted', 'K8s Secret Get Successfully'],
    does: 'creates, reads and deletes a secret',
    async attack(api) {
      const name = await create(api, `${NS}/secrets`, secret('gc-secret', 'TOP-SECRET-VALUE'));
      await read(api, `${NS}/secrets/${name}`);
      await api.call('DELETE', `${NS}/secrets/${name}`);
      return name;
    },
    async benign(api) {
      // The rules leave kube-system out, and a list is not a get.
      await createAndDelete(api, `${KUBE}/secrets`, secret('gc-kube-secret', 'x'));
      return 'gc-kube-secret';
    },
  },
  {
    rules: ['K8s Secret Get Unsuccessfully Tried'],
    does: 'reads a secret without the right to',
    async attack(api) {
      await read(api, `${NS}/secrets/gc-forbidden-secret`, api.aliceToken);
      return 'gc-forbidden-secret';
    },
    async benign(api) {
      const name = await create(api, `${NS}/secrets`, secret('gc-read-secret', 'x'));
      await read(api, `${NS}/secrets/${name}`);
      return name;
    },
  },
  {
    rules: ['Ingress Object without TLS Certificate Created'],
    does: 'creates an ingress without TLS',
    attack: (api) => create(api, `${NETWORK}/ingresses`, ingress('gc-plain', false)),
    benign: (api) => create(api, `${NETWORK}/ingresses`, ingress('gc-tls', true)),
  },
  lifecycle('Deployment', 'deployment', `${APPS}/deployments`, deployment),
  lifecycle('Service', 'service', `${NS}/services`, (name) => service(name)),
  lifecycle('ConfigMap', 'configmap', `${NS}/configmaps`, (name) => configMap(name, { a: 'b' })),
  lifecycle('Namespace', 'namespace', '/api/v1/namespaces', (name) => named('v1', 'Namespace', name)),
  lifecycle('Serviceaccount', 'serviceaccount', `${NS}/serviceaccounts`, (name) =>
    named('v1', 'ServiceAccount', name),
  ),
];

const RIGHTS: readonly Scenario[] = [
  {
    rules: ['Attach to cluster-admin Role'],
    does: 'binds cluster-admin to a user',
    attack: (api) =>
      create(api, `${RBAC}/clusterrolebindings`, binding('ClusterRoleBinding', 'gc-admin', 'cluster-admin')),
    benign: (api) =>
      create(api, `${RBAC}/clusterrolebindings`, binding('ClusterRoleBinding', 'gc-view', 'view')),
  },
  {
    rules: ['ClusterRole With Wildcard Created'],
    does: 'creates a role with all rights on secrets',
    attack: (api) =>
      create(api, `${RBAC}/clusterroles`, role('ClusterRole', 'gc-wildcard', [rule(['secrets'], ['*'])])),
    benign: (api) =>
      create(api, `${RBAC}/clusterroles`, role('ClusterRole', 'gc-narrow', [rule(['pods'], ['get'])])),
  },
  {
    rules: ['ClusterRole With Write Privileges Created'],
    does: 'creates a role that may create pods',
    attack: (api) =>
      create(api, `${DEFAULT_RBAC}/roles`, role('Role', 'gc-write', [rule(['pods'], ['create'])])),
    benign: (api) =>
      create(api, `${DEFAULT_RBAC}/roles`, role('Role', 'gc-read', [rule(['pods'], ['list'])])),
  },
  {
    rules: ['ClusterRole With Pod Exec Created'],
    does: 'creates a role that may open shells in pods',
    attack: (api) =>
      create(api, `${DEFAULT_RBAC}/roles`, role('Role', 'gc-may-exec', [rule(['pods/exec'], ['get'])])),
    benign: (api) =>
      create(api, `${DEFAULT_RBAC}/roles`, role('Role', 'gc-may-log', [rule(['pods/log'], ['get'])])),
  },
  {
    rules: ['System ClusterRole Modified/Deleted'],
    does: 'deletes a role whose name begins with system:',
    attack: (api) => createAndDelete(api, `${RBAC}/clusterroles`, role('ClusterRole', 'system:gc-test', [])),
    benign: (api) => createAndDelete(api, `${RBAC}/clusterroles`, role('ClusterRole', 'gc-not-system', [])),
  },
  lifecycle('Role', 'role', `${DEFAULT_RBAC}/roles`, (name) => role('Role', name, [])),
  lifecycle('ClusterRole', 'clusterrole', `${RBAC}/clusterroles`, (name) => role('ClusterRole', name, [])),
  lifecycle('RoleBinding', 'rolebinding', `${DEFAULT_RBAC}/rolebindings`, (name) =>
    binding('RoleBinding', name, 'view'),
  ),
  lifecycle('ClusterRoleBinding', 'clusterrolebinding', `${RBAC}/clusterrolebindings`, (name) =>
    binding('ClusterRoleBinding', name, 'view'),
  ),
];

const PEOPLE: readonly Scenario[] = [
  {
    rules: ['Disallowed K8s User'],
    does: 'a user that is on no list asks for pods',
    async attack(api) {
      await read(api, `${NS}/pods/gc-by-alice`, api.aliceToken);
      return 'gc-by-alice';
    },
    async benign(api) {
      await read(api, `${NS}/pods/gc-by-admin`);
      return 'gc-by-admin';
    },
  },
  {
    rules: ['Anonymous Request Allowed'],
    does: 'asks for the version without signing in',
    async attack(api) {
      await read(api, '/version?gc-anonymous', '');
      return 'gc-anonymous';
    },
    async benign(api) {
      await read(api, '/healthz?gc-anonymous-health', '');
      await read(api, `${NS}/pods/gc-anonymous-refused`, '');
      return 'gc-anonymous-';
    },
  },
  {
    rules: ['Full K8s Administrative Access'],
    does: 'the user admin asks for a pod, with the macro for administrators switched over',
    async attack(api) {
      await read(api, `${NS}/pods/gc-full-admin`);
      return 'gc-full-admin';
    },
    async benign(api) {
      await read(api, `${NS}/pods/gc-no-admin`, api.aliceToken);
      return 'gc-no-admin';
    },
  },
  {
    rules: ['All K8s Audit Events'],
    does: 'any request, with the macro for all events switched over',
    async attack(api) {
      await read(api, `${NS}/pods/gc-any-event`);
      return 'gc-any-event';
    },
    async benign(api) {
      // The audit policy leaves it out: there is no event.
      await read(api, '/apis/coordination.k8s.io/v1/namespaces/default/leases/gc-no-event');
      return 'gc-no-event';
    },
  },
  {
    rules: ['Untrusted Node Successfully Joined the Cluster'],
    does: 'a node that is on no list joins, with the macro for nodes switched over',
    attack: (api, port) => create(api, '/api/v1/nodes', node('gc-joined', port)),
    async benign(api) {
      await read(api, '/api/v1/nodes/gc-node-read');
      return 'gc-node-read';
    },
  },
  {
    rules: ['Untrusted Node Unsuccessfully Tried to Join the Cluster'],
    does: 'a node that is on no list is refused, with the macro for nodes switched over',
    async attack(api, port) {
      await api.call('POST', '/api/v1/nodes', { body: node('gc-refused', port), token: api.aliceToken });
      return 'nodes';
    },
    benign: (api, port) => create(api, '/api/v1/nodes', node('gc-joined-well', port)),
  },
];

export const SCENARIOS: readonly Scenario[] = [...PODS, ...OBJECTS, ...RIGHTS, ...PEOPLE];

/** Switches over the macros with which the official file leaves five rules off. */
export const SWITCHED_ON: string = [
  'allowed_k8s_containers',
  'allowed_full_admin_users',
  'allow_all_k8s_nodes',
]
  .map((name) => `- macro: ${name}\n  condition: (k8s_audit_never_true)\n`)
  .concat('- macro: consider_all_events\n  condition: (k8s_audit_always_true)\n')
  .join('');
