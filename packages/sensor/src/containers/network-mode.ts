// How a container is connected, where the runtime tells only which namespace it joins.
import { networkNamespace } from './host-process.ts';

/**
 * `host` when the container's first process is in our own network namespace or has none of its own, `pod` when it
 * joins one that was made for its pod, the path of another one that it joins, `private` for one of its own, empty
 * when unknown.
 */
export function networkModeOf(specNetwork: string, pid: number, inPod: boolean): string {
  const own = pid > 0 ? networkNamespace(pid) : undefined;
  if (own !== undefined && own === networkNamespace('self')) return 'host';
  return inPod && specNetwork.startsWith('/') ? 'pod' : specNetwork;
}
