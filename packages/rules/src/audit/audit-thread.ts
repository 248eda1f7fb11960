// What stands for the process in events of the API server: there is none that a sensor could see.
import { CLUSTER, type Container, type Thread } from '@guardcell/core';

/** A thread without a process, in the given container. */
export function absentThread(container: Container): Thread {
  return {
    tid: 0,
    pid: 0,
    ppid: 0,
    vtid: 0,
    vpid: 0,
    sid: 0,
    pgid: 0,
    vpgid: 0,
    comm: '',
    exe: '',
    exePath: '',
    args: [],
    env: [],
    cwd: '',
    tty: 0,
    uid: 0,
    gid: 0,
    loginUid: -1,
    capEffective: 0n,
    capPermitted: 0n,
    capInheritable: 0n,
    exeWritable: false,
    exeUpperLayer: false,
    exeLowerLayer: false,
    exeFromMemfd: false,
    exeInode: 0,
    exeInodeCtimeNs: 0n,
    exeInodeMtimeNs: 0n,
    startTimeNs: 0n,
    cgroup: '',
    container,
    parent: () => undefined,
  };
}

/** Of every audit event: the pod of an event is read from its document where an alert is made. */
export const CLUSTER_THREAD: Thread = absentThread(CLUSTER);
