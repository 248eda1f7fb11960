// The containers of the fake platform: a small shop on Docker and Kubernetes, with every state a container can be in.
import { createHash } from 'node:crypto';
import { bareContainer, type Container, type ContainerState, HOST } from '@guardcell/core';

export const FAKE_HOST = 'node-a.example.net';

const DEFAULT_CAPABILITIES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_KILL',
  'CAP_NET_BIND_SERVICE',
  'CAP_SETGID',
  'CAP_SETUID',
];
const HOUR_MS = 3_600_000;

interface Plan {
  readonly name: string;
  readonly image: string;
  readonly state?: ContainerState;
  readonly privileged?: boolean;
  readonly capabilities?: readonly string[];
  readonly networkMode?: string;
  /** Published on every address of the host. */
  readonly ports?: readonly number[];
  readonly mounts?: Container['mounts'];
  readonly labels?: Readonly<Record<string, string>>;
  /** Namespace and pod; makes it a container of Kubernetes. */
  readonly kubernetes?: readonly [namespace: string, pod: string];
  readonly ageHours: number;
}

const bind = (source: string, destination: string, readOnly = false): Container['mounts'][number] => ({
  type: 'bind',
  source,
  destination,
  readOnly,
});
const volume = (name: string, destination: string): Container['mounts'][number] => ({
  type: 'volume',
  source: `/var/lib/docker/volumes/${name}/_data`,
  destination,
  readOnly: false,
});

const PLANS: readonly Plan[] = [
  {
    name: 'edge-nginx',
    image: 'docker.io/library/nginx:1.29.3',
    ageHours: 212,
    mounts: [
      bind('/srv/edge/nginx.conf', '/etc/nginx/nginx.conf', true),
      bind('/srv/edge/certs', '/etc/nginx/certs', true),
    ],
    labels: { 'com.docker.compose.project': 'edge', 'com.docker.compose.service': 'nginx' },
  },
  {
    name: 'shop-api',
    image: 'ghcr.io/example/shop-api:2.14.0',
    ageHours: 31,
    kubernetes: ['shop', 'shop-api-7d9c5b6f48-x2lqp'],
    labels: { 'app.kubernetes.io/name': 'shop-api', 'app.kubernetes.io/part-of': 'shop' },
  },
  {
    name: 'shop-worker',
    image: 'ghcr.io/example/shop-worker:2.14.0',
    ageHours: 31,
    kubernetes: ['shop', 'shop-worker-5f7c9d4b96-8k2wd'],
    labels: { 'app.kubernetes.io/name': 'shop-worker', 'app.kubernetes.io/part-of': 'shop' },
  },
  {
    name: 'shop-cache',
    image: 'docker.io/library/redis:8.2.1',
    ageHours: 212,
    kubernetes: ['shop', 'shop-cache-0'],
  },
  {
    name: 'shop-db',
    image: 'docker.io/library/postgres:17.6',
    ageHours: 640,
    mounts: [volume('shop-db', '/var/lib/postgresql/data')],
    labels: { 'com.docker.compose.project': 'shop' },
  },
  {
    name: 'blog-php',
    image: 'docker.io/library/wordpress:6.8-php8.3-apache',
    ageHours: 96,
    mounts: [volume('blog', '/var/www/html')],
    labels: { 'com.docker.compose.project': 'blog' },
  },
  {
    name: 'payments-api',
    image: 'registry.example.net/payments/api:1.9.4',
    state: 'paused',
    ageHours: 54,
    kubernetes: ['payments', 'payments-api-6c8d7f9b5c-q7n4z'],
  },
  {
    name: 'ci-runner',
    image: 'docker.io/gitlab/gitlab-runner:v18.4.0',
    privileged: true,
    capabilities: [...DEFAULT_CAPABILITIES, 'CAP_NET_ADMIN', 'CAP_SYS_ADMIN', 'CAP_SYS_PTRACE'],
    ageHours: 18,
    mounts: [bind('/var/run/docker.sock', '/var/run/docker.sock'), bind('/srv/runner', '/etc/gitlab-runner')],
  },
  {
    name: 'node-exporter',
    image: 'quay.io/prometheus/node-exporter:v1.9.1',
    networkMode: 'host',
    ageHours: 640,
    mounts: [bind('/', '/host', true), bind('/proc', '/host/proc', true)],
  },
  {
    name: 'kube-proxy',
    image: 'registry.k8s.io/kube-proxy:v1.34.1',
    privileged: true,
    networkMode: 'host',
    capabilities: [],
    ageHours: 640,
    kubernetes: ['kube-system', 'kube-proxy-b5wq9'],
    mounts: [bind('/lib/modules', '/lib/modules', true), bind('/run/xtables.lock', '/run/xtables.lock')],
  },
  {
    name: 'coredns',
    image: 'registry.k8s.io/coredns/coredns:v1.12.3',
    ageHours: 640,
    kubernetes: ['kube-system', 'coredns-66bc5c9577-m4x7t'],
  },
  { name: 'notebook', image: 'quay.io/jupyter/scipy-notebook:2025-11-03', ports: [8888], ageHours: 7 },
  {
    name: 'build-4411',
    image: 'docker.io/library/golang:1.25-bookworm',
    state: 'exited',
    ageHours: 5,
  },
  { name: 'db-migrate', image: 'ghcr.io/example/shop-migrate:2.14.0', state: 'exited', ageHours: 32 },
  { name: 'load-test', image: 'docker.io/grafana/k6:1.3.0', state: 'created', ageHours: 1 },
];

