// The system calls that the sensor understands: how the kernel side captures each and what rules see of it.
// Names of events and parameters are those of Falco's event table. Numbers are those of x86-64.

import { fileOriginFlags } from './descriptor.ts';
import {
  chownFlags,
  cloneFlags,
  deleteModuleFlags,
  ioUringFlags,
  openFlags,
  ptraceRequest,
  resolveFlags,
  userDevice,
} from './flags.ts';
import {
  DESCRIPTOR_BACKLOG,
  DESCRIPTOR_DEV,
  DESCRIPTOR_INODE,
  HEADER_SIZE,
  SPEC_PROCESS,
  SPEC_RET_FD,
  SPEC_SOCKET_ONLY,
} from './layout.generated.ts';
import {
  ADDRESS,
  capability,
  constant,
  DATA,
  DNS_NAME,
  DNS_TYPE,
  FD_RESULT,
  id,
  int,
  mode,
  type Param,
  RES,
  SLOT,
  TUPLE,
  text,
  uint,
  wide,
} from './params.ts';

export type CallProgram = 'gc_open' | 'gc_call' | 'gc_socket' | 'gc_send' | 'gc_receive' | 'gc_exec_failed';

/** Base of a path argument: index of the dirfd argument, the cwd, or none because the text is no path. */
export type PathBase = number | 'cwd' | 'none';

export interface Call {
  readonly type: string;
  readonly nr: number;
  readonly program: CallProgram;
  /** Tracepoint name without `sys_exit_`, where it is not the type. */
  readonly tracepoint?: string;
  /** GC_SPEC_ bits. */
  readonly flags?: number;
  /** Index of the argument that is a descriptor. */
  readonly fd?: number;
  /** Index of the `struct sockaddr *` argument, whose length is the next one, or of the `struct msghdr *`. */
  readonly address?: number;
  readonly a?: readonly [argument: number, base: PathBase];
  readonly b?: readonly [argument: number, base: PathBase];
  /** Index of a further text argument. */
  readonly text?: number;
  /** Index of the message argument. */
  readonly data?: number;
  readonly params: readonly Param[];
  /** Which capture is `event.path` and which `event.targetPath`. */
  readonly path?: 'a' | 'b';
  readonly target?: 'b';
  /** Always attached: process state depends on it. */
  readonly isState?: true;
}

const PATH_A = SLOT.pathA;
const PATH_B = SLOT.pathB;

const DEV: Param = ['dev', (event) => userDevice(event.record.u32(HEADER_SIZE + DESCRIPTOR_DEV))];
const INO: Param = ['ino', (event) => event.record.u64(HEADER_SIZE + DESCRIPTOR_INODE)];
const QUEUE: readonly Param[] = [
  constant('queuepct', 0),
  ['queuelen', (event) => event.record.u32(HEADER_SIZE + DESCRIPTOR_BACKLOG)],
  constant('queuemax', 0),
];

/** Flags as asked for, and what the file turned out to be. */
function openedFlags(index: number): Param {
  return ['flags', (event) => openFlags(event.record.argUint(index)) | fileOriginFlags(event.record)];
}

const OPENS: readonly Call[] = [
  {
    type: 'open',
    nr: 2,
    program: 'gc_open',
    a: [0, 'cwd'],
    params: [FD_RESULT, text('name', PATH_A), openedFlags(1), mode('mode', 2), DEV, INO],
  },
  {
    type: 'openat',
    nr: 257,
    program: 'gc_open',
    a: [1, 0],
    params: [FD_RESULT, int('dirfd', 0), text('name', PATH_A), openedFlags(2), mode('mode', 3), DEV, INO],
  },
  {
    type: 'openat2',
    nr: 437,
    program: 'gc_open',
    a: [1, 0],
    params: [
      FD_RESULT,
      int('dirfd', 0),
      text('name', PATH_A),
      openedFlags(2),
      mode('mode', 3),
      uint('resolve', 4, resolveFlags),
      DEV,
      INO,
    ],
  },
  {
    type: 'creat',
    nr: 85,
    program: 'gc_open',
    a: [0, 'cwd'],
    params: [
      FD_RESULT,
      text('name', PATH_A),
      mode('mode', 1),
      DEV,
      INO,
      ['creat_flags', (event) => fileOriginFlags(event.record) >>> 15],
    ],
  },
  {
    type: 'open_by_handle_at',
    nr: 304,
    program: 'gc_open',
    params: [FD_RESULT, int('mountfd', 0), openedFlags(2), text('path', SLOT.fdPath), DEV, INO],
  },
];

