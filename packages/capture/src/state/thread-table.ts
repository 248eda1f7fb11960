// All threads of a capture by tid. Bounded: threads that have ended leave first, then the oldest.
import { CapturedThread, type Family, type ProcessState, processState } from './thread.ts';

export const MAX_THREADS = 131_072;
/** Ended threads are kept for a while: a parent that has ended is still the ancestor of what it started. */
const MAX_ENDED = 1024;
/** -1 as the unsigned number that ids are: no account has it. */
const UNKNOWN_ID = 0xffff_ffff;

export class ThreadTable implements Family {
  readonly #threads = new Map<number, CapturedThread>();
  readonly #ended: CapturedThread[] = [];
  #endedFrom = 0;
  readonly #limit: number;
  /** Threads that were dropped although they had not ended. */
  evicted = 0;

  constructor(limit = MAX_THREADS) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#threads.size;
  }

  find(tid: number): CapturedThread | undefined {
    return this.#threads.get(tid);
  }

  values(): IterableIterator<CapturedThread> {
    return this.#threads.values();
  }

  clear(): void {
    this.#threads.clear();
    this.#ended.length = 0;
    this.#endedFrom = 0;
  }

  /** A new thread of a process of its own or, with `process`, of that one. Replaces one with the same tid. */
  add(tid: number, process?: ProcessState): CapturedThread {
    const former = this.#threads.get(tid);
    if (former !== undefined) this.#forget(former);
    const state = process ?? processState(tid);
    const thread = new CapturedThread(this, tid, state);
    state.threads += 1;
    if (thread.isMain) state.main = thread;
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

  /** Makes `parent` the parent process of the thread's process. */
  adopt(thread: CapturedThread, parentPid: number): void {
    const main = thread.process.main ?? thread;
    this.#threads.get(main.ppid)?.process.children.delete(main);
    thread.ppid = parentPid;
    main.ppid = parentPid;
    if (parentPid !== main.tid) this.#threads.get(parentPid)?.process.children.add(main);
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
    if (heir !== undefined && heir !== process) {
      for (const child of process.children) {
        child.ppid = heir.pid;
        heir.children.add(child);
      }
      process.children.clear();
    }
    const main = process.main ?? thread;
    if (process.threads <= 0) {
      process.descriptors = new Map();
      this.#threads.get(main.ppid)?.process.children.delete(main);
    }
  }

  #dropEnded(): void {
    const oldest = this.#ended[this.#endedFrom];
    this.#endedFrom += 1;
    if (oldest !== undefined && this.#threads.get(oldest.tid) === oldest) this.#threads.delete(oldest.tid);
    if (this.#endedFrom < MAX_ENDED) return;
    this.#ended.splice(0, this.#endedFrom);
    this.#endedFrom = 0;
  }

  #makeRoom(): void {
    while (this.#endedFrom < this.#ended.length && this.#threads.size > this.#limit) this.#dropEnded();
    if (this.#threads.size <= this.#limit) return;
    for (const oldest of this.#threads.values()) {
      this.#forget(oldest);
      this.#threads.delete(oldest.tid);
      this.evicted += 1;
      break;
    }
  }

  #forget(thread: CapturedThread): void {
    if (!thread.exited) thread.process.threads -= 1;
    thread.exited = true;
    const main = thread.process.main ?? thread;
    if (thread === main) this.#threads.get(main.ppid)?.process.children.delete(main);
  }
}
