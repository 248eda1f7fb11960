// proc.*: the process that caused the event, its parent, session and process group.
import type { Thread } from '@guardcell/core';
import { ANCESTOR_FIELDS } from './ancestor-fields.ts';
import { absentField, argumentField, type FieldDefinition, known, plainField } from './field.ts';
import { PROCESS_RESOURCE_FIELDS } from './resource-fields.ts';
import { commandLine, farthest, nearest } from './thread-walk.ts';

function sessionLeader(thread: Thread): Thread | undefined {
  return (
    nearest(thread, (candidate) => candidate.pid === thread.sid || candidate.vpid === thread.sid) ??
    farthest(thread, (candidate) => candidate.sid === thread.sid)
  );
}

function groupLeader(thread: Thread): Thread | undefined {
  return nearest(thread, (candidate) => candidate.pid === thread.pgid);
}

function innerGroupLeader(thread: Thread): Thread | undefined {
  return nearest(thread, (candidate) => candidate.vpid === thread.vpgid);
}

function loginShell(thread: Thread): Thread | undefined {
  let found: Thread | undefined;
  nearest(thread, (candidate) => {
    if (candidate.comm.length >= 2 && candidate.comm.endsWith('sh')) found = candidate;
    return false;
  });
  return found;
}

function since(now: bigint, start: bigint | undefined): bigint | undefined {
  return start === undefined || start <= 0n || start > now ? undefined : now - start;
}

/** Zero stands for an unknown time. */
function positive(time: bigint | undefined): bigint | undefined {
  return time === undefined || time <= 0n ? undefined : time;
}

function listArgument(argument: string | undefined): number | undefined | 'bad' {
  if (argument === undefined) return undefined;
  return /^\d{1,6}$/.test(argument) ? Number(argument) : 'bad';
}

function environmentEntry(env: readonly string[], argument: string): string | undefined {
  if (/^\d{1,6}$/.test(argument)) return env[Number(argument)];
  const prefix = `${argument}=`;
  return env.find((entry) => entry.startsWith(prefix))?.slice(prefix.length);
}

const NAMES: readonly FieldDefinition[] = [
  plainField('proc.name', 'string', 'Name of the process (comm, at most 15 bytes).', (e) => e.thread.comm),
  plainField('proc.pname', 'string', 'Name of the parent process.', (e) => e.thread.parent()?.comm),
  plainField('proc.exe', 'string', 'First word of the command line (argv[0]).', (e) => e.thread.exe),
  plainField(
    'proc.pexe',
    'string',
    'First word of the parent’s command line.',
    (e) => e.thread.parent()?.exe,
  ),
  plainField('proc.exepath', 'string', 'Path of the executable as the kernel resolved it.', (e) =>
    known(e.thread.exePath),
  ),
  plainField('proc.pexepath', 'string', 'Resolved path of the parent’s executable.', (e) =>
    known(e.thread.parent()?.exePath),
  ),
  argumentField(
    'proc.args',
    'string',
    'Arguments without argv[0]; [N] for one of them.',
    'optional',
    (argument) => {
      const index = listArgument(argument);
      if (index === 'bad') return { problem: `proc.args takes a number, not '${argument}'` };
      if (index !== undefined) return (e) => e.thread.args[index];
      return {
        type: 'string',
        multiplicity: 'one',
        extract: (e) => e.thread.args.join(' '),
        items: (e) => e.thread.args,
      };
    },
  ),
  plainField('proc.cmdline', 'string', 'Name and arguments of the process.', (e) => commandLine(e.thread)),
  plainField('proc.pcmdline', 'string', 'Name and arguments of the parent.', (e) => {
    const parent = e.thread.parent();
    return parent === undefined ? undefined : commandLine(parent);
  }),
  plainField('proc.exeline', 'string', 'argv[0] and the arguments.', (e) =>
    e.thread.args.length === 0 ? e.thread.exe : `${e.thread.exe} ${e.thread.args.join(' ')}`,
  ),
  plainField('proc.cmdnargs', 'uint64', 'Number of arguments.', (e) => e.thread.args.length),
  plainField('proc.cmdlenargs', 'uint64', 'Length of all arguments together, without blanks.', (e) =>
    e.thread.args.reduce((sum, arg) => sum + arg.length, 0),
  ),
  argumentField(
    'proc.env',
    'string',
    'Environment, joined with blanks; [NAME] for one variable, [N] for one entry.',
    'optional',
    (argument) =>
      argument === undefined
        ? {
            type: 'string',
            multiplicity: 'one',
            extract: (e) => e.thread.env.join(' '),
            items: (e) => e.thread.env,
          }
        : (e) => environmentEntry(e.thread.env, argument),
  ),
  plainField('proc.cwd', 'string', 'Working directory, ending with a slash.', (e) => {
    const { cwd } = e.thread;
    if (cwd === '') return undefined;
    return cwd.endsWith('/') ? cwd : `${cwd}/`;
  }),
];

