// What each event type offers to rules, made once from the table of calls and the scheduler's events.
import type { ParamValue } from '@guardcell/core';
import { CALLS, type Call } from './calls.ts';
import type { Role } from './descriptor.ts';
import { cloneFlags } from './flags.ts';
import { FLAG_COMPAT, SPEC_PROCESS, SPEC_RET_FD } from './layout.generated.ts';
import { type EventSource, type Param, type ParamReader, RES, text } from './params.ts';

export interface EventType {
  readonly name: string;
  readonly hasResult: boolean;
  readonly isOpen: boolean;
  /** Where the descriptor's number is: an argument or the result. */
  readonly fd: number | 'result' | undefined;
  /** The side of the connection that this call proves, if it does. */
  readonly role: Role;
  /** Whoever is sent a datagram by a peer it did not write to first is the server. */
  readonly receives: boolean;
  readonly path: 'a' | 'b' | undefined;
  readonly target: 'b' | undefined;
  readonly params: ReadonlyMap<string, ParamReader>;
  readonly paramNames: readonly string[];
}

const ROLES: Readonly<Record<string, Role>> = {
  connect: 'client',
  sendto: 'client',
  sendmsg: 'client',
  sendmmsg: 'client',
  accept: 'server',
  accept4: 'server',
  bind: 'server',
  listen: 'server',
};

/** Execution flags of the event table. */
function execFlags(event: EventSource): number {
  const { thread } = event;
  return (
    (thread.exeWritable ? 1 : 0) |
    (thread.exeUpperLayer ? 2 : 0) |
    (thread.exeFromMemfd ? 4 : 0) |
    (thread.exeLowerLayer ? 8 : 0)
  );
}

function ofThread(name: string, read: (event: EventSource['thread']) => ParamValue): Param {
  return [name, (event) => read(event.thread)];
}

const EXEC_PARAMS: readonly Param[] = [
  RES,
  ofThread('exe', (thread) => thread.exe),
  ofThread('args', (thread) => thread.args),
  ofThread('tid', (thread) => thread.tid),
  ofThread('pid', (thread) => thread.pid),
  ofThread('ptid', (thread) => thread.ppid),
  ofThread('cwd', (thread) => thread.cwd),
  ofThread('comm', (thread) => thread.comm),
  ofThread('cgroups', (thread) => thread.cgroup),
  ofThread('env', (thread) => thread.env),
  ofThread('tty', (thread) => thread.tty),
  ofThread('vpgid', (thread) => thread.vpgid),
  ofThread('loginuid', (thread) => thread.loginUid),
  ['flags', execFlags],
  ofThread('cap_inheritable', (thread) => thread.capInheritable),
  ofThread('cap_permitted', (thread) => thread.capPermitted),
  ofThread('cap_effective', (thread) => thread.capEffective),
  ofThread('exe_ino', (thread) => thread.exeInode),
  ofThread('exe_ino_ctime', (thread) => thread.exeInodeCtimeNs),
  ofThread('exe_ino_mtime', (thread) => thread.exeInodeMtimeNs),
  ofThread('uid', (thread) => thread.uid),
  ofThread('trusted_exepath', (thread) => thread.exePath),
  ofThread('pgid', (thread) => thread.pgid),
  ofThread('gid', (thread) => thread.gid),
  text('filename', 4),
  // not in Falco's table: the program is 32-bit, so its system calls are not seen
  ['compat', (event) => (event.record.flags & FLAG_COMPAT) !== 0],
];

// a failed exec changed nothing: what was asked for comes from the record, the rest from the caller
const FAILED_EXEC_PARAMS: readonly Param[] = EXEC_PARAMS.map(([name, read]): Param => {
  if (name === 'exe') return [name, (event) => event.record.texts(2)[0] ?? ''];
  if (name === 'args') return [name, (event) => event.record.texts(2).slice(1)];
  return [name, read];
});

