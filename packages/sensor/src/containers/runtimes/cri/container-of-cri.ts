// From the CRI's container status and pod sandbox to ours.
import type { Container, ContainerMount, ContainerState } from '@guardcell/core';
import { parseImageReference } from '../../image-reference.ts';
import { listOf, numberOf, objectOf, parseJson, textMapOf, textOf } from '../../json-fields.ts';
import { kubernetesIdentity } from '../../kubernetes-identity.ts';
import { specFacts } from '../../oci-spec.ts';
import type { CriSandbox, CriStatus } from './api.ts';

const STATES: Readonly<Record<string, ContainerState>> = {
  CONTAINER_CREATED: 'created',
  CONTAINER_RUNNING: 'running',
  CONTAINER_EXITED: 'exited',
};

function mountOf(value: unknown): ContainerMount {
  const mount = objectOf(value);
  return {
    type: 'bind',
    source: textOf(mount['host_path']),
    destination: textOf(mount['container_path']),
    readOnly: mount['readonly'] === true,
  };
}

function nsToMs(value: unknown): number {
  return Math.round(numberOf(value) / 1e6);
}

/** `image_ref` is `repository@sha256:…`, or the id of an image that was never pulled. */
function digestAndId(imageRef: string): { readonly digest: string; readonly id: string } {
  const { digest } = parseImageReference(imageRef);
  return digest === '' ? { digest: '', id: imageRef } : { digest, id: '' };
}

export function containerOfCri(answer: CriStatus, sandbox: CriSandbox): Container | undefined {
  const { status } = answer;
  const id = textOf(status['id']);
  if (id === '') return undefined;
  const info = objectOf(parseJson(answer.info));
  const spec = specFacts(info['runtimeSpec']);
  const labels = textMapOf(status['labels']);
  const imageRef = textOf(status['image_ref']);
  const reference = textOf(objectOf(status['image'])['image']) || imageRef;
  const parts = parseImageReference(reference);
  const kubernetes = kubernetesIdentity(labels, sandbox.labels);
  const state = STATES[textOf(status['state'])] ?? 'unknown';
  return {
    id,
    name: textOf(objectOf(status['metadata'])['name']),
    runtime: 'cri',
    runtimeNamespace: 'k8s.io',
    state,
    image: { reference, repository: parts.repository, tag: parts.tag, ...digestAndId(imageRef) },
    labels,
    mounts: listOf(status['mounts']).map(mountOf),
    privileged: info['privileged'] === true || spec.privileged,
    capabilities: spec.capabilities,
    networkMode: info['runtimeSpec'] === undefined ? '' : spec.network,
    ip: sandbox.ip,
    ...(sandbox.ports === undefined ? {} : { ports: sandbox.ports }),
    pid: state === 'running' ? numberOf(info['pid']) : 0,
    createdAtMs: nsToMs(status['created_at']),
    startedAtMs: nsToMs(status['started_at']),
    ...(kubernetes === undefined ? {} : { kubernetes }),
    complete: true,
  };
}
