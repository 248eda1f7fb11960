// Follows the audit log of an API server: every line once, over rotation, truncation and restarts of this server.
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, errorFacts, type Logger } from '@guardcell/kit';
import { type FileMark, isSameContent, logFiles, markOf, openIfThere, readAt } from './log-file.ts';

/** How far the log is read; durable only after the alerts up to there are. */
export interface TailPosition {
  readonly mark: FileMark;
  readonly offset: number;
  /** When it was kept. */
  readonly atMs: number;
}

export interface TailDeps {
  readonly path: string;
  readonly start: TailPosition | undefined;
  /** Evaluates whole lines. Resolves when their alerts are durable; false: try the same lines again. */
  readonly take: (lines: Uint8Array) => Promise<boolean>;
  /** The position after `take` returned true. */
  readonly keep: (position: TailPosition) => Promise<void>;
  /** Events between the two times may be lost. */
  readonly lost: (fromMs: number, toMs: number, reason: string, lost: number) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface LogTail {
  stop(): Promise<void>;
}

const POLL_MS = 500;
const RETRY_MS = 2000;
const CHUNK_BYTES = 1024 * 1024;
/** An event holds at most two objects of 1.5 MiB; what is longer is no event. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const NEWLINE = 0x0a;

interface OpenLog {
  readonly file: FileHandle;
  readonly inode: number;
  mark: FileMark;
  offset: number;
  /** How many bytes to read at once: grows with a line that does not fit. */
  window: number;
  /** Within a line that is too long. */
  skipping: boolean;
}

