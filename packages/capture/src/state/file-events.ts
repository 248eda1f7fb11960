// System calls that make, copy and close descriptors of files and of the kernel's own objects.
import type { FdTypeChar } from '@guardcell/core';
import type { ReplayedEvent } from '../read/replayed-event.ts';
import { CapturedFd } from './descriptor.ts';
import type { StateHandler } from './handler.ts';

const O_CLOEXEC = 4096;
const O_DIRECTORY = 1024;
const F_DUPFD = 1;
const F_SETFD = 3;
const F_DUPFD_CLOEXEC = 26;
const FD_CLOEXEC = 1;
const CLOSE_RANGE_CLOEXEC = 4;

/** Puts a descriptor into the process's table, and into the event. */
export function addFd(event: ReplayedEvent, fd: CapturedFd): CapturedFd {
  event.thread.process.descriptors.set(fd.num, fd);
  event.setFd(fd);
  return fd;
}

/** Of a failed open there is no descriptor, but rules want to know the path. */
const failed = new CapturedFd(-1, 'f', '', '');

/** open, openat, openat2, creat. */
export const open: StateHandler = (event) => {
  const result = event.result;
  if (result === undefined) return;
  const raw = event.text('name');
  const base = event.directory(event.eventType.placeOf.has('dirfd') ? 'dirfd' : undefined);
  const name = raw === undefined || raw === '<NA>' ? '' : event.world.paths.resolve(base, raw);
  const flags = event.integer('flags') ?? 0;
  const typeChar = (flags & O_DIRECTORY) === 0 ? 'f' : 'd';
  if (result < 0) {
    failed.typeChar = typeChar;
    failed.name = name;
    failed.nameRaw = raw ?? '';
    failed.openFlags = flags;
    event.setFd(failed);
    return;
  }
  const fd = new CapturedFd(result, typeChar, name, raw ?? '');
  fd.openFlags = flags;
  fd.closeOnExec = (flags & O_CLOEXEC) !== 0;
  fd.dev = event.integer('dev') ?? 0;
  fd.inode = event.integer('ino') ?? 0;
  addFd(event, fd);
};

export const openByHandle: StateHandler = (event) => {
  const result = event.result;
  if (result === undefined || result < 0) return;
  const path = event.text('path') ?? '';
  const fd = new CapturedFd(result, 'f', path, path);
  fd.openFlags = event.integer('flags') ?? 0;
  fd.dev = event.integer('dev') ?? 0;
  fd.inode = event.integer('ino') ?? 0;
  addFd(event, fd);
};

/** After the event was delivered. */
export const close: StateHandler = (event) => {
  if ((event.result ?? 0) < 0) return;
  const num = event.integer('fd');
  if (num !== undefined) event.thread.process.descriptors.delete(num);
};

export const closeRange: StateHandler = (event) => {
  if ((event.result ?? 0) < 0) return;
  const first = event.integer('first') ?? 0;
  const last = event.integer('last') ?? 0;
  const onlyMark = ((event.integer('flags') ?? 0) & CLOSE_RANGE_CLOEXEC) !== 0;
  const { descriptors } = event.thread.process;
  for (const [num, fd] of descriptors.map) {
    if (num < first || num > last) continue;
    if (onlyMark) fd.closeOnExec = true;
    else descriptors.delete(num);
  }
};

function duplicate(event: ReplayedEvent, oldNum: number | undefined, closeOnExec: boolean): void {
  const num = event.result;
  if (num === undefined || num < 0 || oldNum === undefined) return;
  const old = event.thread.process.descriptors.get(oldNum);
  if (old === undefined) {
    event.thread.process.descriptors.delete(num);
    return;
  }
  const made = num === oldNum ? old : old.copy(num);
  if (num !== oldNum) made.closeOnExec = closeOnExec;
  addFd(event, made);
}

/** dup, dup2, dup3. */
export const dup: StateHandler = (event) => {
  duplicate(event, event.integer('oldfd'), ((event.integer('flags') ?? 0) & O_CLOEXEC) !== 0);
};

export const fcntl: StateHandler = (event) => {
  const command = event.integer('cmd');
  const num = event.integer('fd');
  if (command === F_DUPFD || command === F_DUPFD_CLOEXEC) duplicate(event, num, command === F_DUPFD_CLOEXEC);
  if (command !== F_SETFD || (event.result ?? -1) < 0 || num === undefined) return;
  const fd = event.thread.process.descriptors.get(num);
  const argument = event.integer('arg');
  if (fd !== undefined && argument !== undefined) fd.closeOnExec = (argument & FD_CLOEXEC) !== 0;
};

export const pipe: StateHandler = (event) => {
  if ((event.result ?? -1) < 0) return;
  const inode = event.integer('ino') ?? 0;
  const closeOnExec = ((event.integer('flags') ?? 0) & O_CLOEXEC) !== 0;
  for (const end of ['fd1', 'fd2']) {
    const num = event.integer(end);
    if (num === undefined || num < 0) continue;
    const fd = new CapturedFd(num, 'p', '', '');
    fd.inode = inode;
    fd.closeOnExec = closeOnExec;
    addFd(event, fd);
  }
};

/** Calls that return a descriptor of one kind, without a name. */
export function makes(typeChar: FdTypeChar): StateHandler {
  return (event) => {
    const num = event.result;
    if (num === undefined || num < 0) return;
    const fd = new CapturedFd(num, typeChar, '', '');
    fd.closeOnExec = ((event.integer('flags') ?? 0) & O_CLOEXEC) !== 0;
    addFd(event, fd);
  };
}

export const memfdCreate: StateHandler = (event) => {
  const num = event.result;
  if (num === undefined || num < 0) return;
  const name = event.text('name') ?? '';
  addFd(event, new CapturedFd(num, 'm', name, name));
};

export const pidfdOpen: StateHandler = (event) => {
  const num = event.result;
  if (num === undefined || num < 0) return;
  const fd = new CapturedFd(num, 'P', `pidfd:${event.integer('pid') ?? 0}`, '');
  fd.closeOnExec = true;
  addFd(event, fd);
};

/** The descriptor of another process, through its pidfd. */
export const pidfdGetfd: StateHandler = (event) => {
  const num = event.result;
  if (num === undefined || num < 0) return;
  const pidfd = event.thread.process.descriptors.get(event.integer('pid_fd') ?? -1);
  const pid = /^pidfd:(\d+)$/.exec(pidfd?.name ?? '')?.[1];
  const target = pid === undefined ? undefined : event.world.threads.find(Number(pid));
  const fd = target?.process.descriptors.get(event.integer('target_fd') ?? -1);
  const made = fd === undefined ? new CapturedFd(num, 'o', '', '') : fd.copy(num);
  made.closeOnExec = true;
  addFd(event, made);
};
