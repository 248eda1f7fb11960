// Records around matches: what the same container or process tree did shortly before a rule matched, and until some time
// after it. Bounded in memory, in open files, and in what stays on disk.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Container, isHost, type RuntimeEvent } from '@guardcell/core';
import { errorFacts, type Logger } from '@guardcell/kit';
import { ByteBuffer } from '../byte-buffer.ts';
import { type CaptureFile, openCaptureFile } from '../capture-file.ts';
import { type CaptureWriter, captureWriter } from '../capture-writer.ts';
import { createEventEncoder } from '../event-encoder.ts';
import { machineFacts } from '../machine.ts';
import { procSnapshot } from '../proc-snapshot.ts';
import { captureName, makeCaptureFolder, pruneCaptures } from './capture-folder.ts';
import { type EventRing, eventRing, type RingOwner } from './event-ring.ts';
import { type ProcessTree, type Scope, scopeOf } from './scope.ts';
import { threadEntryOf } from './thread-entry.ts';

export interface MatchRecorderOptions {
  readonly folder: string;
  readonly processTree: ProcessTree;
  readonly logger: Logger;
  readonly nowMs?: () => number;
  readonly limits?: Partial<MatchRecorderLimits>;
}

export interface MatchRecorderLimits {
  /** How far before the match a recording begins. */
  readonly beforeMs: number;
  readonly ringEvents: number;
  readonly ringBytes: number;
  /** Recordings at the same time; further matches have none. */
  readonly open: number;
  /** A recording that new matches prolong ends at last. */
  readonly longestMs: number;
  /** Of one file, before compression. */
  readonly fileBytes: number;
  /** Of the folder. */
  readonly files: number;
  readonly folderBytes: number;
}

export interface MatchRecorderCounts {
  readonly recordings: number;
  /** Matches without a recording, because too many were open or the disk refused. */
  readonly refused: number;
  /** Events missing in recordings. */
  readonly dropped: number;
  /** Old recordings removed to make room. */
  readonly removed: number;
}

export interface MatchRecorder {
  /** Whether events are kept for matches to come; off, nothing is done and nothing remembered. */
  enable(isOn: boolean): void;
  /** Every event, before it is judged. */
  note(event: RuntimeEvent): void;
  /**
   * A rule matched: path of the file in which its surroundings are recorded for `durationMs` more, the one that is
   * open for this container or process tree already if there is one; undefined when there can be none.
   */
  matched(rule: string, durationMs: number, event: RuntimeEvent): string | undefined;
  counts(): MatchRecorderCounts;
  /** Ends all recordings and waits until they are on disk. */
  close(): Promise<void>;
}

const LIMITS: MatchRecorderLimits = {
  beforeMs: 2000,
  ringEvents: 20_000,
  ringBytes: 8 * 1024 * 1024,
  open: 8,
  longestMs: 60_000,
  fileBytes: 32 * 1024 * 1024,
  files: 200,
  folderBytes: 512 * 1024 * 1024,
};
const TICK_MS = 250;
/** Processes of which /proc is read when a recording begins. */
const PROCESSES_MAX = 64;
const DESCRIPTORS_MAX = 4096;

interface Recording {
  readonly scope: Scope;
  readonly file: CaptureFile;
  readonly writer: CaptureWriter;
  readonly startedMs: number;
  endsMs: number;
}