export function startLogTail(deps: TailDeps): LogTail {
  const { path, clock, logger } = deps;
  const stopping = new AbortController();
  let lastReadMs = deps.start?.atMs ?? clock.nowMs();
  let complained = '';
  let begun = false;

  async function openAt(file: FileHandle, offset: number): Promise<OpenLog> {
    const mark = await markOf(file);
    return { file, inode: mark.inode, mark, offset, window: CHUNK_BYTES, skipping: false };
  }

  /** The file that the kept position is in, whatever its name is now. */
  async function reopen(start: TailPosition): Promise<OpenLog | undefined> {
    for (const name of await logFiles(path)) {
      const file = await openIfThere(name);
      if (file === undefined) continue;
      const facts = await file.stat();
      const same = facts.size >= start.offset && (await isSameContent(file, start.mark));
      // A copy made at truncation has another inode and the same content; an empty mark says nothing of the content.
      if (same && (facts.ino === start.mark.inode || start.mark.headLength > 0))
        return openAt(file, start.offset);
      await file.close();
    }
    return undefined;
  }

  /** Hands over whole lines until there are none; true when something was read. */
  async function readLines(log: OpenLog): Promise<boolean> {
    let any = false;
    while (!stopping.signal.aborted) {
      const bytes = await readAt(log.file, log.offset, log.window);
      if (bytes.length === 0) break;
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end === 0) {
        if (bytes.length < log.window) break;
        await grow(log, bytes.length);
        continue;
      }
      const from = log.skipping ? bytes.indexOf(NEWLINE) + 1 : 0;
      if (from < end && !(await takeAll(bytes.subarray(from, end)))) return any;
      log.skipping = false;
      log.window = CHUNK_BYTES;
      await advance(log, end);
      any = true;
    }
    lastReadMs = clock.nowMs();
    return any;
  }

  async function grow(log: OpenLog, read: number): Promise<void> {
    if (log.window < MAX_LINE_BYTES) {
      log.window *= 2;
      return;
    }
    if (!log.skipping) {
      logger.warn('a line of the audit log is too long to be an event', { path, offset: log.offset });
      await deps.lost(lastReadMs, clock.nowMs(), 'audit-line-too-long', 1);
    }
    log.skipping = true;
    log.offset += read;
  }

  async function advance(log: OpenLog, read: number): Promise<void> {
    log.offset += read;
    if (log.mark.headLength < 256) log.mark = await markOf(log.file);
    await keep(log);
  }

  async function keep({ mark, offset }: OpenLog): Promise<void> {
    await deps.keep({ mark, offset, atMs: clock.nowMs() });
  }

  async function takeAll(lines: Uint8Array): Promise<boolean> {
    while (!stopping.signal.aborted) {
      if (await deps.take(lines)) return true;
      await pause(RETRY_MS);
    }
    return false;
  }

  /** A last line without its end: the writer went on elsewhere, so it is all there will be. */
  async function readRest(log: OpenLog): Promise<void> {
    const bytes = await readAt(log.file, log.offset, MAX_LINE_BYTES);
    if (bytes.length === 0 || log.skipping) return;
    if (await takeAll(bytes)) await advance(log, bytes.length);
  }

  async function isCurrent(log: OpenLog): Promise<boolean> {
    const file = await openIfThere(path);
    // Between rename and creation there is no file; what is open may still grow.
    if (file === undefined) return true;
    const { ino } = await file.stat();
    await file.close();
    return ino === log.inode;
  }

  /** What follows a file that was rotated away: the next older one, or the log itself. */
  async function successor(log: OpenLog): Promise<OpenLog | undefined> {
    const names = await logFiles(path);
    let at = -1;
    for (const [index, name] of names.entries()) {
      const file = await openIfThere(name);
      if (file === undefined) continue;
      if ((await file.stat()).ino === log.inode) at = index;
      await file.close();
    }
    if (at < 0) await deps.lost(lastReadMs, clock.nowMs(), 'audit-log-rotated', -1);
    for (const name of at < 0 ? [path] : names.slice(at + 1)) {
      const file = await openIfThere(name);
      if (file !== undefined) return openAt(file, 0);
    }
    return undefined;
  }

  async function truncated(log: OpenLog): Promise<boolean> {
    const { size } = await log.file.stat();
    return size < log.offset || !(await isSameContent(log.file, log.mark));
  }

  /** What was written between our last look and the truncation is in the copy, if there is one. */
  async function readCopy({ mark, offset }: OpenLog): Promise<void> {
    const copy = mark.headLength > 0 ? await reopen({ mark, offset, atMs: lastReadMs }) : undefined;
    if (copy === undefined) {
      await deps.lost(lastReadMs, clock.nowMs(), 'audit-log-truncated', -1);
      return;
    }
    await readLines(copy);
    await readRest(copy);
    await copy.file.close();
  }

  /** Reads what is there; returns the file to go on with. */
  async function step(log: OpenLog): Promise<OpenLog> {
    if (await truncated(log)) {
      await readCopy(log);
      const fresh = await openAt(log.file, 0);
      await readLines(fresh);
      return fresh;
    }
    const moved = !(await isCurrent(log));
    await readLines(log);
    if (!moved || stopping.signal.aborted) return log;
    await readRest(log);
    const next = await successor(log);
    if (next === undefined) return log;
    await log.file.close();
    await keep(next);
    return next;
  }

  async function begin(): Promise<OpenLog | undefined> {
    if (deps.start !== undefined && !begun) {
      const found = await reopen(deps.start);
      begun = true;
      if (found !== undefined) return found;
      logger.warn('the audit log was rotated away while nobody read it', { path });
      await deps.lost(lastReadMs, clock.nowMs(), 'audit-log-rotated', -1);
    }
    const file = await openIfThere(path);
    return file === undefined ? undefined : openAt(file, 0);
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  }

  function complain(thrown: unknown): void {
    const facts = errorFacts(thrown);
    if (complained === facts.message) return;
    complained = facts.message;
    logger.error('the audit log cannot be read; trying again', { path, ...facts });
  }

  async function run(): Promise<void> {
    let log: OpenLog | undefined;
    while (!stopping.signal.aborted) {
      try {
        const before = log;
        log = log === undefined ? await begin() : await step(log);
        complained = '';
        if (log !== undefined && log !== before) continue;
        await pause(POLL_MS);
      } catch (thrown) {
        complain(thrown);
        await pause(RETRY_MS);
      }
    }
    await log?.file.close();
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
