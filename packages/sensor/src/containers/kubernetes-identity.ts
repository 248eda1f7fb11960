// Which pod a container belongs to, from the labels that the kubelet puts on every container it starts.
import type { KubernetesIdentity } from '@guardcell/core';

type Labels = Readonly<Record<string, string>>;

/** The identity in `io.kubernetes.*` labels; undefined for a container that no kubelet started. */
export function kubernetesIdentity(labels: Labels, podLabels: Labels = {}): KubernetesIdentity | undefined {
  const podName = labels['io.kubernetes.pod.name'];
  if (podName === undefined || podName === '') return undefined;
  return {
    namespace: labels['io.kubernetes.pod.namespace'] ?? '',
    podName,
    podUid: labels['io.kubernetes.pod.uid'] ?? '',
    containerName: labels['io.kubernetes.container.name'] ?? '',
    podLabels: withoutKubeletLabels(podLabels),
  };
}

/** A pod's own labels: the kubelet's bookkeeping labels are in the identity already. */
function withoutKubeletLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('io.kubernetes.')));
}