const FILES: readonly Call[] = [
  { ...onePath('unlink', 87, 0, 'cwd'), params: [RES, text('path', PATH_A)] },
  {
    ...onePath('unlinkat', 263, 1, 0),
    params: [RES, int('dirfd', 0), text('name', PATH_A), uint('flags', 2)],
  },
  { ...onePath('rmdir', 84, 0, 'cwd'), params: [RES, text('path', PATH_A)] },
  { ...onePath('mkdir', 83, 0, 'cwd'), params: [RES, text('path', PATH_A), mode('mode', 1)] },
  { ...onePath('mkdirat', 258, 1, 0), params: [RES, int('dirfd', 0), text('path', PATH_A), mode('mode', 2)] },
  {
    ...onePath('mknod', 133, 0, 'cwd'),
    params: [RES, text('path', PATH_A), uint('mode', 1), uint('dev', 2)],
  },
  {
    ...onePath('mknodat', 259, 1, 0),
    params: [RES, int('dirfd', 0), text('path', PATH_A), uint('mode', 2), uint('dev', 3)],
  },
  { ...onePath('chmod', 90, 0, 'cwd'), params: [RES, text('filename', PATH_A), mode('mode', 1)] },
  {
    ...onePath('fchmodat', 268, 1, 0),
    params: [RES, int('dirfd', 0), text('filename', PATH_A), mode('mode', 2)],
  },
  {
    ...onePath('fchmodat2', 452, 1, 0),
    params: [RES, int('dirfd', 0), text('filename', PATH_A), mode('mode', 2), uint('flags', 3)],
  },
  { ...onePath('chown', 92, 0, 'cwd'), params: [RES, text('path', PATH_A), id('uid', 1), id('gid', 2)] },
  { ...onePath('lchown', 94, 0, 'cwd'), params: [RES, text('path', PATH_A), id('uid', 1), id('gid', 2)] },
  {
    ...onePath('fchownat', 260, 1, 0),
    params: [
      RES,
      int('dirfd', 0),
      text('pathname', PATH_A),
      id('uid', 2),
      id('gid', 3),
      uint('flags', 4, chownFlags),
    ],
  },
  { ...onePath('truncate', 76, 0, 'cwd'), params: [RES, text('path', PATH_A), wide('length', 1)] },
  { ...onFd('fchmod', 91), params: [RES, int('fd', 0), mode('mode', 1)] },
  { ...onFd('fchown', 93), params: [RES, int('fd', 0), id('uid', 1), id('gid', 2)] },
  { ...onFd('ftruncate', 77), params: [RES, int('fd', 0), wide('length', 1)] },
  {
    ...twoPaths('rename', 82, [0, 'cwd'], [1, 'cwd']),
    params: [RES, text('oldpath', PATH_A), text('newpath', PATH_B)],
  },
  {
    ...twoPaths('renameat', 264, [1, 0], [3, 2]),
    params: [RES, int('olddirfd', 0), text('oldpath', PATH_A), int('newdirfd', 2), text('newpath', PATH_B)],
  },
  {
    ...twoPaths('renameat2', 316, [1, 0], [3, 2]),
    params: [
      RES,
      int('olddirfd', 0),
      text('oldpath', PATH_A),
      int('newdirfd', 2),
      text('newpath', PATH_B),
      uint('flags', 4),
    ],
  },
  {
    ...twoPaths('link', 86, [0, 'cwd'], [1, 'cwd']),
    params: [RES, text('oldpath', PATH_A), text('newpath', PATH_B)],
  },
  {
    ...twoPaths('linkat', 265, [1, 0], [3, 2]),
    params: [
      RES,
      int('olddir', 0),
      text('oldpath', PATH_A),
      int('newdir', 2),
      text('newpath', PATH_B),
      uint('flags', 4),
    ],
  },
  {
    ...twoPaths('symlink', 88, [0, 'none'], [1, 'cwd']),
    params: [RES, text('target', PATH_A), text('linkpath', PATH_B)],
  },
  {
    ...twoPaths('symlinkat', 266, [0, 'none'], [2, 1]),
    params: [RES, text('target', PATH_A), int('linkdirfd', 1), text('linkpath', PATH_B)],
  },
];

