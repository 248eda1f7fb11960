// What this host has scanned and when, and which requests it has answered, so that a restart does not scan everything again.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanningState } from '@guardcell/contract';
import { errorFacts, type Logger, systemErrorCode } from '@guardcell/kit';
import type { ScanOutcome } from './scan-plan.ts';

const KEYS_MAX = 2000;
const ANSWERED_MAX = 1000;

interface Kept {
  readonly outcomes: readonly (readonly [string, ScanOutcome])[];
  readonly answered: readonly string[];
  readonly state: ScanningState | null;
}

export interface ScanMemory {
  /** As the server last said. */
  readonly state: ScanningState | undefined;
  setState(state: ScanningState): void;
  outcomeOf(key: string): ScanOutcome | undefined;
  scanned(key: string, isGood: boolean): void;
  isAnswered(requestId: string): boolean;
  answered(requestId: string): void;
}

export function openScanMemory(folder: string, nowMs: () => number, logger: Logger): ScanMemory {
  const file = join(folder, 'scans.json');
  let outcomes = new Map<string, ScanOutcome>();
  let answered = new Set<string>();
  let state: ScanningState | undefined;

  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    outcomes = new Map(kept.outcomes);
    answered = new Set(kept.answered);
    state = kept.state ?? undefined;
  } catch (thrown) {
    if (systemErrorCode(thrown) !== 'ENOENT') {
      logger.warn('what was scanned before cannot be read', { ...errorFacts(thrown) });
    }
  }

  function bound<T>(items: Map<string, T> | Set<string>, max: number): void {
    while (items.size > max) items.delete(items.keys().next().value ?? '');
  }

  function save(): void {
    bound(outcomes, KEYS_MAX);
    bound(answered, ANSWERED_MAX);
    const kept: Kept = { outcomes: [...outcomes], answered: [...answered], state: state ?? null };
    try {
      writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (thrown) {
      logger.warn('what was scanned is not kept over a restart', { ...errorFacts(thrown) });
    }
  }

  return {
    get state() {
      return state;
    },
    setState(next) {
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      state = next;
      save();
    },
    outcomeOf: (key) => outcomes.get(key),
    scanned(key, isGood) {
      const failures = isGood ? 0 : (outcomes.get(key)?.failures ?? 0) + 1;
      outcomes.delete(key);
      outcomes.set(key, { atMs: nowMs(), failures });
      save();
    },
    isAnswered: (requestId) => answered.has(requestId),
    answered(requestId) {
      answered.add(requestId);
      save();
    },
  };
}
