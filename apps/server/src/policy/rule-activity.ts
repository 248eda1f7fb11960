// How often and when each rule fired: per day from the store's rollups, the last time kept current as alerts come in.
import type { Clock } from '@guardcell/kit';
import type { EventStore, StoredAlert } from '@guardcell/store';

const DAY_MS = 86_400_000;
export const DAYS = 7;
const MAX_RULES = 5000;
/** Look-ups of a last time under way at once. */
const PARALLEL = 4;

export interface RuleHits {
  /** The last seven stretches of 24 hours, oldest first. */
  readonly byDay: readonly number[];
  /** RFC 3339; empty when no alert of the last seven days is stored. */
  readonly lastFiredAt: string;
}

export interface RuleActivity {
  note(stored: readonly StoredAlert[]): void;
  /** By rule name; rules without alerts are not in it. */
  hits(): Promise<ReadonlyMap<string, RuleHits>>;
}

export function createRuleActivity(events: EventStore, clock: Clock): RuleActivity {
  const last = new Map<string, string>();

  async function findLast(names: readonly string[], fromMs: number): Promise<void> {
    const waiting = [...names];
    async function work(): Promise<void> {
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        const page = await events.list({ fromMs, any: { rule: [name] }, words: [] }, 1);
        const time = page.items[0]?.time;
        // An alert that came in meanwhile is newer than what was read.
        if (time !== undefined && (last.get(name) ?? '') < time) last.set(name, time);
      }
    }
    await Promise.all(Array.from({ length: PARALLEL }, work));
  }

  return {
    note(stored) {
      for (const { alert } of stored) {
        if ((last.get(alert.rule) ?? '') < alert.time) last.set(alert.rule, alert.time);
      }
      while (last.size > MAX_RULES) last.delete(last.keys().next().value ?? '');
    },
    async hits() {
      const nowMs = clock.nowMs();
      const days = await Promise.all(
        Array.from({ length: DAYS }, (_, at) => {
          const fromMs = nowMs - (DAYS - at) * DAY_MS;
          return events.topRules(fromMs, fromMs + DAY_MS, MAX_RULES);
        }),
      );
      const byRule = new Map<string, number[]>();
      for (const [at, rules] of days.entries()) {
        for (const { rule, count } of rules) {
          const counts = byRule.get(rule) ?? Array.from({ length: DAYS }, () => 0);
          counts[at] = count;
          byRule.set(rule, counts);
        }
      }
      const fromMs = nowMs - DAYS * DAY_MS;
      await findLast(
        [...byRule.keys()].filter((name) => !last.has(name)),
        fromMs,
      );
      return new Map(
        [...byRule].map(([rule, byDay]) => [rule, { byDay, lastFiredAt: last.get(rule) ?? '' }]),
      );
    },
  };
}
