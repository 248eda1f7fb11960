// Events as blocks: the event itself, the enter event that older readers look for, and what tells of new threads and
// containers. Knows nothing of the events before.
import type { Container, FileDescriptor, ParamValue, RuntimeEvent, Thread } from '@guardcell/core';
import { BLOCK, beginBlock, endBlock } from './blocks.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import { containerJson } from './container-json.ts';
import {
  CLONE,
  CONTAINER,
  type EventShape,
  GENERIC_CALLS,
  GENERIC_EXIT,
  PROCEXIT,
  writtenType,
} from './event-shapes.ts';
import { writeParam, writeZero } from './param-bytes.ts';

export interface EventEncoderOptions {
  /** Environment variables, which often hold secrets; default false. */
  readonly environment?: boolean;
  /** A process by its pid, to tell of a child as soon as it is forked. */
  processOf?(pid: number): Thread | undefined;
}

/** Under which ids a thread is told of: its own, or those of its process. */
export interface ThreadIds {
  readonly tid: number;
  readonly vtid: number;
}

export interface EventEncoder {
  /** Appends the blocks of an event; false when the format has no such event. */
  event(out: ByteBuffer, event: RuntimeEvent): boolean;
  /** The process that the last event told readers of, 0 for none. */
  readonly toldPid: number;
  /** Appends what makes a thread known to readers: the child's side of a clone. */
  thread(out: ByteBuffer, thread: Thread, ids: ThreadIds, timeNs: bigint, cpu: number): void;
  container(out: ByteBuffer, container: Container, tid: number, timeNs: bigint): void;
  /** Values that were cut because they did not fit. */
  readonly shortened: number;
}

interface Heading {
  readonly timeNs: bigint;
  readonly tid: number;
  readonly cpu: number;
}

type Values = (name: string) => ParamValue | undefined;

/** Larger values are cut, also where the format would have room. */
const SHORT_MAX = 0xffff;
const NO_PARAM = ['', 0] as const;
const LARGE_MAX = 1024 * 1024;
const CLONE_THREAD = 1 << 13;
const CLONE_PARENT = 1 << 8;
const CHILD_IN_PIDNS = 1 << 29;

const FORKS: ReadonlySet<string> = new Set(['clone', 'clone3', 'fork', 'vfork']);

/** Parameters of enter events that our events have under another name; `''`: not at all. */
const ENTER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dup: { fd: 'oldfd' },
  dup2: { fd: 'oldfd' },
  dup3: { fd: 'oldfd' },
  execveat: { dirfd: '', pathname: 'filename', flags: '' },
};