const NUMBERS: readonly FieldDefinition[] = [
  plainField('proc.pid', 'int', 'Process id in the host’s pid namespace.', (e) => e.thread.pid),
  plainField('proc.ppid', 'int', 'Process id of the parent.', (e) => e.thread.ppid),
  plainField('proc.vpid', 'int', 'Process id in its own pid namespace.', (e) => e.thread.vpid),
  plainField(
    'proc.pvpid',
    'int',
    'Parent’s process id in the parent’s own pid namespace.',
    (e) => e.thread.parent()?.vpid,
  ),
  plainField(
    'proc.loginshellid',
    'int',
    'Process id of the oldest shell among the process and its ancestors.',
    (e) => loginShell(e.thread)?.pid,
  ),
  plainField(
    'proc.tty',
    'uint32',
    'Device number of the controlling terminal, 0 for none.',
    (e) => e.thread.tty,
  ),
  plainField('proc.sid', 'int', 'Session id.', (e) => e.thread.sid),
  plainField('proc.sname', 'string', 'Name of the session’s leader.', (e) => sessionLeader(e.thread)?.comm),
  plainField(
    'proc.sid.exe',
    'string',
    'argv[0] of the session’s leader.',
    (e) => sessionLeader(e.thread)?.exe,
  ),
  plainField('proc.sid.exepath', 'string', 'Executable of the session’s leader.', (e) =>
    known(sessionLeader(e.thread)?.exePath),
  ),
  plainField('proc.pgid', 'int', 'Process group id in the host’s pid namespace.', (e) => e.thread.pgid),
  plainField(
    'proc.pgid.name',
    'string',
    'Name of the process group’s leader.',
    (e) => groupLeader(e.thread)?.comm,
  ),
  plainField(
    'proc.pgid.exe',
    'string',
    'argv[0] of the process group’s leader.',
    (e) => groupLeader(e.thread)?.exe,
  ),
  plainField('proc.pgid.exepath', 'string', 'Executable of the process group’s leader.', (e) =>
    known(groupLeader(e.thread)?.exePath),
  ),
  plainField(
    'proc.vpgid',
    'int',
    'Process group id in the process’s own pid namespace.',
    (e) => e.thread.vpgid,
  ),
  plainField(
    'proc.vpgid.name',
    'string',
    'Name of the process that leads proc.vpgid.',
    (e) => innerGroupLeader(e.thread)?.comm,
  ),
  plainField(
    'proc.vpgid.exe',
    'string',
    'argv[0] of the process that leads proc.vpgid.',
    (e) => innerGroupLeader(e.thread)?.exe,
  ),
  plainField('proc.vpgid.exepath', 'string', 'Executable of the process that leads proc.vpgid.', (e) =>
    known(innerGroupLeader(e.thread)?.exePath),
  ),
  plainField(
    'proc.is_sid_leader',
    'bool',
    'Whether the process leads its session.',
    (e) => e.thread.sid === e.thread.vpid,
  ),
  plainField(
    'proc.is_vpgid_leader',
    'bool',
    'Whether the process leads its group in its own pid namespace.',
    (e) => e.thread.vpgid === e.thread.vpid,
  ),
  plainField(
    'proc.is_pgid_leader',
    'bool',
    'Whether the process leads its group.',
    (e) => e.thread.pgid === e.thread.pid,
  ),
];

