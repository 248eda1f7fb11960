// The rule library: list, switch on and off, check a file.
import type { RuleView, ValidateRequestSchema } from '@guardcell/contract';
import type { Type } from 'typebox';
import { notFound } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import type { LibraryRule } from '../policy/load-rules.ts';

const DAY_MS = 86_400_000;
const MAX_RULES = 5000;

type ValidateRequest = Type.Static<typeof ValidateRequestSchema>;

export function ruleRoutes(platform: Platform): Pick<Handlers, 'listRules' | 'updateRule' | 'validateRules'> {
  const { library, settings, events, clock, logger } = platform;

  async function views(rules: readonly LibraryRule[]): Promise<RuleView[]> {
    const nowMs = clock.nowMs();
    const top = await events.topRules(nowMs - DAY_MS, nowMs, MAX_RULES);
    const counts = new Map(top.map(({ rule, count }) => [rule, count]));
    return rules.map((rule) => ({ ...rule, alerts24h: counts.get(rule.name) ?? 0 }));
  }

  return {
    async listRules() {
      return { items: await views(library.rules()), problems: library.report().problems };
    },
    async updateRule({ params, body, query, principal }: Call<{ dryRun?: boolean }, { enabled: boolean }>) {
      const name = params['name'] ?? '';
      const rule = library.rules().find((each) => each.name === name);
      if (rule === undefined) throw notFound('rule', name);
      if (query.dryRun !== true) {
        await settings.setRuleEnabled(name, body.enabled);
        library.disabledChanged();
        logger.info('rule switched', { rule: name, enabled: body.enabled, by: principal.name });
      }
      const now = library.rules().find((each) => each.name === name) ?? rule;
      const [view] = await views([query.dryRun === true ? { ...rule, enabled: body.enabled } : now]);
      return view;
    },
    async validateRules({ body }: Call<unknown, ValidateRequest>) {
      const { rules, problems } = await platform.ruleLoader.load([
        { name: body.name, content: body.content },
      ]);
      return {
        successful: problems.every(({ level }) => level !== 'error'),
        rules: rules.length,
        problems,
      };
    },
  };
}
