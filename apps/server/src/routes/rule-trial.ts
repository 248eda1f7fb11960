// The test bench: rules that are not in force, tried on stored alerts or on the events that agents remember.
import type { RuleTrial, RuleTrialRequest } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { ApiError } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';

const ALERTS_MAX = 2000;
const PAGE = 500;

export function ruleTrialRoutes(platform: Platform): Pick<Handlers, 'tryRules'> {
  const { events, ruleFiles, ruleLoader, trials, library } = platform;

  async function recentAlerts(): Promise<Alert[]> {
    const alerts: Alert[] = [];
    let cursor: string | undefined;
    do {
      const page = await events.list({ any: {}, words: [] }, PAGE, cursor);
      alerts.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined && alerts.length < ALERTS_MAX);
    return alerts.slice(0, ALERTS_MAX);
  }

  return {
    async tryRules({ body }: Call<unknown, RuleTrialRequest>): Promise<RuleTrial> {
      const { name, content, against } = body;
      const files = ruleFiles.withFile({ name, content });
      const loaded = await ruleLoader.load(files);
      const problems = [...ruleFiles.relevant(loaded, name)];
      const rules = loaded.rules.filter((rule) => rule.file === name);
      const nothing = {
        looked: 0,
        skipped: 0,
        from: '',
        to: '',
        agents: 0,
        silentAgents: 0,
        rules: [],
        matches: [],
      };
      if (rules.length === 0) return { ...nothing, problems };
      const shown = (
        counts: Readonly<Record<string, number>>,
        seen: ReadonlySet<string> | undefined,
      ): RuleTrial['rules'] =>
        rules.map((rule) => ({
          rule: rule.name,
          matches: counts[rule.name] ?? 0,
          unseenTypes: seen === undefined ? [] : rule.eventTypes.filter((type) => !seen.has(type)),
        }));
      if (against === 'alerts') {
        const alerts = await recentAlerts();
        const { counts, matches, looked, skipped } = await ruleLoader.tryRules(files, name, alerts);
        const [from, to] = [alerts.at(-1)?.time ?? '', alerts[0]?.time ?? ''];
        return {
          ...nothing,
          problems,
          looked,
          skipped,
          from,
          to,
          rules: shown(counts, undefined),
          matches: [...matches],
        };
      }
      const results = await trials.run({ name, content });
      if (results === undefined)
        throw new ApiError('GC_RATE_LIMITED', 'another trial on live events is under way', {
          retryAfterSeconds: 2,
        });
      const counts: Record<string, number> = {};
      for (const answer of results.answers) {
        for (const [rule, count] of Object.entries(answer.counts)) counts[rule] = (counts[rule] ?? 0) + count;
      }
      const seen = new Set(
        library
          .rules()
          .filter((rule) => rule.enabled)
          .flatMap((rule) => rule.eventTypes),
      );
      const times = results.answers.flatMap(({ from, to }) => [from, to]).filter((time) => time !== '');
      times.sort();
      const matches = results.answers.flatMap((answer) => answer.matches);
      matches.sort((a, b) => (a.time < b.time ? 1 : -1));
      return {
        ...nothing,
        problems,
        looked: results.answers.reduce((sum, answer) => sum + answer.looked, 0),
        from: times[0] ?? '',
        to: times.at(-1) ?? '',
        agents: results.answers.length,
        silentAgents: results.silent,
        rules: shown(counts, seen),
        matches: matches.slice(0, 50),
      };
    },
  };
}
