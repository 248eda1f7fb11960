// Which events change the captured machine, and how.
import * as files from './file-events.ts';
import type { StateHandler } from './handler.ts';
import * as identity from './identity-events.ts';
import * as metadata from './metadata-events.ts';
import * as processes from './process-events.ts';
import * as sockets from './socket-events.ts';

/** By current event name: run before the event is delivered. */
export const BEFORE: ReadonlyMap<string, StateHandler> = new Map<string, StateHandler>([
  ...(['clone', 'clone3', 'fork', 'vfork'] as const).map((name) => [name, processes.clone] as const),
  ['execve', processes.execve],
  ['execveat', processes.execve],
  ...(['setuid', 'setreuid', 'setresuid'] as const).map((name) => [name, identity.setUser] as const),
  ...(['setgid', 'setregid', 'setresgid'] as const).map((name) => [name, identity.setGroup] as const),
  ['setsid', identity.setsid],
  ['setpgid', identity.setpgid],
  ['capset', identity.capset],
  ['prctl', identity.prctl],
  ['chdir', identity.chdir],
  ['fchdir', identity.fchdir],
  ['getcwd', identity.getcwd],
  ...(['getrlimit', 'setrlimit', 'prlimit'] as const).map((name) => [name, identity.limits] as const),
  ...(['open', 'openat', 'openat2', 'creat'] as const).map((name) => [name, files.open] as const),
  ['open_by_handle_at', files.openByHandle],
  ...(['dup', 'dup2', 'dup3'] as const).map((name) => [name, files.dup] as const),
  ['fcntl', files.fcntl],
  ['pipe', files.pipe],
  ['pipe2', files.pipe],
  ['eventfd', files.makes('e')],
  ['eventfd2', files.makes('e')],
  ['signalfd', files.makes('s')],
  ['signalfd4', files.makes('s')],
  ['epoll_create', files.makes('l')],
  ['epoll_create1', files.makes('l')],
  ['inotify_init', files.makes('i')],
  ['inotify_init1', files.makes('i')],
  ['timerfd_create', files.makes('t')],
  ['bpf', files.makes('b')],
  ['userfaultfd', files.makes('o')],
  ['io_uring_setup', files.makes('r')],
  ['memfd_create', files.memfdCreate],
  ['pidfd_open', files.pidfdOpen],
  ['pidfd_getfd', files.pidfdGetfd],
  ['socket', sockets.socket],
  ['socketpair', sockets.socketpair],
  ['connect', sockets.connect],
  ['bind', sockets.bind],
  ['accept', sockets.accept],
  ['accept4', sockets.accept],
  ['getsockopt', sockets.getsockopt],
  ...(['send', 'sendto', 'sendmsg', 'sendmmsg'] as const).map((name) => [name, sockets.send] as const),
  ...(['recv', 'recvfrom', 'recvmsg', 'recvmmsg'] as const).map((name) => [name, sockets.receive] as const),
  ['useradded', metadata.userAdded],
  ['userdeleted', metadata.userDeleted],
  ['groupadded', metadata.groupAdded],
  ['groupdeleted', metadata.groupDeleted],
  ['container', metadata.container],
  ['asyncevent', metadata.asyncEvent],
  ['task', metadata.task],
  ['task_file_pipe', metadata.taskFile('p')],
  ['task_file_memfd', metadata.taskFile('m')],
  ['task_file_regular', metadata.taskFile('f')],
  ['task_file_directory', metadata.taskFile('d')],
  ['task_file_socket_unix', metadata.taskFile('u')],
  ['task_file_socket_netlink', metadata.taskFile('n')],
  ['task_file_socket_inet', metadata.taskSocket],
  ['task_file_socket_inet6', metadata.taskSocket],
  ['task_file_anon_inode', metadata.taskAnonymous],
]);

/** By current event name: run after the event was delivered, because it takes something away. */
export const AFTER: ReadonlyMap<string, StateHandler> = new Map<string, StateHandler>([
  ['procexit', processes.procexit],
  ['close', files.close],
  ['close_range', files.closeRange],
]);

/** Events that only keep figures of a thread up to date; they are many, so they are read only when somebody asks. */
export const FIGURES: ReadonlyMap<string, StateHandler> = new Map<string, StateHandler>(
  ['brk', 'mmap', 'mmap2', 'munmap', 'switch'].map((name) => [name, identity.memory]),
);
