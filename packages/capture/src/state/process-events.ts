// clone, execve, procexit and what else changes a thread's identity.

import type { ReplayedEvent } from '../read/replayed-event.ts';
import type { StateHandler } from './handler.ts';
import { joinPath, trimDirectory } from './paths.ts';
import type { CapturedThread, ProcessState } from './thread.ts';

/** Values of the event table for clone flags. */
const CLONE = { files: 1, newPid: 64, parent: 256, thread: 8192, childInPidNamespace: 1 << 29 } as const;
const EXE = { writable: 1, upper: 2, memfd: 4, lower: 8 } as const;

/** Texts of a parameter in which each ends with NUL. */
function texts(event: ReplayedEvent, name: string): readonly string[] | undefined {
  const bytes = event.raw(name);
  return bytes === undefined ? undefined : event.world.lists.of(bytes);
}

function applyCgroups(event: ReplayedEvent, thread: CapturedThread): void {
  const list = texts(event, 'cgroups');
  if (list === undefined) return;
  const groups = event.world.lists.controlGroups(list);
  thread.process.cgroup = groups.text;
  thread.process.containerId = groups.containerId;
}

function applyMemory(event: ReplayedEvent, thread: CapturedThread): void {
  const { resources } = thread;
  resources.majorFaults = event.integer('pgft_maj') ?? resources.majorFaults;
  resources.minorFaults = event.integer('pgft_min') ?? resources.minorFaults;
  resources.vmSizeKib = event.integer('vm_size') ?? resources.vmSizeKib;
  resources.vmRssKib = event.integer('vm_rss') ?? resources.vmRssKib;
  resources.vmSwapKib = event.integer('vm_swap') ?? resources.vmSwapKib;
  resources.fdLimit = event.integer('fdlimit') ?? resources.fdLimit;
}

/** clone, clone3, fork, vfork: seen by the parent (result > 0) or by the child (result 0), often by both. */
export const clone: StateHandler = (event) => {
  const result = event.result;
  if (result === undefined || result < 0) return;
  if (result === 0) cloneSeenByChild(event);
  else cloneSeenByParent(event, result);
};

function cloneSeenByParent(event: ReplayedEvent, childTid: number): void {
  const parent = event.thread;
  const flags = event.integer('flags') ?? 0;
  applyMemory(event, parent);
  if (parent.isUnknown) applyOwnIdentity(event, parent);
  // The result is a pid in the parent's own namespace; only the child's own event names its pid on the host.
  if ((flags & (CLONE.newPid | CLONE.childInPidNamespace)) !== 0 || parent.vtid !== parent.tid) return;
  const known = event.world.threads.find(childTid);
  if (known !== undefined && !known.exited && !known.isUnknown) return;
  const child = makeChild(
    event,
    parent,
    childTid,
    (flags & CLONE.thread) === 0 ? childTid : parent.pid,
    flags,
  );
  child.vtid = childTid;
  child.vpid = (flags & CLONE.thread) === 0 ? childTid : parent.vpid;
}

function cloneSeenByChild(event: ReplayedEvent): void {
  const { threads } = event.world;
  const tid = event.integer('tid') ?? event.thread.tid;
  const pid = event.integer('pid') ?? tid;
  const flags = event.integer('flags') ?? 0;
  const known = threads.find(tid);
  const parentTid = event.integer('ptid') ?? 0;
  if (known !== undefined && !known.exited && !known.isUnknown && known.process.pid === pid) {
    event.thread = known;
  } else {
    const parent = (pid === tid ? threads.find(parentTid) : threads.find(pid)) ?? threads.find(parentTid);
    event.thread = makeChild(event, parent, tid, pid, flags);
  }
  const child = event.thread;
  child.vtid = event.integer('vtid') ?? tid;
  child.vpid = event.integer('vpid') ?? pid;
  if (child.isMain && parentTid > 0) threads.adopt(child, parentTid);
  applyOwnIdentity(event, child);
  applyMemory(event, child);
}

function makeChild(
  event: ReplayedEvent,
  parent: CapturedThread | undefined,
  tid: number,
  pid: number,
  flags: number,
): CapturedThread {
  const { threads } = event.world;
  const process = pid !== tid && parent?.pid === pid ? parent.process : newProcess(event, parent, pid, flags);
  const child = threads.add(tid, process);
  child.startTimeNs = event.timeNs;
  if (parent === undefined) return child;
  child.inherit(parent);
  if (process === parent.process) {
    child.ppid = parent.ppid;
    child.startTimeNs = process.main?.startTimeNs ?? child.startTimeNs;
    return child;
  }
  threads.weigh(process);
  threads.adopt(child, (flags & CLONE.parent) === 0 ? parent.pid : parent.ppid);
  return child;
}

/** A copy of the parent's process, with its descriptors or a share in them. */
function newProcess(
  event: ReplayedEvent,
  parent: CapturedThread | undefined,
  pid: number,
  flags: number,
): ProcessState {
  const { threads } = event.world;
  if (parent === undefined) return threads.newProcess(pid);
  const { descriptors, cwd, args, env, cgroup, containerId } = parent.process;
  const process = threads.newProcess(
    pid,
    (flags & CLONE.files) === 0 ? descriptors.copy() : descriptors.share(),
  );
  return Object.assign(process, { cwd, args, env, cgroup, containerId });
}