export function matchRecorder(options: MatchRecorderOptions): MatchRecorder {
  const { logger, processTree } = options;
  const nowMs = options.nowMs ?? Date.now;
  const limits = { ...LIMITS, ...options.limits };
  const encoder = createEventEncoder({ processOf: (pid) => processTree(pid)[0] });
  const scratch = new ByteBuffer(64 * 1024);
  const recordings = new Map<string, Recording>();
  const closing = new Map<string, Promise<void>>();
  let ring: EventRing | undefined;
  let timer: NodeJS.Timeout | undefined;
  let started = 0;
  let refused = 0;
  let dropped = 0;
  let removed = 0;

  function end(recording: Recording): void {
    recordings.delete(recording.scope.key);
    recording.writer.flush();
    const lost = recording.writer.counts().dropped;
    dropped += lost;
    const { file } = recording;
    if (lost > 0) logger.warn('a recording misses events', { path: file.path, lost });
    const closed = file
      .close()
      .catch((error: unknown) => logger.error('a recording could not be written', { ...errorFacts(error) }))
      .finally(() => {
        closing.delete(file.path);
        prune();
      });
    closing.set(file.path, closed);
  }

  function prune(): void {
    const busy = new Set([...closing.keys(), ...[...recordings.values()].map(({ file }) => file.path)]);
    const count = pruneCaptures(options.folder, { files: limits.files, bytes: limits.folderBytes }, busy);
    removed += count;
    if (count > 0) logger.info('old recordings were removed to make room', { removed: count });
  }

  function tick(): void {
    const now = nowMs();
    for (const recording of recordings.values()) {
      recording.writer.flush();
      const isFull = recording.writer.counts().bytes >= limits.fileBytes;
      if (isFull || now >= recording.endsMs || recording.file.failure !== undefined) end(recording);
    }
    if (recordings.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  /** What came before, and the processes that did it. */
  function before(scope: Scope, event: RuntimeEvent): { blocks: Buffer[]; pids: Set<number> } {
    const blocks: Buffer[] = [];
    const pids = new Set<number>([event.thread.pid]);
    const fromMs = Number(event.timeNs / 1_000_000n) - limits.beforeMs;
    ring?.forEach(fromMs, (bytes, owner) => {
      if (!scope.has(owner)) return;
      blocks.push(Buffer.from(bytes));
      pids.add(owner.pid);
    });
    return { blocks, pids };
  }

  function begin(rule: string, durationMs: number, event: RuntimeEvent, scope: Scope): Recording {
    makeCaptureFolder(options.folder);
    const startedMs = nowMs();
    const name = captureName(startedMs, rule, randomBytes(4).toString('hex'));
    const file = openCaptureFile(join(options.folder, name));
    const writer = captureWriter(file, { processOf: (pid) => processTree(pid)[0], chunkBytes: 256 * 1024 });
    const { blocks, pids } = before(scope, event);
    const trees = [...pids].flatMap((pid) => processTree(pid));
    // those that the sensor knows may have ended; those of /proc are told of with their descriptors
    const living = procSnapshot({
      pids: [...pids].slice(-PROCESSES_MAX),
      maxDescriptors: DESCRIPTORS_MAX,
      maxThreads: DESCRIPTORS_MAX,
    });
    const told = new Set(living.threads.map(({ tid }) => tid));
    const others = [event.thread, ...trees].filter(({ pid }) => !told.has(pid) && told.add(pid));
    const containers: Container[] = isHost(event.thread.container) ? [] : [event.thread.container];
    writer.begin(
      machineFacts(),
      { ...living, threads: [...others.map(threadEntryOf), ...living.threads] },
      containers,
    );
    for (const block of blocks) writer.raw(block, 1);
    return { scope, file, writer, startedMs, endsMs: startedMs + durationMs };
  }

  return {
    enable(isOn) {
      if (isOn) ring ??= eventRing(limits.ringEvents, limits.ringBytes);
      else ring = undefined;
    },
    note(event) {
      if (ring === undefined && recordings.size === 0) return;
      const owner: RingOwner = { containerId: event.thread.container.id, pid: event.thread.pid };
      if (ring !== undefined) {
        scratch.clear();
        if (encoder.event(scratch, event)) {
          ring.push(scratch.view(), Number(event.timeNs / 1_000_000n), owner);
        }
      }
      for (const recording of recordings.values()) {
        if (recording.scope.has(owner)) recording.writer.event(event);
      }
    },
    matched(rule, durationMs, event) {
      const scope = scopeOf(event.thread, processTree);
      const open = recordings.get(scope.key);
      const now = nowMs();
      if (open !== undefined) {
        open.endsMs = Math.min(
          Math.max(open.endsMs, now + durationMs),
          Math.max(open.startedMs + limits.longestMs, open.endsMs),
        );
        return open.file.path;
      }
      if (recordings.size >= limits.open) {
        refused++;
        logger.warn('a match is not recorded because too many recordings are open', { rule, refused });
        return undefined;
      }
      try {
        const recording = begin(rule, durationMs, event, scope);
        recordings.set(scope.key, recording);
        started++;
        timer ??= setInterval(tick, TICK_MS).unref();
        return recording.file.path;
      } catch (error) {
        refused++;
        logger.error('a match cannot be recorded', { rule, ...errorFacts(error) });
        return undefined;
      }
    },
    counts: () => ({
      recordings: started,
      refused,
      dropped:
        dropped + [...recordings.values()].reduce((sum, { writer }) => sum + writer.counts().dropped, 0),
      removed,
    }),
    async close() {
      clearInterval(timer);
      for (const recording of recordings.values()) end(recording);
      await Promise.all(closing.values());
    },
  };
}
