// The well-made pod that checks of Kubernetes pass, and the same with one thing changed.

const HEAD = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
`;
const POD: Readonly<Record<string, string>> = {
  serviceAccountName: 'serviceAccountName: web',
  automountServiceAccountToken: 'automountServiceAccountToken: false',
  securityContext:
    'securityContext: {runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: {type: RuntimeDefault}}',
};
const CONTAINER: Readonly<Record<string, string>> = {
  image: `image: registry.example/web:1.4.2@sha256:${'0'.repeat(64)}`,
  imagePullPolicy: 'imagePullPolicy: IfNotPresent',
  securityContext:
    'securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}',
  resources:
    'resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: 500m, memory: 128Mi, ephemeral-storage: 1Gi}}',
  livenessProbe: 'livenessProbe: {httpGet: {path: /live, port: 8080}}',
  readinessProbe: 'readinessProbe: {httpGet: {path: /ready, port: 8080}}',
};

function lines(settings: Readonly<Record<string, string>>, change: string, indent: string): string {
  const key = change.split(':')[0] ?? '';
  const kept = Object.entries(settings)
    .filter(([name]) => name !== key)
    .map(([, line]) => line);
  return [...kept, ...(change.endsWith(': ~') ? [] : [change])]
    .filter((line) => line !== '')
    .map((line) => `${indent}${line}\n`)
    .join('');
}

/** The pod with one line of its spec and one of its container replaced; `key: ~` takes the line away. */
export function podWith(spec: string, container = ''): string {
  return `${HEAD}${lines(POD, spec, '  ')}  containers:\n    - name: web\n${lines(CONTAINER, container, '      ')}`;
}

export const GOOD_POD: string = podWith('');
