// What Guardcell knows of a container, whatever runtime it comes from.

export const CONTAINER_RUNTIMES = ['docker', 'containerd', 'cri'] as const;
export type ContainerRuntime = (typeof CONTAINER_RUNTIMES)[number];

export const CONTAINER_STATES = ['created', 'running', 'paused', 'exited', 'removed', 'unknown'] as const;
export type ContainerState = (typeof CONTAINER_STATES)[number];

export interface ContainerMount {
  /** `bind`, `volume`, `tmpfs` … as the runtime names it. */
  readonly type: string;
  readonly source: string;
  readonly destination: string;
  readonly readOnly: boolean;
}

export interface ContainerImage {
  /** As the user wrote it: `docker.io/library/nginx:1.27`. Empty when unknown. */
  readonly reference: string;
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` of the manifest, when the runtime knows it. */
  readonly digest: string;
  /** `sha256:…` of the image configuration. */
  readonly id: string;
}

/** A port of the container that the host hands on to it. */
export interface PublishedPort {
  /** Of the host, `0.0.0.0`, `::`, `127.0.0.1` …; empty: every one. */
  readonly address: string;
  /** 0 while the runtime has not chosen one. */
  readonly hostPort: number;
  readonly containerPort: number;
  /** `tcp`, `udp`, `sctp`. */
  readonly protocol: string;
}

export interface KubernetesIdentity {
  readonly namespace: string;
  readonly podName: string;
  readonly podUid: string;
  readonly containerName: string;
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface Container {
  /** 64 hex digits; `host` for processes outside every container. */
  readonly id: string;
  readonly name: string;
  readonly runtime: ContainerRuntime | 'host' | 'unknown';
  /** `default`/`moby`/`k8s.io` for containerd; empty for docker. */
  readonly runtimeNamespace: string;
  readonly state: ContainerState;
  readonly image: ContainerImage;
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly ContainerMount[];
  readonly privileged: boolean;
  /** Names with the `CAP_` prefix; empty when the runtime does not say. */
  readonly capabilities: readonly string[];
  /** `bridge`, `host`, `none`, `container:<id>` … */
  readonly networkMode: string;
  /** First IP address inside the container, if known. */
  readonly ip: string;
  /** Published ports, at most 200; left out where nobody can tell, or where it is reached without any. */
  readonly ports?: readonly PublishedPort[];
  /** Pid of the container's first process in the host's pid namespace; 0 when not running. */
  readonly pid: number;
  readonly createdAtMs: number;
  readonly startedAtMs: number;
  readonly kubernetes?: KubernetesIdentity;
  /** False while only the id is known (from the cgroup) and metadata is still being fetched. */
  readonly complete: boolean;
}

/** Length of the id that people see (`docker ps`, `container.id` in rules). */
export const SHORT_ID_LENGTH = 12;

export function shortContainerId(id: string): string {
  return id.slice(0, SHORT_ID_LENGTH);
}

const NO_IMAGE: ContainerImage = { reference: '', repository: '', tag: '', digest: '', id: '' };

/** A container of which only the id is known so far. */
export function bareContainer(id: string): Container {
  return {
    id,
    name: '',
    runtime: 'unknown',
    runtimeNamespace: '',
    state: 'unknown',
    image: NO_IMAGE,
    labels: {},
    mounts: [],
    privileged: false,
    capabilities: [],
    networkMode: '',
    ip: '',
    pid: 0,
    createdAtMs: 0,
    startedAtMs: 0,
    complete: false,
  };
}

/** Stands for every process outside containers, so that nobody needs a null check. */
export const HOST: Container = {
  ...bareContainer('host'),
  name: 'host',
  runtime: 'host',
  state: 'running',
  complete: true,
};

/** Stands for the Kubernetes API, which alerts from its audit log are about; nothing in it can be acted on. */
export const CLUSTER: Container = { ...bareContainer('cluster'), name: 'cluster', complete: true };

export function isHost(container: Pick<Container, 'id'>): boolean {
  return container.id === HOST.id;
}
