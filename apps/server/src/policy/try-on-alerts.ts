// Evaluates trial rules on events rebuilt from stored alerts. Runs in the throw-away worker.
import type { TrialMatch } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { alertEvent, type CompiledRule, type Engine } from '@guardcell/rules';

const TRIAL_MATCHES_MAX = 50;

export interface AlertTrial {
  readonly looked: number;
  /** Alerts whose event cannot be rebuilt. */
  readonly skipped: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly matches: readonly TrialMatch[];
}

/** `alerts` newest first. Several alerts of one event are evaluated once. */
export function tryOnAlerts(
  engine: Engine,
  rules: readonly CompiledRule[],
  alerts: readonly Alert[],
): AlertTrial {
  const counts: Record<string, number> = Object.fromEntries(rules.map((rule) => [rule.name, 0]));
  const matches: TrialMatch[] = [];
  const seen = new Set<string>();
  let looked = 0;
  let skipped = 0;
  for (const alert of alerts) {
    const key = `${alert.hostname} ${alert.time} ${alert.event.num} ${alert.process.pid}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const event = alertEvent(alert);
    if (event === undefined) {
      skipped += 1;
      continue;
    }
    looked += 1;
    engine.evaluate(event, (match) => {
      counts[match.rule.name] = (counts[match.rule.name] ?? 0) + 1;
      if (matches.length >= TRIAL_MATCHES_MAX) return;
      matches.push({
        rule: match.rule.name,
        severity: match.rule.severity,
        message: match.message(),
        time: alert.time,
        hostname: alert.hostname,
        container: alert.container.name,
        process: alert.process.name,
        eventType: alert.event.type,
        alertId: alert.id,
        matched: match.matched().map((clause) => ({ ...clause, macros: [...clause.macros] })),
      });
    });
  }
  return { looked, skipped, counts, matches };
}
