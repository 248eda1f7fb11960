// A container as the JSON that the format carries in `container` events.
import { type Container, shortContainerId } from '@guardcell/core';

/** Numbers that the format has for runtimes. */
const RUNTIME_NUMBERS: Readonly<Record<Container['runtime'], number>> = {
  docker: 0,
  cri: 6,
  containerd: 7,
  host: 5,
  unknown: 5,
};

const LABELS_MAX = 200;

/** Text of the object `{"container": …}`, with what is known of the container. */
export function containerJson(container: Container): string {
  const { image, kubernetes } = container;
  const labels = {
    ...Object.fromEntries(Object.entries(container.labels).slice(0, LABELS_MAX)),
    ...(kubernetes === undefined
      ? {}
      : {
          'io.kubernetes.pod.namespace': kubernetes.namespace,
          'io.kubernetes.pod.name': kubernetes.podName,
          'io.kubernetes.pod.uid': kubernetes.podUid,
          'io.kubernetes.container.name': kubernetes.containerName,
        }),
  };
  return JSON.stringify({
    container: {
      id: shortContainerId(container.id),
      full_id: container.id,
      type: RUNTIME_NUMBERS[container.runtime],
      name: container.name,
      image: image.reference,
      imageid: image.id.replace(/^sha256:/, ''),
      imagerepo: image.repository,
      imagetag: image.tag,
      imagedigest: image.digest,
      privileged: container.privileged,
      is_pod_sandbox: false,
      created_time: Math.floor(container.createdAtMs / 1000),
      lookup_state: 1,
      ip: container.ip,
      Mounts: container.mounts.map((mount) => ({
        Source: mount.source,
        Destination: mount.destination,
        Mode: '',
        RW: !mount.readOnly,
        Propagation: '',
      })),
      port_mappings: [],
      labels,
      env: [],
      cni_json: '',
      pod_sandbox_id: '',
      pod_sandbox_labels: {},
    },
  });
}