const TIMES: readonly FieldDefinition[] = [
  plainField('proc.duration', 'reltime', 'Nanoseconds since the process started.', (e) =>
    since(e.timeNs, e.thread.startTimeNs),
  ),
  plainField('proc.ppid.duration', 'reltime', 'Nanoseconds since the parent started.', (e) =>
    since(e.timeNs, e.thread.parent()?.startTimeNs),
  ),
  plainField(
    'proc.pid.ts',
    'reltime',
    'Start time of the process, ns since 1970.',
    (e) => e.thread.startTimeNs,
  ),
  plainField(
    'proc.ppid.ts',
    'reltime',
    'Start time of the parent, ns since 1970.',
    (e) => e.thread.parent()?.startTimeNs,
  ),
];

const EXECUTABLE: readonly FieldDefinition[] = [
  plainField(
    'proc.is_exe_writable',
    'bool',
    'Whether the user may write the executable.',
    (e) => e.thread.exeWritable,
  ),
  plainField(
    'proc.is_exe_upper_layer',
    'bool',
    'Whether the executable is not part of the image.',
    (e) => e.thread.exeUpperLayer,
  ),
  plainField(
    'proc.is_exe_lower_layer',
    'bool',
    'Whether the executable comes from the image.',
    (e) => e.thread.exeLowerLayer,
  ),
  plainField(
    'proc.is_exe_from_memfd',
    'bool',
    'Whether the executable exists only in memory.',
    (e) => e.thread.exeFromMemfd,
  ),
  plainField('proc.exe_ino', 'int', 'Inode of the executable.', (e) => e.thread.exeInode || undefined),
  plainField('proc.exe_ino.ctime', 'abstime', 'Last status change of the executable, ns since 1970.', (e) =>
    positive(e.thread.exeInodeCtimeNs),
  ),
  plainField('proc.exe_ino.mtime', 'abstime', 'Last content change of the executable, ns since 1970.', (e) =>
    positive(e.thread.exeInodeMtimeNs),
  ),
  plainField(
    'proc.exe_ino.ctime_duration_proc_start',
    'abstime',
    'Nanoseconds between the executable’s last status change and the start of the process.',
    (e) => since(e.thread.startTimeNs, e.thread.exeInodeCtimeNs),
  ),
  plainField(
    'proc.exe_ino.ctime_duration_pidns_start',
    'abstime',
    'Nanoseconds between the start of the pid namespace and the executable’s last status change.',
    (e) => since(e.thread.exeInodeCtimeNs, e.thread.pidNamespaceStartNs),
  ),
  plainField(
    'proc.pidns_init_start_ts',
    'uint64',
    'Start of the first process of the pid namespace, ns since 1970.',
    (e) => positive(e.thread.pidNamespaceStartNs),
  ),
];

const PROBES = (['healthcheck', 'liveness_probe', 'readiness_probe'] as const).map((probe) =>
  absentField(
    `proc.is_container_${probe}`,
    'bool',
    `Whether the process is a container’s ${probe.replace('_', ' ')}.`,
  ),
);

/** proc.* without the ancestor fields' own file. */
export const PROCESS_FIELDS: readonly FieldDefinition[] = [
  ...NAMES,
  ...ANCESTOR_FIELDS,
  ...NUMBERS,
  ...TIMES,
  ...EXECUTABLE,
  ...PROCESS_RESOURCE_FIELDS,
  ...PROBES,
];
