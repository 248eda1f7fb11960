// Process list blocks: the threads that ran when the capture began. Layouts V1 to V9 (spec §4).
import { trimDirectory } from '../state/paths.ts';
import type { CapturedThread } from '../state/thread.ts';
import type { World } from '../state/world.ts';
import type { Cursor } from './cursor.ts';

/** Smallest entry of any version; what remains below that is padding. */
const MIN_ENTRY = 24;
/** Producers before 0.10 wrote an entry without these two fields; what follows them takes this much. */
const OLD_TAIL = 29;

export function readProcessList(body: Cursor, version: number, world: World): void {
  while (body.remaining >= MIN_ENTRY) {
    if (version < 9) {
      readEntry(body, version, world);
      continue;
    }
    const length = body.u32();
    if (length < 4 || length - 4 > body.remaining)
      body.fail(`a process entry of ${length} bytes does not fit`);
    const entry = body.part(length - 4);
    readTail(entry, readEntry(entry, version, world), world);
  }
}

function readEntry(body: Cursor, version: number, world: World): CapturedThread {
  const tid = body.u64();
  const pid = body.u64();
  const ptid = body.u64();
  const main = pid === tid ? undefined : world.threads.find(pid);
  const thread = world.threads.add(tid, main?.process ?? world.threads.newProcess(pid));
  if (version >= 6) thread.sid = body.u64();
  if (version >= 8) thread.vpgid = body.u64();
  thread.comm = body.text();
  thread.exe = body.text();
  if (version >= 7) thread.exePath = body.text();
  thread.process.args = world.lists.of(body.bytes(body.u16()));
  const cwd = body.text();
  // Threads of a process share the directory; the main thread's entry, which comes first, says it.
  if (thread.isMain || thread.process.cwd === '') thread.process.cwd = trimDirectory(cwd);
  thread.resources.fdLimit = body.i64();
  // flags of clone
  body.skip(4);
  thread.uid = body.u32();
  thread.gid = body.u32();
  if (version >= 2) {
    thread.resources.vmSizeKib = body.u32();
    thread.resources.vmRssKib = body.u32();
    thread.resources.vmSwapKib = body.u32();
    thread.resources.majorFaults = body.u64();
    thread.resources.minorFaults = body.u64();
  }
  if (version >= 3) thread.process.env = world.lists.of(body.bytes(body.u16()));
  thread.vtid = tid;
  thread.vpid = pid;
  if (version >= 4) {
    thread.vtid = body.i64();
    thread.vpid = body.i64();
    const groups = world.lists.controlGroups(world.lists.of(body.bytes(body.u16())));
    thread.process.cgroup = groups.text;
    thread.process.containerId = groups.containerId;
  }
  if (version >= 5) body.text();
  thread.pgid = thread.vpgid;
  thread.ppid = ptid;
  if (thread.isMain) world.threads.adopt(thread, ptid);
  world.threads.weigh(thread.process);
  return thread;
}

/** What V9 appended over time: each field is there while the entry has room for it. */
function readTail(entry: Cursor, thread: CapturedThread, world: World): void {
  if (entry.remaining > OLD_TAIL) {
    const start = entry.big();
    if (start !== 0n) {
      thread.pidNamespaceStartNs = world.bootTimeNs + start;
    }
    thread.tty = entry.u32();
  }
  if (entry.remaining < 4) return;
  thread.loginUid = entry.i32();
  if (entry.remaining < 1) return;
  thread.exeWritable = entry.u8() !== 0;
  if (entry.remaining < 24) return;
  thread.capInheritable = entry.big();
  thread.capPermitted = entry.big();
  thread.capEffective = entry.big();
  if (entry.remaining < 1) return;
  thread.exeUpperLayer = entry.u8() !== 0;
  if (entry.remaining < 24) return;
  thread.exeInode = entry.u64();
  thread.exeInodeCtimeNs = entry.big();
  thread.exeInodeMtimeNs = entry.big();
  if (entry.remaining < 1) return;
  thread.exeFromMemfd = entry.u8() !== 0;
  if (entry.remaining < 1) return;
  thread.exeLowerLayer = entry.u8() !== 0;
  if (entry.remaining >= 8) thread.pgid = entry.i64();
}