export function createEventEncoder(options: EventEncoderOptions = {}): EventEncoder {
  const { environment = false } = options;
  let shortened = 0;
  let toldPid = 0;

  function record(
    out: ByteBuffer,
    shape: EventShape,
    head: Heading,
    values: Values,
    rest: { readonly fd?: FileDescriptor | undefined; readonly fillZeros?: boolean } = {},
  ): void {
    const start = beginBlock(out, shape.isLarge ? BLOCK.largeEvent : BLOCK.event);
    out.u16(head.cpu);
    const eventAt = out.length;
    out.u64(head.timeNs);
    out.u64(head.tid);
    const lengthAt = out.reserve(4);
    out.u16(shape.id);
    out.u32(shape.params.length);
    const width = shape.isLarge ? 4 : 2;
    const lengthsAt = out.reserve(shape.params.length * width);
    const fillZeros = shape.isState || rest.fillZeros === true;
    const { params } = shape;
    for (let index = 0; index < params.length; index++) {
      const [name, type] = params[index] ?? NO_PARAM;
      const at = out.length;
      const value = name === 'env' && !environment ? undefined : values(name);
      const place = { name, type, max: shape.isLarge ? LARGE_MAX : SHORT_MAX, fd: rest.fd };
      if (writeParam(out, place, value)) shortened++;
      if (out.length === at && fillZeros) writeZero(out, type);
      if (shape.isLarge) out.setU32(lengthsAt + index * 4, out.length - at);
      else out.setU16(lengthsAt + index * 2, out.length - at);
    }
    out.setU32(lengthAt, out.length - eventAt);
    endBlock(out, start);
  }

  function generic(out: ByteBuffer, event: RuntimeEvent, head: Heading): boolean {
    const codes = GENERIC_CALLS.get(event.type);
    if (codes === undefined) return false;
    record(out, GENERIC_EXIT, head, (name) => (name === 'ID' ? codes[0] : codes[1]));
    return true;
  }

  /** The child's side of a fork: what it begins with is what its parent has, except for the ids. */
  function child(out: ByteBuffer, event: RuntimeEvent, shape: EventShape, head: Heading): void {
    const pid = event.result ?? -1;
    const { thread } = event;
    const flags = Number(event.param('flags') ?? 0);
    if (pid <= 0 || (flags & CLONE_THREAD) !== 0) return;
    const known = options.processOf?.(pid);
    // without it, the ids inside of a container are not known before the child does something
    if (known === undefined && thread.vtid !== thread.tid) return;
    const own: Readonly<Record<string, number>> = {
      res: 0,
      tid: pid,
      pid,
      ptid: known?.ppid ?? ((flags & CLONE_PARENT) === 0 ? thread.pid : thread.ppid),
      vtid: known?.vtid ?? pid,
      vpid: known?.vpid ?? pid,
      flags: known === undefined || known.vpid === pid ? flags : flags | CHILD_IN_PIDNS,
    };
    record(out, shape, { ...head, tid: pid }, (name) => own[name] ?? event.param(name));
    toldPid = pid;
  }

  return {
    get shortened() {
      return shortened;
    },
    get toldPid() {
      return toldPid;
    },
    event(out, event) {
      toldPid = 0;
      const head = { timeNs: event.timeNs, tid: event.thread.tid, cpu: event.cpu };
      const values: Values = (name) => event.param(name);
      const { fd } = event;
      if (event.type === 'procexit') {
        record(out, PROCEXIT, head, values);
        return true;
      }
      const type = writtenType(event.type);
      if (type === undefined) return generic(out, event, head);
      // Without the enter event readers before 2025 do not know descriptors.
      if (type.enter !== undefined) {
        const names = ENTER_NAMES[event.type];
        record(out, type.enter, head, (name) => event.param(names?.[name] ?? name), { fd, fillZeros: true });
      }
      record(out, type.exit, head, values, { fd });
      if (FORKS.has(event.type)) child(out, event, type.exit, head);
      return true;
    },
    thread(out, thread, ids, timeNs, cpu) {
      const flags = (ids.tid === thread.pid ? 0 : CLONE_THREAD) | (ids.vtid === ids.tid ? 0 : CHILD_IN_PIDNS);
      record(out, CLONE.exit, { timeNs, tid: ids.tid, cpu }, threadValues(thread, ids, flags));
    },
    container(out, container, tid, timeNs) {
      const json = containerJson(container);
      record(out, CONTAINER, { timeNs, tid, cpu: 0 }, (name) => (name === 'json' ? json : undefined));
    },
  };
}

function threadValues(thread: Thread, ids: ThreadIds, flags: number): Values {
  const { resources } = thread;
  const values: Readonly<Record<string, ParamValue | undefined>> = {
    res: 0,
    exe: thread.exe,
    args: thread.args,
    tid: ids.tid,
    pid: thread.pid,
    ptid: thread.ppid,
    cwd: thread.cwd,
    fdlimit: resources?.fdLimit,
    pgft_maj: resources?.majorFaults,
    pgft_min: resources?.minorFaults,
    vm_size: resources?.vmSizeKib,
    vm_rss: resources?.vmRssKib,
    vm_swap: resources?.vmSwapKib,
    comm: thread.comm,
    cgroups: thread.cgroup,
    flags,
    uid: thread.uid,
    gid: thread.gid,
    vtid: ids.vtid,
    vpid: thread.vpid,
    pidns_init_start_ts: thread.pidNamespaceStartNs,
  };
  return (name) => values[name];
}
