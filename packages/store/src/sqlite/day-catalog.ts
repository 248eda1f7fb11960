// Which day files there are and what is in them, so that questions go only to files that can have an answer.
import { DAY_MS } from '../day.ts';
import type { DayFacts } from './day-writer.ts';

export interface DayCatalog {
  replace(days: readonly DayFacts[]): void;
  update(days: readonly DayFacts[]): void;
  remove(days: readonly number[]): void;
  get(day: number): DayFacts | undefined;
  all(): readonly DayFacts[];
  /** Days with alerts in a time (ms since 1970, `toMs` exclusive), newest first. */
  within(fromMs: number | undefined, toMs: number | undefined): number[];
  /** Days with alerts above a position. */
  above(position: number): number[];
  /** Whole days that ended by then. */
  endedBy(timeMs: number): DayFacts[];
}

export function createDayCatalog(): DayCatalog {
  const known = new Map<number, DayFacts>();
  const set = (days: readonly DayFacts[]): void => {
    for (const facts of days) known.set(facts.day, facts);
  };
  const filled = (): DayFacts[] => [...known.values()].filter((facts) => facts.events > 0);
  return {
    replace(days) {
      known.clear();
      set(days);
    },
    update: set,
    remove(days) {
      for (const day of days) known.delete(day);
    },
    get: (day) => known.get(day),
    all: () => [...known.values()],
    within: (fromMs = 0, toMs = Number.POSITIVE_INFINITY) =>
      filled()
        .filter((facts) => facts.newestMs >= fromMs && facts.oldestMs < toMs)
        .map((facts) => facts.day)
        .sort((a, b) => b - a),
    above: (position) =>
      filled()
        .filter((facts) => facts.lastPosition > position)
        .map((facts) => facts.day),
    endedBy: (timeMs) => [...known.values()].filter((facts) => (facts.day + 1) * DAY_MS <= timeMs),
  };
}
