// Keeps alerts on the node's disk until the server has them: bounded, checked, in order, and honest about what it lost.
// Calls are synchronous and short; they are meant for the agent's main thread.

import { type Clock, CodedError, type Logger, systemErrorCode } from '@guardcell/kit';
import { replaceFile, syncFolder } from './durable-file.ts';
import { openGapList, type SpoolGap } from './gap-list.ts';
import { openRecentKeys } from './recent-keys.ts';
import { HEADER_BYTES, MOST_PAYLOAD_BYTES } from './record.ts';
import { cursorFile, declareLater, recoverSpool } from './recover.ts';
import { openSegment, SEGMENT_BYTES, type Segment } from './segment.ts';

/** Alerts reach the disk within this time, critical ones at the end of the current turn. */
const SYNC_INTERVAL_MS = 200;

export interface SpoolOptions {
  /** Folder of the spool; created when missing. One process at a time. */
  readonly dir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Most that segments may take on disk; default 512 MiB. */
  readonly maxBytes?: number;
  /** Share of `maxBytes` that only critical alerts may use; default 20. */
  readonly reservePercent?: number;
}

export interface SpoolEntry {
  readonly seq: number;
  readonly payload: string;
}

export interface SpoolStats {
  /** Alerts that wait for delivery. */
  readonly pending: number;
  readonly sizeBytes: number;
  /** Alerts not taken since the spool was opened. */
  readonly dropped: number;
  readonly ackedSeq: number;
  readonly lastSeq: number;
}

export interface Spool extends Disposable {
  /** Id of this sensor for life. */
  readonly sensor: string;
  /** Changes when the numbering had to begin anew. */
  readonly epoch: number;
  /**
   * Writes the text that `payload` makes for its place (seqs begin with 1 and have no holes but declared ones); it
   * survives the end of the process. Returns the seq, or undefined when there is no room or it cannot be written: then
   * the loss is counted and declared as a gap. With a `key` (`keyOfText`) the next owner of the folder finds it in
   * `recentKeys`; whoever uses keys gives one to every alert.
   */
  append(
    payload: (place: { readonly seq: number }) => string,
    options: { readonly critical: boolean; readonly key?: bigint },
  ): number | undefined;
  /** Keys of the last alerts, 32,768 at least, that were appended before the spool was opened. */
  readonly recentKeys: BigUint64Array;
  /**
   * Consecutive alerts from `fromSeq`, or from the first one after it; at least one if there is any. What is returned
   * is on disk, so that a seq that anybody has seen never comes back with another alert.
   */
  read(fromSeq: number, maxCount: number, maxBytes: number): readonly SpoolEntry[];
  /** Everything up to `seq` was delivered. */
  ack(seq: number): void;
  /** Declares a loss elsewhere on this node; delivered like alerts. */
  noteGap(gap: SpoolGap): void;
  /** Declared losses that were not delivered, oldest first. */
  pendingGaps(): readonly SpoolGap[];
  /** The first `count` of them were delivered. */
  ackGaps(count: number): void;
  stats(): SpoolStats;
  /** Puts everything on disk now. */
  sync(): void;
  close(): void;
}

function usable<T>(dir: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const full = systemErrorCode(thrown) === 'ENOSPC';
    throw new CodedError(full ? 'GC_SPOOL_FULL' : 'GC_SPOOL_IO', 'the spool folder cannot be used', {
      at: dir,
      cause: thrown,
      hint: full ? 'Free space on that disk.' : 'Check that the folder is writable and its disk is healthy.',
    });
  }
}

