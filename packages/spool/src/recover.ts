// Finds out at start what a spool folder holds: segments, cursor, and what is missing or damaged.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Logger } from '@guardcell/kit';
import { readJsonFile } from './durable-file.ts';
import type { GapList } from './gap-list.ts';
import { type Identity, readIdentity, renewIdentity } from './identity.ts';
import { firstSeqOf, openSegment, type Segment } from './segment.ts';

export interface Cursor {
  /** Everything up to it was delivered. */
  readonly acked: number;
  /** Last seq that was given out when this was written. */
  readonly last: number;
  /** Holes up to this seq were declared. */
  readonly declared: number;
}

export interface Recovered {
  readonly identity: Identity;
  readonly segments: readonly Segment[];
  readonly cursor: Cursor;
}

export function cursorFile(dir: string): string {
  return join(dir, 'cursor.json');
}

function readCursor(dir: string): Cursor | undefined {
  const value = readJsonFile(cursorFile(dir));
  if (typeof value !== 'object' || value === null) return undefined;
  const { acked, last, declared } = value as Partial<Cursor>;
  if (!Number.isSafeInteger(acked) || !Number.isSafeInteger(last) || !Number.isSafeInteger(declared))
    return undefined;
  return { acked: acked ?? 0, last: last ?? 0, declared: declared ?? 0 };
}

function segmentsIn(dir: string): number[] {
  return readdirSync(dir)
    .map(firstSeqOf)
    .filter((seq) => seq !== undefined)
    .sort((a, b) => a - b);
}

// Alerts of an identity that is lost cannot be delivered: their ids name it.
function discard(dir: string, firstSeqs: readonly number[], gaps: GapList, logger: Logger): void {
  for (const firstSeq of firstSeqs) {
    const { segment } = openSegment(dir, firstSeq, () => undefined);
    const time = new Date(segment.modifiedMs()).toISOString();
    if (segment.records() > 0)
      gaps.add({ from: time, to: time, reason: 'spool-identity-lost', lost: segment.records() });
    logger.error('a spool segment has no identity any more and was given up', { records: segment.records() });
    segment.remove();
  }
}

/** Declares records that were found damaged while the spool is in use. */
export function declareLater(gaps: GapList, clock: Clock, lost: number): void {
  const time = new Date(clock.nowMs()).toISOString();
  gaps.add({ from: time, to: time, reason: 'spool-corrupt', lost });
}

/** @throws system errors when the folder cannot be used */
export function recoverSpool(dir: string, gaps: GapList, clock: Clock, logger: Logger): Recovered {
  const onLost = (records: number): void => declareLater(gaps, clock, records);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const known = readIdentity(dir);
  const stored = readCursor(dir);
  const firstSeqs = segmentsIn(dir);
  if (known === undefined || (stored === undefined && firstSeqs.length === 0)) {
    discard(dir, firstSeqs, gaps, logger);
    return {
      identity: renewIdentity(dir, known, clock),
      segments: [],
      cursor: { acked: 0, last: 0, declared: 0 },
    };
  }
  const cursor = stored ?? { acked: (firstSeqs[0] ?? 1) - 1, last: 0, declared: 0 };
  const segments: Segment[] = [];
  let last = cursor.acked;
  let destroyedAtEnd = 0;
  const declare = (timeMs: number, reason: string, lost: number): void => {
    const time = new Date(timeMs).toISOString();
    gaps.add({ from: time, to: time, reason, lost });
    logger.error('alerts in the spool are lost', { reason, lost });
  };
  for (const firstSeq of firstSeqs) {
    const { segment, scan } = openSegment(dir, firstSeq, onLost);
    const hole = firstSeq - last - 1;
    if (hole > 0 && firstSeq > cursor.declared) declare(segment.modifiedMs(), 'spool-segment-missing', hole);
    if (scan.destroyed > 0 && segment.lastSeq() + scan.destroyed > cursor.declared) {
      declare(segment.modifiedMs(), 'spool-corrupt', scan.destroyed);
    }
    last = Math.max(last, segment.lastSeq());
    destroyedAtEnd = scan.destroyed;
    if (segment.records() === 0) segment.remove();
    else {
      segment.close();
      segments.push(segment);
    }
  }
  const missing = cursor.last - last - destroyedAtEnd;
  if (missing > 0) declare(clock.nowMs(), 'spool-segment-missing', missing);
  // Seqs of destroyed records at the end may have been delivered; they are not given out again.
  const beyond = Math.max(last + destroyedAtEnd, cursor.last);
  return { identity: known, segments, cursor: { acked: cursor.acked, last: beyond, declared: beyond } };
}