const FORK_PARAMS: readonly Param[] = [
  RES,
  ofThread('exe', (thread) => thread.exe),
  ofThread('args', (thread) => thread.args),
  ofThread('tid', (thread) => thread.tid),
  ofThread('pid', (thread) => thread.pid),
  ofThread('ptid', (thread) => thread.ppid),
  ofThread('cwd', (thread) => thread.cwd),
  ofThread('comm', (thread) => thread.comm),
  ofThread('cgroups', (thread) => thread.cgroup),
  ['flags', (event) => cloneFlags(event.record.argUint(0))],
  ofThread('uid', (thread) => thread.uid),
  ofThread('gid', (thread) => thread.gid),
  ofThread('vtid', (thread) => thread.vtid),
  ofThread('vpid', (thread) => thread.vpid),
];

const EXIT_PARAMS: readonly Param[] = [
  ['status', (event) => event.record.result],
  ['ret', (event) => (event.record.result >> 8) & 0xff],
  ['sig', (event) => event.record.result & 0x7f],
  ['core', (event) => (event.record.result >> 7) & 1],
];

function fromParams(name: string, params: readonly Param[], rest: Partial<EventType> = {}): EventType {
  return {
    name,
    hasResult: true,
    isOpen: false,
    fd: undefined,
    role: undefined,
    receives: false,
    path: undefined,
    target: undefined,
    ...rest,
    params: new Map(params),
    paramNames: params.map(([param]) => param),
  };
}

const SOCKET_PROGRAMS: ReadonlySet<Call['program']> = new Set(['gc_socket', 'gc_send', 'gc_receive']);

function descriptorOf(call: Call): number | 'result' | undefined {
  const flags = call.flags ?? 0;
  if (call.program === 'gc_open' || (flags & SPEC_RET_FD) !== 0) return 'result';
  if (SOCKET_PROGRAMS.has(call.program)) return 0;
  return (flags & SPEC_PROCESS) === 0 ? call.fd : undefined;
}

function fromCall(call: Call): EventType {
  return fromParams(call.type, call.params, {
    isOpen: call.program === 'gc_open',
    fd: descriptorOf(call),
    role: ROLES[call.type],
    receives: call.program === 'gc_receive',
    path: call.path,
    target: call.target,
  });
}

const byNumber: (EventType | undefined)[] = [];
for (const call of CALLS) if (call.params.length > 0) byNumber[call.nr] = fromCall(call);

/** The type of a CALL, OPEN or SOCKET record. */
export function callType(nr: number): EventType | undefined {
  return byNumber[nr];
}

const EXECVE = fromParams('execve', EXEC_PARAMS);
const EXECVEAT = fromParams('execveat', EXEC_PARAMS);
const FAILED_EXECVE = fromParams('execve', FAILED_EXEC_PARAMS);
const FAILED_EXECVEAT = fromParams('execveat', FAILED_EXEC_PARAMS);
const NR_EXECVEAT = 322;

export function execType(nr: number, hasFailed: boolean): EventType {
  if (hasFailed) return nr === NR_EXECVEAT ? FAILED_EXECVEAT : FAILED_EXECVE;
  return nr === NR_EXECVEAT ? EXECVEAT : EXECVE;
}

const CLONE = fromParams('clone', FORK_PARAMS);
const FORKS: ReadonlyMap<number, EventType> = new Map([
  [57, fromParams('fork', FORK_PARAMS)],
  [58, fromParams('vfork', FORK_PARAMS)],
  [435, fromParams('clone3', FORK_PARAMS)],
]);

export function forkType(nr: number): EventType {
  return FORKS.get(nr) ?? CLONE;
}

export const PROCEXIT: EventType = fromParams('procexit', EXIT_PARAMS, { hasResult: false });

/** Event types that come from the scheduler's tracepoints, which are always attached. */
export const SCHEDULER_TYPES: readonly string[] = [
  'execve',
  'execveat',
  'clone',
  'clone3',
  'fork',
  'vfork',
  'procexit',
];

/** Names of all event types that the sensor can deliver. */
export const EVENT_TYPES: readonly string[] = [
  ...new Set([...CALLS.map((call) => call.type), ...SCHEDULER_TYPES]),
].toSorted();