/** What a clone event tells of the thread that it belongs to. */
function applyOwnIdentity(event: ReplayedEvent, thread: CapturedThread): void {
  const exe = event.text('exe');
  if (exe !== undefined && exe !== '') {
    thread.exe = exe;
    thread.process.args = texts(event, 'args') ?? thread.args;
  }
  const comm = event.text('comm');
  if (comm !== undefined) thread.comm = comm;
  else if (thread.comm === '' && exe !== undefined) thread.comm = baseName(exe);
  thread.uid = event.integer('uid') ?? thread.uid;
  thread.gid = event.integer('gid') ?? thread.gid;
  const cwd = event.text('cwd');
  if (cwd !== undefined && cwd !== '') thread.process.cwd = trimDirectory(cwd);
  const start = event.big('pidns_init_start_ts');
  if (start !== undefined && start !== 0n) thread.pidNamespaceStartNs = event.world.bootTimeNs + start;
  applyCgroups(event, thread);
  thread.isUnknown = false;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).slice(0, 15);
}

/** execve and execveat that succeeded; a failed one changes nothing. */
export const execve: StateHandler = (event) => {
  if (event.result !== 0) return;
  const { thread, world } = event;
  const tid = event.integer('tid');
  const pid = event.integer('pid');
  if (pid !== undefined && tid !== undefined && pid === tid && thread.process.pid !== pid) {
    // Known so far as a thread of another process only.
    world.threads.separate(thread, pid);
  }
  const exe = event.text('exe') ?? thread.exe;
  thread.exe = exe;
  thread.process.args = texts(event, 'args') ?? [];
  thread.process.env = texts(event, 'env') ?? thread.env;
  const ptid = event.integer('ptid');
  if (ptid !== undefined && ptid > 0 && ptid !== thread.ppid) world.threads.adopt(thread, ptid);
  const cwd = event.text('cwd');
  if (cwd !== undefined && cwd !== '') thread.process.cwd = trimDirectory(cwd);
  thread.comm = event.text('comm') ?? baseName(exe);
  thread.exePath = executablePath(event, exe);
  thread.tty = event.integer('tty') ?? thread.tty;
  thread.vpgid = event.integer('vpgid') ?? thread.vpgid;
  thread.pgid = event.integer('pgid') ?? thread.pgid;
  thread.loginUid = event.integer('loginuid') ?? thread.loginUid;
  thread.uid = event.integer('uid') ?? thread.uid;
  thread.gid = event.integer('gid') ?? thread.gid;
  applyExecutable(event, thread);
  applyCgroups(event, thread);
  applyMemory(event, thread);
  closeOnExec(thread);
  world.threads.weigh(thread.process);
  thread.isUnknown = false;
};

function applyExecutable(event: ReplayedEvent, thread: CapturedThread): void {
  const flags = event.integer('flags') ?? 0;
  thread.exeWritable = (flags & EXE.writable) !== 0;
  thread.exeUpperLayer = (flags & EXE.upper) !== 0;
  thread.exeFromMemfd = (flags & EXE.memfd) !== 0;
  thread.exeLowerLayer = (flags & EXE.lower) !== 0;
  thread.capInheritable = event.big('cap_inheritable') ?? thread.capInheritable;
  thread.capPermitted = event.big('cap_permitted') ?? thread.capPermitted;
  thread.capEffective = event.big('cap_effective') ?? thread.capEffective;
  thread.exeInode = event.integer('exe_ino') ?? 0;
  thread.exeInodeCtimeNs = event.big('exe_ino_ctime') ?? 0n;
  thread.exeInodeMtimeNs = event.big('exe_ino_mtime') ?? 0n;
}

/** The path that the kernel resolved, else the one that the program passed. */
function executablePath(event: ReplayedEvent, exe: string): string {
  const trusted = event.text('trusted_exepath');
  if (trusted !== undefined) return trusted;
  const { cwd } = event.thread.process;
  const atPath = event.enterText('pathname');
  if (atPath !== undefined && atPath !== '<NA>') {
    const dirfd = event.enterFd('dirfd');
    const base = dirfd === undefined || dirfd < 0 ? cwd : event.thread.process.descriptors.get(dirfd)?.name;
    return atPath === '' ? (base ?? '') : event.world.paths.resolve(base, atPath);
  }
  const filename = event.text('filename');
  if (filename !== undefined && filename !== '' && filename !== '<NA>')
    return event.world.paths.resolve(cwd, filename);
  // argv[0] names the file only when it is a path.
  return exe.includes('/') ? joinPath(cwd, exe) : '';
}

function closeOnExec(thread: CapturedThread): void {
  const { descriptors } = thread.process;
  for (const [num, fd] of descriptors.map) if (fd.closeOnExec) descriptors.delete(num);
}

/** After the event was delivered: the thread is gone. */
export const procexit: StateHandler = (event) => {
  const { thread, world } = event;
  if (thread.isUnknown && thread.comm === '') thread.isUnknown = false;
  world.threads.end(thread, event.integer('reaper_tid') ?? 0);
};
