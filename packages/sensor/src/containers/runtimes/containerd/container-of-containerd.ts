// From containerd's container, task and image to ours.
import type { Container, ContainerState } from '@guardcell/core';
import { parseImageReference } from '../../image-reference.ts';
import { type JsonObject, numberOf, objectOf, parseJson, textMapOf, textOf } from '../../json-fields.ts';
import { kubernetesIdentity } from '../../kubernetes-identity.ts';
import { specFacts } from '../../oci-spec.ts';
import { portMappingsIn } from '../../port-mappings.ts';
import type { Task } from './api.ts';

const STATES: Readonly<Record<string, ContainerState>> = {
  CREATED: 'created',
  RUNNING: 'running',
  PAUSED: 'paused',
  PAUSING: 'paused',
  STOPPED: 'exited',
};

/** containerd keeps no name: the kubelet, nerdctl and compose put one into labels. */
function nameOf(id: string, labels: Readonly<Record<string, string>>): string {
  return labels['nerdctl/name'] ?? labels['io.kubernetes.container.name'] ?? id.slice(0, 64);
}

function timeMsOfTimestamp(value: unknown): number {
  const timestamp = objectOf(value);
  return Math.round(numberOf(timestamp['seconds']) * 1000 + numberOf(timestamp['nanos']) / 1e6);
}

/** The OCI specification as containerd stores it: JSON in an `Any`. */
function specOf(any: unknown): unknown {
  const value = objectOf(any)['value'];
  return value instanceof Uint8Array ? parseJson(new TextDecoder().decode(value)) : undefined;
}

export interface ContainerdFacts {
  readonly namespace: string;
  readonly container: JsonObject;
  readonly task: Task | undefined;
  readonly imageDigest: string;
  /** When the first process started, ms since 1970; 0 when not running. */
  readonly startedAtMs: number;
}

export function containerOfContainerd(facts: ContainerdFacts): Container {
  const { container, task } = facts;
  const id = textOf(container['id']);
  const labels = textMapOf(container['labels']);
  const reference = textOf(container['image']);
  const parts = parseImageReference(reference);
  const spec = specFacts(specOf(container['spec']));
  const kubernetes = kubernetesIdentity(labels);
  const ports = portMappingsIn(labels['nerdctl/ports']);
  return {
    id,
    name: nameOf(id, labels),
    runtime: 'containerd',
    runtimeNamespace: facts.namespace,
    state: task === undefined ? 'created' : (STATES[task.status] ?? 'unknown'),
    image: { reference, ...parts, digest: facts.imageDigest || parts.digest, id: '' },
    labels,
    mounts: spec.mounts,
    privileged: spec.privileged,
    capabilities: spec.capabilities,
    networkMode: spec.network,
    ip: '',
    ...(ports === undefined ? {} : { ports }),
    pid: task === undefined || task.status === 'STOPPED' ? 0 : task.pid,
    createdAtMs: timeMsOfTimestamp(container['created_at']),
    startedAtMs: facts.startedAtMs,
    ...(kubernetes === undefined ? {} : { kubernetes }),
    complete: true,
  };
}