const SOCKETS: readonly Call[] = [
  {
    type: 'connect',
    nr: 42,
    program: 'gc_socket',
    address: 1,
    params: [RES, TUPLE, int('fd', 0), ADDRESS],
  },
  { type: 'bind', nr: 49, program: 'gc_socket', address: 1, params: [RES, ADDRESS, int('fd', 0)] },
  { type: 'listen', nr: 50, program: 'gc_socket', params: [RES, int('fd', 0), int('backlog', 1)] },
  {
    type: 'accept',
    nr: 43,
    program: 'gc_socket',
    flags: SPEC_RET_FD,
    params: [FD_RESULT, TUPLE, ...QUEUE],
  },
  {
    type: 'accept4',
    nr: 288,
    program: 'gc_socket',
    flags: SPEC_RET_FD,
    params: [FD_RESULT, TUPLE, ...QUEUE, int('flags', 3)],
  },
  {
    type: 'socket',
    nr: 41,
    program: 'gc_socket',
    flags: SPEC_RET_FD,
    params: [
      FD_RESULT,
      int('domain', 0),
      ['type', (event) => event.record.argUint(1) & 0xf],
      int('proto', 2),
      ['flags', (event) => event.record.argUint(1) & ~0xf],
    ],
  },
  {
    type: 'sendto',
    nr: 44,
    program: 'gc_send',
    address: 4,
    data: 1,
    params: [RES, DATA, int('fd', 0), uint('size', 2), TUPLE, DNS_NAME, DNS_TYPE],
  },
  {
    type: 'sendmsg',
    nr: 46,
    program: 'gc_send',
    address: 1,
    data: 1,
    params: [RES, DATA, int('fd', 0), uint('size', 2), TUPLE, DNS_NAME, DNS_TYPE],
  },
  {
    type: 'sendmmsg',
    nr: 307,
    program: 'gc_send',
    data: 1,
    params: [RES, DATA, int('fd', 0), uint('size', 2), TUPLE, DNS_NAME, DNS_TYPE],
  },
  {
    type: 'recvfrom',
    nr: 45,
    program: 'gc_receive',
    address: 4,
    params: [RES, DATA, TUPLE, int('fd', 0), uint('size', 2)],
  },
  {
    type: 'recvmsg',
    nr: 47,
    program: 'gc_receive',
    address: 1,
    params: [RES, ['size', (event) => Math.max(0, event.result ?? 0)], DATA, TUPLE, int('fd', 0)],
  },
  { ...duplicate('dup', 32), params: [RES, int('oldfd', 0)] },
  { ...duplicate('dup2', 33), params: [RES, int('oldfd', 0), int('newfd', 1)] },
  {
    ...duplicate('dup3', 292),
    params: [RES, int('oldfd', 0), int('newfd', 1), uint('flags', 2, (flags) => openFlags(flags) & ~1)],
  },
];

const IDENTITY: readonly Call[] = [
  { ...state('setuid', 105), params: [RES, id('uid', 0)] },
  { ...state('setgid', 106), params: [RES, id('gid', 0)] },
  { ...state('setreuid', 113), params: [RES, id('ruid', 0), id('euid', 1)] },
  { ...state('setregid', 114), params: [RES, id('rgid', 0), id('egid', 1)] },
  { ...state('setresuid', 117), params: [RES, id('ruid', 0), id('euid', 1), id('suid', 2)] },
  { ...state('setresgid', 119), params: [RES, id('rgid', 0), id('egid', 1), id('sgid', 2)] },
  {
    ...state('capset', 126),
    params: [
      RES,
      capability('cap_inheritable', 'capInheritable'),
      capability('cap_permitted', 'capPermitted'),
      capability('cap_effective', 'capEffective'),
    ],
  },
  { ...state('setsid', 112), params: [RES] },
  { ...state('setpgid', 109), params: [RES, int('pid', 0), int('pgid', 1)] },
  { ...state('chdir', 80), a: [0, 'cwd'], path: 'a', params: [RES, text('path', PATH_A)] },
  { ...state('fchdir', 81), params: [RES, int('fd', 0)] },
  { ...state('chroot', 161), a: [0, 'cwd'], path: 'a', params: [RES, text('path', PATH_A)] },
  { ...state('unshare', 272), params: [RES, uint('flags', 0, cloneFlags)] },
];

