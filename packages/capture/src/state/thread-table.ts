// All threads of a capture by tid. Bounded: threads that have ended leave first, then the oldest.
import type { Container } from '@guardcell/core';
import type { Containers } from './containers.ts';
import { type FdBudget, FdTable, fdBudget } from './fd-table.ts';
import { CapturedThread, type Family, type ProcessState, processState } from './thread.ts';

const MAX_THREADS = 131_072;
/** Ended threads are kept for a while: a parent that has ended is still the ancestor of what it started. */
const MAX_ENDED = 1024;
/** -1 as the unsigned number that ids are: no account has it. */
const UNKNOWN_ID = 0xffff_ffff;
/** Characters of all arguments, environments and control groups; equal ones count each time although they are shared. */
const MAX_WEIGHT = 128 * 1024 * 1024;
/** With more children than this, they stay with the process that has ended. */
const MAX_MOVED_CHILDREN = 4096;

export class ThreadTable implements Family {
  readonly budget: FdBudget = fdBudget();
  readonly #containers: Containers;
  readonly #threads = new Map<number, CapturedThread>();
  readonly #ended: CapturedThread[] = [];
  #endedFrom = 0;
  #weight = 0;
  readonly #limit: number;
  /** Threads that were dropped although they had not ended. */
  evicted = 0;

  constructor(containers: Containers, limit = MAX_THREADS) {
    this.#containers = containers;
    this.#limit = limit;
  }

  get size(): number {
    return this.#threads.size;
  }

  find(tid: number): CapturedThread | undefined {
    return this.#threads.get(tid);
  }

  containerOf(id: string): Container {
    return this.#containers.of(id);
  }

  values(): IterableIterator<CapturedThread> {
    return this.#threads.values();
  }

  clear(): void {
    for (const thread of this.#threads.values()) this.#remove(thread);
    this.#ended.length = 0;
    this.#endedFrom = 0;
  }

  newProcess(pid: number, descriptors: FdTable = new FdTable(this.budget)): ProcessState {
    return processState(pid, descriptors);
  }

  /** A new thread of a process of its own or, with `process`, of that one. Replaces one with the same tid. */
  add(tid: number, process: ProcessState = this.newProcess(tid)): CapturedThread {
    const former = this.#threads.get(tid);
    if (former !== undefined) this.#remove(former);
    const thread = new CapturedThread(this, tid, process);
    process.threads += 1;
    process.entries += 1;
    if (thread.isMain) process.main = thread;
    this.#threads.set(tid, thread);
    if (this.#threads.size > this.#limit) this.#makeRoom();
    return thread;
  }

  /** The thread of an event; one that nothing told of before is made with its tid only. */
  ensure(tid: number): CapturedThread {
    const known = this.#threads.get(tid);
    if (known !== undefined) return known;
    const made = this.add(tid);
    made.isUnknown = true;
    made.vpid = tid;
    made.uid = UNKNOWN_ID;
    made.gid = UNKNOWN_ID;
    return made;
  }

  /** Gives a thread that was known as part of another process a process of its own. */
  separate(thread: CapturedThread, pid: number): void {
    const { cwd } = thread.process;
    this.#leave(thread);
    const process = this.newProcess(pid);
    process.cwd = cwd;
    process.threads = thread.exited ? 0 : 1;
    process.entries = 1;
    process.main = thread;
    thread.process = process;
  }

  /** To be called when arguments, environment or control groups of a process are new. */
  weigh(process: ProcessState): void {
    let weight = process.cgroup.length;
    for (const text of process.args) weight += text.length;
    for (const text of process.env) weight += text.length;
    this.#weight += weight - process.weight;
    process.weight = weight;
    if (this.#weight > MAX_WEIGHT) this.#makeRoom();
  }

  /** Makes `parent` the parent process of the thread's process. */
  adopt(thread: CapturedThread, parentPid: number): void {
    const main = thread.process.main ?? thread;
    this.#threads.get(main.ppid)?.process.children?.delete(main);
    thread.ppid = parentPid;
    main.ppid = parentPid;
    const parent = parentPid === main.tid ? undefined : this.#threads.get(parentPid)?.process;
    if (parent !== undefined) childrenOf(parent).add(main);
  }

  /**
   * A thread ended. Its process ends with the last one: descriptors go and the children move to `reaper`, the tid
   * that the event names (0 when it names none: then to process 1).
   */
  end(thread: CapturedThread, reaper: number): void {
    if (thread.exited) return;
    thread.exited = true;
    const { process } = thread;
    process.threads -= 1;
    this.#ended.push(thread);
    if (process.threads <= 0 || thread.isMain) this.#endProcess(thread, reaper);
    if (this.#ended.length - this.#endedFrom > MAX_ENDED) this.#dropEnded();
  }

  #endProcess(thread: CapturedThread, reaper: number): void {
    const { process } = thread;
    if (process.threads > 0 && reaper <= 0) return;
    const heir = this.#threads.get(reaper)?.process ?? this.#threads.get(1)?.process;
    const { children } = process;
    if (
      children !== undefined &&
      heir !== undefined &&
      heir !== process &&
      children.size <= MAX_MOVED_CHILDREN
    ) {
      for (const child of children) {
        child.ppid = heir.pid;
        childrenOf(heir).add(child);
      }
      children.clear();
    }
    if (process.threads > 0) return;
    this.#releaseDescriptors(process);
    const main = process.main ?? thread;
    this.#threads.get(main.ppid)?.process.children?.delete(main);
  }

  #releaseDescriptors(process: ProcessState): void {
    if (!process.descriptors.release()) process.descriptors = new FdTable(this.budget);
  }

  #dropEnded(): void {
    const oldest = this.#ended[this.#endedFrom];
    this.#endedFrom += 1;
    if (oldest !== undefined && this.#threads.get(oldest.tid) === oldest) this.#remove(oldest);
    if (this.#endedFrom < MAX_ENDED) return;
    this.#ended.splice(0, this.#endedFrom);
    this.#endedFrom = 0;
  }

  #makeRoom(): void {
    const isFull = (): boolean => this.#threads.size > this.#limit || this.#weight > MAX_WEIGHT;
    while (this.#endedFrom < this.#ended.length && isFull()) this.#dropEnded();
    for (const oldest of this.#threads.values()) {
      if (!isFull() || this.#threads.size === 1) return;
      this.#remove(oldest);
      this.evicted += 1;
    }
  }

  /** Takes a thread out of the table. */
  #remove(thread: CapturedThread): void {
    this.#threads.delete(thread.tid);
    const main = thread.process.main ?? thread;
    if (thread === main) this.#threads.get(main.ppid)?.process.children?.delete(main);
    this.#leave(thread);
    thread.exited = true;
  }

  /** The thread no longer belongs to its process. */
  #leave(thread: CapturedThread): void {
    const { process } = thread;
    if (!thread.exited) process.threads -= 1;
    process.entries -= 1;
    if (process.entries > 0) return;
    this.#releaseDescriptors(process);
    this.#weight -= process.weight;
    process.weight = 0;
  }
}

function childrenOf(process: ProcessState): Set<CapturedThread> {
  process.children ??= new Set();
  return process.children;
}
