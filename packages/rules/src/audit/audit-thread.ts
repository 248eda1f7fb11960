// What stands for the process in events of the API server: there is none that a sensor could see.
import { CLUSTER, type Container, NO_THREAD_FACTS, type Thread } from '@guardcell/core';

/** A thread without a process, in the given container. */
function absentThread(container: Container): Thread {
  return { ...NO_THREAD_FACTS, container, parent: () => undefined };
}

/** Of every audit event: the pod of an event is read from its document where an alert is made. */
export const CLUSTER_THREAD: Thread = absentThread(CLUSTER);