const PRIVILEGED: readonly Call[] = [
  { ...onFd('setns', 308), params: [RES, int('fd', 0), uint('nstype', 1, cloneFlags)] },
  {
    ...plain('ptrace', 101),
    params: [RES, wide('addr', 2), wide('data', 3), uint('request', 0, ptraceRequest), int('pid', 1)],
  },
  {
    type: 'mount',
    nr: 165,
    program: 'gc_call',
    a: [0, 'none'],
    b: [1, 'cwd'],
    text: 2,
    path: 'b',
    params: [
      RES,
      text('dev', PATH_A),
      text('dir', PATH_B),
      text('type', SLOT.text),
      // the magic number that old programs put into the upper half is no flag
      uint('flags', 3, (flags) => ((flags & 0xffff_0000) >>> 0 === 0xc0ed_0000 ? flags & 0xffff : flags)),
    ],
  },
  {
    ...onePath('umount2', 166, 0, 'cwd'),
    tracepoint: 'umount',
    params: [RES, text('name', PATH_A), uint('flags', 1)],
  },
  {
    ...twoPaths('pivot_root', 155, [0, 'cwd'], [1, 'cwd']),
    params: [RES, text('new_root', PATH_A), text('put_old', PATH_B)],
  },
  {
    type: 'init_module',
    nr: 175,
    program: 'gc_call',
    text: 2,
    params: [RES, wide('length', 1), text('uargs', SLOT.text)],
  },
  {
    ...onFd('finit_module', 313),
    text: 1,
    params: [RES, int('fd', 0), text('uargs', SLOT.text), uint('flags', 2)],
  },
  {
    type: 'delete_module',
    nr: 176,
    program: 'gc_call',
    text: 0,
    params: [RES, text('name', SLOT.text), uint('flags', 1, deleteModuleFlags)],
  },
  { ...plain('bpf', 321), params: [FD_RESULT, int('cmd', 0)] },
  {
    type: 'memfd_create',
    nr: 319,
    program: 'gc_call',
    flags: SPEC_RET_FD,
    text: 0,
    params: [FD_RESULT, text('name', SLOT.text), uint('flags', 1)],
  },
  {
    ...plain('io_uring_setup', 425),
    params: [
      RES,
      uint('entries', 0),
      // struct io_uring_params follows the kernel's view only after the call; the flags asked for are not captured
      uint('flags', 2, ioUringFlags),
    ],
  },
  { ...plain('process_vm_readv', 310), params: [RES, int('pid', 0)] },
  { ...plain('process_vm_writev', 311), params: [RES, int('pid', 0)] },
  {
    ...plain('userfaultfd', 323),
    params: [RES, uint('flags', 0, (flags) => (openFlags(flags) & ~1) | (flags & 1))],
  },
  {
    ...plain('pidfd_getfd', 438),
    params: [FD_RESULT, int('pid_fd', 0), int('target_fd', 1), uint('flags', 2)],
  },
  { ...plain('kexec_load', 246), params: [RES] },
  { ...plain('kexec_file_load', 320), params: [RES] },
];

/** Every call by its own tracepoint; exec, fork and exit successes come from scheduler tracepoints instead. */
export const CALLS: readonly Call[] = [
  ...OPENS,
  ...FILES,
  ...SOCKETS,
  ...IDENTITY,
  ...PRIVILEGED,
  { type: 'execve', nr: 59, program: 'gc_exec_failed', params: [] },
  { type: 'execveat', nr: 322, program: 'gc_exec_failed', params: [] },
];

type Partial = Omit<Call, 'params'>;

function plain(type: string, nr: number): Partial {
  return { type, nr, program: 'gc_call' };
}

function state(type: string, nr: number): Partial {
  return { type, nr, program: 'gc_call', flags: SPEC_PROCESS, isState: true };
}

function onFd(type: string, nr: number): Partial {
  return { type, nr, program: 'gc_call', fd: 0 };
}

function duplicate(type: string, nr: number): Partial {
  return { type, nr, program: 'gc_call', flags: SPEC_RET_FD | SPEC_SOCKET_ONLY };
}

function onePath(type: string, nr: number, argument: number, base: PathBase): Partial {
  return { type, nr, program: 'gc_call', a: [argument, base], path: 'a' };
}

function twoPaths(
  type: string,
  nr: number,
  a: readonly [number, PathBase],
  b: readonly [number, PathBase],
): Partial {
  return { type, nr, program: 'gc_call', a, b, path: 'a', target: 'b' };
}
