// One container from what several runtimes say of it: under Kubernetes, the CRI knows pods and containerd the rest.
import type { Container, ContainerImage } from '@guardcell/core';

function mergeImages(better: ContainerImage, other: ContainerImage): ContainerImage {
  return {
    reference: better.reference || other.reference,
    repository: better.repository || other.repository,
    tag: better.tag || other.tag,
    digest: better.digest || other.digest,
    id: better.id || other.id,
  };
}

function mergeTwo(better: Container, other: Container): Container {
  const kubernetes = better.kubernetes ?? other.kubernetes;
  const ports = better.ports ?? other.ports;
  return {
    ...better,
    name: better.name || other.name,
    // Only containerd knows about pausing; to the CRI a paused container runs.
    state: other.state === 'paused' && better.state === 'running' ? 'paused' : better.state,
    image: mergeImages(better.image, other.image),
    mounts: better.mounts.length > 0 ? better.mounts : other.mounts,
    privileged: better.privileged || other.privileged,
    capabilities: better.capabilities.length > 0 ? better.capabilities : other.capabilities,
    networkMode: better.networkMode || other.networkMode,
    ip: better.ip || other.ip,
    ...(ports === undefined ? {} : { ports }),
    pid: better.pid || other.pid,
    startedAtMs: better.startedAtMs || other.startedAtMs,
    ...(kubernetes === undefined ? {} : { kubernetes }),
  };
}

/** Merges sightings of the same container, the most trusted first; undefined when there are none. */
export function mergeSightings(sightings: readonly Container[]): Container | undefined {
  const [first, ...rest] = sightings;
  return first === undefined ? undefined : rest.reduce(mergeTwo, first);
}
