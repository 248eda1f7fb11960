// What is done with one record: state first, then, if rules want that type, the event.
import type { RuntimeEvent, Thread } from '@guardcell/core';
import type { CgroupTable, ControlGroup } from './cgroups.ts';
import { isSocket, roleMemory, socketIdentity } from './descriptor.ts';
import { KernelEvent } from './event.ts';
import { callType, type EventType, execType, forkType, PROCEXIT } from './event-types.ts';
import {
  FLAG_FD_DELETED,
  FLAG_FD_DETACHED,
  FLAG_HAS_FD,
  FLAG_HAS_PROCESS,
  HEADER_ARGS,
  HEADER_CGROUP,
  HEADER_NR,
  HEADER_PID,
  HEADER_TID,
  HEADER_VTID,
  KIND_CALL,
  KIND_CGROUP,
  KIND_CGROUP_GONE,
  KIND_CGROUP_MADE,
  KIND_EXEC,
  KIND_EXEC_FAILED,
  KIND_EXIT,
  KIND_FORK,
  KIND_OPEN,
  KIND_SOCKET,
  KIND_TOUCHED,
  TOUCHED_LOADED,
} from './layout.generated.ts';
import { SLOT } from './params.ts';
import { resolvePath } from './paths.ts';
import type { ProcFacts } from './proc-files.ts';
import { type Process, ThreadView } from './process.ts';
import type { ProcessTable } from './process-table.ts';
import { RecordView } from './record.ts';

const EINPROGRESS = -115;
/** How long a removed control group can still be looked up by late events. */
const CGROUP_GRACE_MS = 60_000;
const SLOT_FILENAME = 4;
/** Names of files that lie nowhere: descriptors of the process. */
const OF_KERNEL = /^\/(?:proc|dev)\//;

/** How a file is in use, strongest first. */
export type Touched = 'executed' | 'loaded' | 'opened';

export interface RecordHandlerOptions {
  readonly data: ArrayBuffer;
  readonly table: ProcessTable;
  readonly cgroups: CgroupTable;
  /** Pids whose events are not delivered; their state is kept for the sake of their children. */
  readonly excluded: ReadonlySet<number>;
  wallClockNs(bootNs: bigint): bigint;
  deliver(event: RuntimeEvent): void;
  /** A file is in use, by its path within the container. */
  onTouched?(containerId: string, how: Touched, path: string): void;
  /** A file is in use in a control group whose path is not known. */
  onUntold?(cgroup: number): void;
  /** A control group's path was learnt from the kernel. */
  onCgroupPath?(id: number, path: string): void;
  onCgroup(group: ControlGroup): void;
  onCgroupGone(group: ControlGroup): void;
  /** Late events cannot refer to it any more. */
  onCgroupForgotten?(id: number): void;
}

export interface RecordHandler {
  /** Events delivered so far. */
  readonly events: number;
  /** Records that made no sense: too short or of an unknown kind. */
  readonly malformed: number;
  readonly handle: (offset: number, length: number) => void;
  want(types: ReadonlySet<string> | undefined): void;
  wants(type: string): boolean;
  /** Whether `onTouched` is called, also for programs that are executed. */
  tellTouched(isWanted: boolean): void;
  adopt(facts: ProcFacts): void;
  sweep(nowMs: number): void;
}

