// Objects of the Kubernetes API that the audit tests make.

type Plain = Readonly<Record<string, unknown>>;

export const RBAC = '/apis/rbac.authorization.k8s.io/v1';

export function pod(name: string, spec: Plain = {}, container: Plain = {}): Plain {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'registry.example/team/app:1.0', ...container }], ...spec },
  };
}

export function deployment(name: string): Plain {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'c', image: 'registry.example/app:1' }] },
      },
    },
  };
}

export function service(name: string, spec: Plain = {}): Plain {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
}

export function configMap(name: string, data: Plain): Plain {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

export function secret(name: string, value: string): Plain {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { value } };
}

export function named(apiVersion: string, kind: string, name: string): Plain {
  return { apiVersion, kind, metadata: { name } };
}

export function role(kind: 'Role' | 'ClusterRole', name: string, rules: readonly Plain[]): Plain {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name }, rules };
}

export function rule(resources: readonly string[], verbs: readonly string[]): Plain {
  return { apiGroups: [''], resources, verbs };
}

export function binding(
  kind: 'RoleBinding' | 'ClusterRoleBinding',
  name: string,
  clusterRole: string,
): Plain {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
    subjects: [{ kind: 'User', name: 'mallory', apiGroup: 'rbac.authorization.k8s.io' }],
  };
}

export function ingress(name: string, tls: boolean): Plain {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name },
    spec: {
      ...(tls && { tls: [{ hosts: ['shop.example'], secretName: 'shop-tls' }] }),
      rules: [
        {
          host: 'shop.example',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  };
}

/** A node whose kubelet listens on a port of this machine. */
export function node(name: string, kubeletPort: number): Plain {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    },
  };
}
