// Tries rules that are not in force on events that are remembered. Makes no alert and changes nothing.
import type { TrialAnswer, TrialCommand } from '@guardcell/contract';
import type { DesiredPolicy, RuntimeEvent } from '@guardcell/core';
import { createEngine, type EngineEnvironment, type LoadResult, loadRules, rfc3339 } from '@guardcell/rules';

const MATCHES_MAX = 50;

/** The rules of the command's file, among those of the policy; all of them on. */
export function trialLoad(
  command: Pick<TrialCommand, 'name' | 'content'>,
  policy: DesiredPolicy,
): LoadResult {
  const file = { name: command.name, content: command.content };
  const isKnown = policy.ruleFiles.some((each) => each.name === file.name);
  const files = isKnown
    ? policy.ruleFiles.map((each) => (each.name === file.name ? file : each))
    : [...policy.ruleFiles, file];
  const load = loadRules(files);
  const rules = load.rules
    .filter((rule) => rule.file === file.name)
    .map((rule) => ({ ...rule, enabled: true }));
  return { ...load, rules };
}

/** Evaluates the rules of the load; `events` oldest first. */
export function runTrial(
  load: LoadResult,
  events: readonly RuntimeEvent[],
  environment: EngineEnvironment,
  hostname: string,
): Omit<TrialAnswer, 'sensorId'> {
  const { rules } = load;
  const engine = createEngine(load, environment);
  const counts: Record<string, number> = Object.fromEntries(rules.map((rule) => [rule.name, 0]));
  const matches: TrialAnswer['matches'] = [];
  for (const event of events.toReversed()) {
    engine.evaluate(event, (match) => {
      const { rule } = match;
      counts[rule.name] = (counts[rule.name] ?? 0) + 1;
      if (matches.length >= MATCHES_MAX) return;
      matches.push({
        rule: rule.name,
        severity: rule.severity,
        message: match.message(),
        time: rfc3339(event.timeNs),
        hostname,
        container: event.thread.container.name,
        process: event.thread.comm,
        eventType: event.type,
        alertId: '',
        matched: match.matched().map((clause) => ({ ...clause, macros: [...clause.macros] })),
      });
    });
  }
  const [first, last] = [events[0], events.at(-1)];
  return {
    looked: events.length,
    from: first === undefined ? '' : rfc3339(first.timeNs),
    to: last === undefined ? '' : rfc3339(last.timeNs),
    counts,
    matches,
  };
}