export function recordHandler(options: RecordHandlerOptions): RecordHandler {
  const { table, cgroups } = options;
  const record = new RecordView(options.data);
  const roles = roleMemory();
  const event = new KernelEvent(record, roles, options.wallClockNs);
  const gone: { readonly id: number; readonly atMs: number }[] = [];
  let threadView: ThreadView | undefined;
  let wanted: ReadonlySet<string> | undefined;
  let tellsTouched = false;
  let events = 0;
  let malformed = 0;

  function threadOf(process: Process): Thread {
    const tid = record.u32(HEADER_TID);
    if (tid === record.u32(HEADER_PID)) return process;
    threadView ??= new ThreadView(process);
    threadView.process = process;
    threadView.tid = tid;
    threadView.vtid = record.u32(HEADER_VTID);
    threadView.comm = record.comm();
    return threadView;
  }

  function deliver(type: EventType, process: Process): void {
    if (options.excluded.has(process.pid)) return;
    if (wanted !== undefined && !wanted.has(type.name)) return;
    events++;
    options.deliver(event.begin(type, threadOf(process)));
  }

  function handleCall(): void {
    const type = callType(record.u32(HEADER_NR));
    if (type === undefined) {
      malformed++;
      return;
    }
    const process = table.current(record);
    const { flags } = record;
    if ((flags & FLAG_HAS_PROCESS) !== 0) {
      process.applyState(record);
      if (record.hasSlot(SLOT.cwd)) process.cwd = record.text(SLOT.cwd);
    }
    if (type.role !== undefined && (flags & FLAG_HAS_FD) !== 0 && isSocket(record)) {
      if (record.result >= 0 || record.result === EINPROGRESS) roles.set(socketIdentity(record), type.role);
    }
    deliver(type, process);
  }

  /** Undefined where nobody knows the control group: the host must not be charged with what a container does. */
  function containerId(): string | undefined {
    const id = record.u64(HEADER_CGROUP);
    if (cgroups.has(id)) return cgroups.get(id).containerId;
    options.onUntold?.(id);
    return undefined;
  }

  /** The program itself, and what was asked for where that is something else: a script, a link. */
  function noteExecuted(process: Process): void {
    if (options.excluded.has(process.pid)) return;
    const id = containerId();
    if (id === undefined) return;
    const hasPath = (record.flags & (FLAG_FD_DELETED | FLAG_FD_DETACHED)) === 0;
    if (hasPath && process.exePath.startsWith('/')) options.onTouched?.(id, 'executed', process.exePath);
    const given = record.text(SLOT_FILENAME);
    const asked = given === '' ? '' : resolvePath(process.cwd, given);
    if (asked !== process.exePath && asked.startsWith('/') && !OF_KERNEL.test(asked)) {
      options.onTouched?.(id, 'executed', asked);
    }
  }

  function noteTouched(): void {
    if ((record.flags & (FLAG_FD_DELETED | FLAG_FD_DETACHED)) !== 0) return;
    const how = record.u32(HEADER_ARGS) === TOUCHED_LOADED ? 'loaded' : 'opened';
    const id = containerId();
    if (id !== undefined) options.onTouched?.(id, how, record.text(1));
  }

  function learnCgroup(id: number): void {
    const known = cgroups.get(id);
    const group = cgroups.learn(id, record.texts(1));
    if (group !== known) options.onCgroupPath?.(id, group.path);
    options.onCgroup(group);
  }

  function handle(offset: number, length: number): void {
    if (!record.at(offset, length)) {
      malformed++;
      return;
    }
    switch (record.kind) {
      case KIND_OPEN:
      case KIND_CALL:
      case KIND_SOCKET:
        handleCall();
        return;
      case KIND_EXEC: {
        const process = table.current(record);
        table.exec(record, process);
        if (tellsTouched) noteExecuted(process);
        deliver(execType(record.u32(HEADER_NR), false), process);
        return;
      }
      case KIND_EXEC_FAILED:
        deliver(execType(record.u32(HEADER_NR), true), table.current(record));
        return;
      case KIND_FORK: {
        const process = table.current(record);
        table.fork(record, process);
        deliver(forkType(record.u32(HEADER_NR)), process);
        return;
      }
      case KIND_EXIT: {
        const process = table.current(record);
        deliver(PROCEXIT, process);
        table.exit(record, process);
        return;
      }
      case KIND_TOUCHED:
        if (tellsTouched) noteTouched();
        return;
      case KIND_CGROUP:
      case KIND_CGROUP_MADE:
        learnCgroup(record.u64(HEADER_CGROUP));
        return;
      case KIND_CGROUP_GONE: {
        const id = record.u64(HEADER_CGROUP);
        if (!cgroups.has(id)) return;
        gone.push({ id, atMs: Date.now() });
        options.onCgroupGone(cgroups.get(id));
        return;
      }
      default:
        malformed++;
    }
  }

  return {
    get events() {
      return events;
    },
    get malformed() {
      return malformed;
    },
    handle,
    want: (types) => {
      wanted = types;
    },
    wants: (type) => wanted === undefined || wanted.has(type),
    tellTouched: (isWanted) => {
      tellsTouched = isWanted && options.onTouched !== undefined;
    },
    adopt: (facts) => {
      table.adopt(facts);
      const containerId = cgroups.containerIdOf(facts.cgroupPath);
      if (containerId !== '') options.onCgroup({ path: facts.cgroupPath, containerId });
    },
    sweep: (nowMs) => {
      let count = 0;
      for (const { id, atMs } of gone) {
        if (atMs + CGROUP_GRACE_MS > nowMs) break;
        cgroups.forget(id);
        options.onCgroupForgotten?.(id);
        count++;
      }
      gone.splice(0, count);
    },
  };
}