/** @throws CodedError GC_SPOOL_IO, GC_SPOOL_FULL when the folder cannot be used at all. */
export function openSpool(options: SpoolOptions): Spool {
  const { dir, clock, logger, maxBytes = 512 * 1024 * 1024, reservePercent = 20 } = options;
  const gaps = usable(dir, () => openGapList(dir));
  const { identity, segments: found, cursor } = usable(dir, () => recoverSpool(dir, gaps, clock, logger));
  const segments: Segment[] = [...found];
  const { declared } = cursor;
  let { acked, last } = cursor;
  let sizeBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes(), 0);
  let dropped = 0;
  let failing = false;
  let closed = false;
  let cursorChanged = false;
  let folderChanged = false;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;
  let reading: Segment | undefined;

  function saveCursor(flush: boolean): void {
    replaceFile(cursorFile(dir), JSON.stringify({ acked, last, declared }), flush);
    cursorChanged = false;
  }

  function syncNow(): void {
    for (const segment of segments) if (segment.dirty()) segment.sync();
    if (folderChanged) syncFolder(dir);
    folderChanged = false;
    gaps.save(true);
    if (cursorChanged) saveCursor(false);
  }

  // Background work must not end the process; what failed is tried again at the next tick.
  function syncQuietly(): void {
    if (timer !== undefined) clearTimeout(timer);
    if (soon !== undefined) clearImmediate(soon);
    timer = undefined;
    soon = undefined;
    if (closed) return;
    try {
      syncNow();
    } catch (thrown) {
      noteFailure(thrown);
      later();
    }
  }

  function later(): void {
    timer ??= setTimeout(syncQuietly, SYNC_INTERVAL_MS).unref();
  }

  function noteFailure(thrown: unknown): void {
    if (!failing)
      logger.error('the spool cannot write', { cause: thrown instanceof Error ? thrown.message : thrown });
    failing = true;
  }

  function drop(reason: string): undefined {
    dropped += 1;
    gaps.count(reason, new Date(clock.nowMs()).toISOString());
    later();
    return undefined;
  }

  function active(): Segment {
    const newest = segments.at(-1);
    if (newest !== undefined && newest.sizeBytes() < SEGMENT_BYTES) return newest;
    if (newest !== undefined && newest !== reading) newest.close();
    const { segment } = openSegment(dir, last + 1, (lost) => declareLater(gaps, clock, lost));
    segments.push(segment);
    folderChanged = true;
    return segment;
  }

  function removeDelivered(): void {
    const gone = segments.filter((segment, at) => segment.lastSeq() <= acked && at < segments.length - 1);
    if (gone.length === 0) return;
    // First the cursor is on disk, then the alerts may go: otherwise a crash could make them look lost, or their seqs new.
    saveCursor(true);
    for (const segment of gone) {
      sizeBytes -= segment.sizeBytes();
      if (reading === segment) reading = undefined;
      segment.remove();
    }
    segments.splice(0, gone.length);
  }

  function readFrom(segment: Segment, fromSeq: number, maxCount: number, maxBytes: number): SpoolEntry[] {
    // Of the segments that are only read, one at a time is open.
    if (reading !== segment && reading !== segments.at(-1)) reading?.close();
    reading = segment;
    return segment.read(fromSeq, maxCount, maxBytes);
  }

  const recent = usable(dir, () => openRecentKeys(dir, last));
  usable(dir, () => {
    gaps.save(true);
    saveCursor(true);
  });

  return {
    sensor: identity.sensor,
    epoch: identity.epoch,
    recentKeys: recent.known,
    append(makePayload, { critical, key }) {
      if (closed) return drop('spool-closed');
      const seq = last + 1;
      const payload = Buffer.from(makePayload({ seq }), 'utf8');
      if (payload.length > MOST_PAYLOAD_BYTES) return drop('alert-too-large');
      const room = critical ? maxBytes : maxBytes * (1 - reservePercent / 100);
      if (sizeBytes + HEADER_BYTES + payload.length > room) return drop('spool-full');
      try {
        if (key !== undefined) recent.note(seq, key);
        active().append(seq, payload);
      } catch (thrown) {
        noteFailure(thrown);
        return drop(systemErrorCode(thrown) === 'ENOSPC' ? 'spool-disk-full' : 'spool-write-failed');
      }
      failing = false;
      last = seq;
      sizeBytes += HEADER_BYTES + payload.length;
      if (critical) soon ??= setImmediate(syncQuietly);
      else later();
      return seq;
    },
    read(fromSeq, maxCount, maxBytes) {
      if (closed) return [];
      const entries: SpoolEntry[] = [];
      let bytes = 0;
      for (const segment of segments) {
        const next = (entries.at(-1)?.seq ?? fromSeq - 1) + 1;
        if (segment.lastSeq() < next) continue;
        if (entries.length >= maxCount || bytes >= maxBytes) break;
        if (segment.dirty()) segment.sync();
        const more = readFrom(segment, next, maxCount - entries.length, maxBytes - bytes);
        const first = more[0];
        if (first === undefined) continue;
        if (entries.length > 0 && (first.seq !== next || bytes + first.payload.length > maxBytes)) break;
        entries.push(...more);
        bytes = entries.reduce((sum, entry) => sum + entry.payload.length, 0);
      }
      return entries;
    },
    ack(seq) {
      if (closed || seq <= acked) return;
      acked = Math.min(seq, last);
      cursorChanged = true;
      try {
        removeDelivered();
      } catch (thrown) {
        noteFailure(thrown);
      }
      later();
    },
    noteGap(gap) {
      gaps.add(gap);
      soon ??= setImmediate(syncQuietly);
    },
    pendingGaps: () => gaps.handOut(),
    ackGaps(count) {
      gaps.remove(count);
      later();
    },
    stats() {
      const pending = segments.reduce((sum, segment) => {
        if (segment.lastSeq() <= acked) return sum;
        return (
          sum +
          (segment.firstSeq > acked
            ? segment.records()
            : Math.min(segment.records(), segment.lastSeq() - acked))
        );
      }, 0);
      return { pending, sizeBytes, dropped, ackedSeq: acked, lastSeq: last };
    },
    sync: syncNow,
    close() {
      if (closed) return;
      try {
        syncNow();
        saveCursor(true);
      } catch (thrown) {
        noteFailure(thrown);
      }
      closed = true;
      if (timer !== undefined) clearTimeout(timer);
      if (soon !== undefined) clearImmediate(soon);
      for (const segment of segments) segment.close();
      recent.close();
    },
    [Symbol.dispose]() {
      this.close();
    },
  };
}