/** 64 hex digits that follow from the name. */
function fakeContainerId(name: string): string {
  return createHash('sha256').update(`container ${name}`).digest('hex');
}

function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function toContainer(plan: Plan, at: number, nowMs: number): Container {
  const { name, image, kubernetes, state = 'running' } = plan;
  const colon = image.lastIndexOf(':');
  const startedAtMs = nowMs - plan.ageHours * HOUR_MS;
  const isAlive = state === 'running' || state === 'paused';
  return {
    id: fakeContainerId(name),
    name,
    runtime: kubernetes === undefined ? 'docker' : 'containerd',
    runtimeNamespace: kubernetes === undefined ? '' : 'k8s.io',
    state,
    image: {
      reference: image,
      repository: image.slice(0, colon),
      tag: image.slice(colon + 1),
      digest: digest(`manifest ${image}`),
      id: digest(`config ${image}`),
    },
    labels: plan.labels ?? {},
    mounts: plan.mounts ?? [],
    privileged: plan.privileged ?? false,
    capabilities: plan.capabilities ?? DEFAULT_CAPABILITIES,
    networkMode: plan.networkMode ?? 'bridge',
    ip: plan.networkMode === 'host' || !isAlive ? '' : `172.18.0.${at + 2}`,
    ...(kubernetes === undefined && {
      ports: (plan.ports ?? []).map((hostPort) => ({
        address: '0.0.0.0',
        hostPort,
        containerPort: hostPort,
        protocol: 'tcp',
      })),
    }),
    pid: isAlive ? 2000 + at * 137 : 0,
    createdAtMs: startedAtMs - 900,
    startedAtMs: state === 'created' ? 0 : startedAtMs,
    ...(kubernetes !== undefined && {
      kubernetes: {
        namespace: kubernetes[0],
        podName: kubernetes[1],
        podUid: `5b0c7a4e-31d2-4c59-9d07-${fakeContainerId(kubernetes[1]).slice(0, 12)}`,
        containerName: name,
        podLabels: { app: name },
      },
    }),
    complete: true,
  };
}

/** Fresh copies: the fake platform changes their state. The last two are one still unknown, and the host. */
export function fakeContainers(nowMs: number): Container[] {
  return [
    ...PLANS.map((plan, at) => toContainer(plan, at, nowMs)),
    { ...bareContainer(fakeContainerId('unknown yet')), state: 'running' },
    HOST,
  ];
}
