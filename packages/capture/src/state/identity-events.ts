// System calls that change users, groups, sessions, capabilities, names and limits of a thread.
import type { StateHandler } from './handler.ts';
import { trimDirectory } from './paths.ts';

const PR_SET_NAME = 15;
const COMM_MAX = 15;
const UNCHANGED = -1;

function succeeded(handler: StateHandler): StateHandler {
  return (event) => {
    if ((event.result ?? 0) >= 0) handler(event);
  };
}

function given(id: number | undefined): number | undefined {
  return id === undefined || id === UNCHANGED ? undefined : id;
}

/** `euid` where the call has one; else `uid`. */
export const setUser: StateHandler = succeeded((event) => {
  const { thread } = event;
  thread.uid = given(event.integer('euid')) ?? given(event.integer('uid')) ?? thread.uid;
});

export const setGroup: StateHandler = succeeded((event) => {
  const { thread } = event;
  thread.gid = given(event.integer('egid')) ?? given(event.integer('gid')) ?? thread.gid;
});

export const setsid: StateHandler = succeeded((event) => {
  const { thread } = event;
  const sid = event.result;
  if (sid === undefined) return;
  thread.sid = sid;
  thread.pgid = thread.pid;
  thread.vpgid = sid;
});

export const setpgid: StateHandler = succeeded((event) => {
  const pid = event.integer('pid') ?? 0;
  const pgid = event.integer('pgid') ?? 0;
  const thread = pid === 0 ? event.thread : event.world.threads.find(pid);
  if (thread === undefined) return;
  thread.vpgid = pgid === 0 ? thread.vpid : pgid;
  if (thread.vtid === thread.tid) thread.pgid = pgid === 0 ? thread.pid : pgid;
});

export const capset: StateHandler = succeeded((event) => {
  const { thread } = event;
  thread.capInheritable = event.big('cap_inheritable') ?? thread.capInheritable;
  thread.capPermitted = event.big('cap_permitted') ?? thread.capPermitted;
  thread.capEffective = event.big('cap_effective') ?? thread.capEffective;
});

export const prctl: StateHandler = succeeded((event) => {
  if (event.integer('option') !== PR_SET_NAME) return;
  const name = event.text('arg2_str');
  if (name !== undefined && name !== '') event.thread.comm = name.slice(0, COMM_MAX);
});

export const chdir: StateHandler = succeeded((event) => {
  const path = event.text('path');
  if (path === undefined || path === '' || path === '<NA>') return;
  const { process } = event.thread;
  process.cwd = trimDirectory(event.world.paths.resolve(process.cwd, path));
});

export const fchdir: StateHandler = succeeded((event) => {
  const name = event.usedFd()?.name;
  if (name !== undefined && name !== '') event.thread.process.cwd = trimDirectory(name);
});

/** The result of getcwd is the kernel's own view, which heals what was missed. */
export const getcwd: StateHandler = succeeded((event) => {
  const path = event.text('path');
  if (path !== undefined && path.startsWith('/')) event.thread.process.cwd = trimDirectory(path);
});

const RLIMIT_NOFILE = 7;

export const limits: StateHandler = succeeded((event) => {
  if (event.integer('resource') !== RLIMIT_NOFILE) return;
  const limit = event.integer('cur') ?? event.integer('newcur');
  const pid = event.integer('pid') ?? 0;
  const thread = pid <= 0 ? event.thread : event.world.threads.find(pid);
  if (limit !== undefined && limit >= 0 && thread !== undefined) thread.resources.fdLimit = limit;
});

/** Memory figures that brk, mmap and munmap report. */
export const memory: StateHandler = (event) => {
  const { resources } = event.thread;
  resources.vmSizeKib = event.integer('vm_size') ?? resources.vmSizeKib;
  resources.vmRssKib = event.integer('vm_rss') ?? resources.vmRssKib;
  resources.vmSwapKib = event.integer('vm_swap') ?? resources.vmSwapKib;
};
