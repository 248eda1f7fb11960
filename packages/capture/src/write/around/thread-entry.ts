// An entry of the process list from a thread that the sensor knows.
import type { Thread } from '@guardcell/core';
import type { ThreadEntry } from '../snapshot.ts';

/** The main thread of the process; its environment is left out. */
export function threadEntryOf(thread: Thread): ThreadEntry {
  const { resources } = thread;
  return {
    tid: thread.pid,
    pid: thread.pid,
    ppid: thread.ppid,
    vtid: thread.vpid,
    vpid: thread.vpid,
    sid: thread.sid,
    pgid: thread.pgid,
    vpgid: thread.vpgid,
    comm: thread.comm,
    exe: thread.exe,
    exePath: thread.exePath,
    args: thread.args,
    env: [],
    cwd: thread.cwd,
    root: '/',
    tty: thread.tty,
    uid: thread.uid,
    gid: thread.gid,
    loginUid: thread.loginUid,
    capEffective: thread.capEffective,
    capPermitted: thread.capPermitted,
    capInheritable: thread.capInheritable,
    exeWritable: thread.exeWritable,
    exeUpperLayer: thread.exeUpperLayer,
    exeLowerLayer: thread.exeLowerLayer,
    exeFromMemfd: thread.exeFromMemfd,
    exeInode: thread.exeInode,
    exeInodeCtimeNs: thread.exeInodeCtimeNs,
    exeInodeMtimeNs: thread.exeInodeMtimeNs,
    cgroup: thread.cgroup,
    vmSizeKib: resources?.vmSizeKib ?? 0,
    vmRssKib: resources?.vmRssKib ?? 0,
    vmSwapKib: resources?.vmSwapKib ?? 0,
    majorFaults: resources?.majorFaults ?? 0,
    minorFaults: resources?.minorFaults ?? 0,
    fdLimit: resources?.fdLimit ?? 0,
  };
}
