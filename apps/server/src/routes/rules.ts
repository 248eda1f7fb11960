// The rule library: list, switch on and off, check a file, and what editors complete with.
import type { RuleView, RuleVocabulary, ValidateRequestSchema } from '@guardcell/contract';
import { EVENT_TYPES, FIELDS, OPERATORS, TRANSFORMERS } from '@guardcell/rules';
import type { Type } from 'typebox';
import { notFound } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import type { LibraryRule } from '../policy/library-rule.ts';
import { DAYS } from '../policy/rule-activity.ts';

const NO_DAYS: readonly number[] = Array.from({ length: DAYS }, () => 0);

type ValidateRequest = Type.Static<typeof ValidateRequestSchema>;
type Names = 'listRules' | 'updateRule' | 'validateRules' | 'ruleVocabulary';

/** @throws ApiError GC_NOT_FOUND. */
export function ruleNamed(platform: Platform, name: string): LibraryRule {
  const rule = platform.library.rules().find((each) => each.name === name);
  if (rule === undefined) throw notFound('rule', name);
  return rule;
}

export function ruleRoutes(platform: Platform): Pick<Handlers, Names> {
  const { library, settings, ruleActivity, ruleFiles, logger } = platform;

  async function views(rules: readonly LibraryRule[]): Promise<RuleView[]> {
    const hits = await ruleActivity.hits();
    return rules.map((rule) => {
      const byDay = hits.get(rule.name)?.byDay ?? NO_DAYS;
      return {
        ...rule,
        alerts24h: byDay.at(-1) ?? 0,
        alertsByDay: [...byDay],
        lastFiredAt: hits.get(rule.name)?.lastFiredAt ?? '',
      };
    });
  }

  return {
    async listRules() {
      return { items: await views(library.rules()), problems: library.report().problems };
    },
    async updateRule({ params, body, query, principal }: Call<{ dryRun?: boolean }, { enabled: boolean }>) {
      const name = params['name'] ?? '';
      const rule = ruleNamed(platform, name);
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
      const file = { name: body.name, content: body.content };
      const files = body.library === true ? ruleFiles.withFile(file) : [file];
      const loaded = await platform.ruleLoader.load(files);
      const problems = body.library === true ? ruleFiles.relevant(loaded, file.name) : loaded.problems;
      return {
        successful: problems.every(({ level }) => level !== 'error'),
        rules: loaded.rules.filter((rule) => rule.file === file.name).length,
        problems,
      };
    },
    ruleVocabulary(): Promise<RuleVocabulary> {
      const { macros, lists } = library.current();
      return Promise.resolve({
        fields: FIELDS.map((field) => ({
          name: field.name,
          type: field.type,
          doc: field.doc,
          argument: field.argument,
          sources: [...field.sources],
          multiple: field.multiplicity !== 'one',
          live: field.live,
          deprecated: field.deprecated,
        })),
        operators: OPERATORS.map(({ name, doc, right, types }) => ({ name, doc, right, types: [...types] })),
        transformers: TRANSFORMERS.map(({ name, doc }) => ({ name, doc })),
        eventTypes: [...EVENT_TYPES],
        macros: macros.map((each) => ({ ...each })),
        lists: lists.map((each) => ({ ...each })),
      });
    },
  };
}
