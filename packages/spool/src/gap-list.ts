// Declared losses on their way to the server: kept in a file until delivered, few even after days of dropping.
import { join } from 'node:path';
import type { CoverageGap } from '@guardcell/core';
import { readJsonFile, replaceFile } from './durable-file.ts';

/** A gap of this sensor. */
export type SpoolGap = Omit<CoverageGap, 'sensor'>;

export interface GapList {
  add(gap: SpoolGap): void;
  /** One more lost at `time` (RFC 3339); joins the gap before it when that has the same reason and was not handed out. */
  count(reason: string, time: string): void;
  /** Oldest first; what is handed out is not changed any more. */
  handOut(): readonly SpoolGap[];
  /** The first `count` were delivered. */
  remove(count: number): void;
  /** Writes what has changed. */
  save(flush: boolean): void;
}

const MOST_GAPS = 500;

function isGap(value: unknown): value is SpoolGap {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to, reason, lost } = value as Partial<SpoolGap>;
  return (
    typeof from === 'string' &&
    typeof to === 'string' &&
    typeof reason === 'string' &&
    typeof lost === 'number'
  );
}

function joined(a: SpoolGap, b: SpoolGap): SpoolGap {
  return {
    from: a.from < b.from ? a.from : b.from,
    to: a.to > b.to ? a.to : b.to,
    reason: a.reason === b.reason ? a.reason : 'several',
    lost: a.lost < 0 || b.lost < 0 ? -1 : a.lost + b.lost,
  };
}

export function openGapList(dir: string): GapList {
  const file = join(dir, 'gaps.json');
  const stored = readJsonFile(file);
  let gaps: SpoolGap[] = Array.isArray(stored) ? stored.filter(isGap) : [];
  let handedOut = 0;
  let changed = false;

  function add(gap: SpoolGap): void {
    gaps.push({ from: gap.from, to: gap.to, reason: gap.reason, lost: gap.lost });
    // Too many: the two that follow what was handed out become one.
    const [a, b] = [gaps[handedOut], gaps[handedOut + 1]];
    if (gaps.length - handedOut > MOST_GAPS && a !== undefined && b !== undefined) {
      gaps.splice(handedOut, 2, joined(a, b));
    }
    changed = true;
  }

  return {
    add,
    count(reason, time) {
      const last = gaps.at(-1);
      const gap = { from: time, to: time, reason, lost: 1 };
      if (last === undefined || gaps.length <= handedOut || last.reason !== reason || last.lost < 0) add(gap);
      else gaps[gaps.length - 1] = joined(last, gap);
      changed = true;
    },
    handOut() {
      // An earlier delivery has ended without success; if it grew too long meanwhile, its pieces are joined.
      while (gaps.length > MOST_GAPS) {
        const [a, b] = gaps;
        if (a === undefined || b === undefined) break;
        gaps.splice(0, 2, joined(a, b));
        changed = true;
      }
      handedOut = gaps.length;
      return [...gaps];
    },
    remove(count) {
      gaps = gaps.slice(count);
      handedOut = Math.max(0, handedOut - count);
      changed = changed || count > 0;
    },
    save(flush) {
      if (!changed) return;
      replaceFile(file, JSON.stringify(gaps), flush);
      changed = false;
    },
  };
}
