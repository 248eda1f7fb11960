// Tuning: exceptions proposed from alerts, previewed over what is stored, and written into an ordinary rule file.
import type { ExceptionInput, TuneProposal, TuneResult } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import {
  addException,
  type ExceptionProposal,
  exceptionCondition,
  previewException,
  proposeExceptions,
  type RuleException,
} from '@guardcell/rules';
import { ApiError } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import { TUNING_FILE } from '../policy/rule-files.ts';
import { ruleNamed } from './rules.ts';

/** Alerts of a rule that a preview looks at, newest first. */
const HISTORY_MAX = 5000;
const PAGE = 500;
const EXAMPLES = 4;
const LEGEND = `# Exceptions made in the console and with \`guardcell rules tune\`. Ordinary rules: edit them as you like.\n`;

function checkShape({ fields, comps, values }: ExceptionInput): void {
  if (comps.length === fields.length && values.every((tuple) => tuple.length === fields.length)) return;
  const message = 'fields, comps and each of the values must have the same length';
  throw new ApiError('GC_INVALID_REQUEST', message, { errors: [{ pointer: '/values', message }] });
}

export function ruleTuningRoutes(platform: Platform): Pick<Handlers, 'tuneRule' | 'addRuleException'> {
  const { events, ruleFiles, library, logger } = platform;

  async function history(rule: string): Promise<Alert[]> {
    const alerts: Alert[] = [];
    let cursor: string | undefined;
    do {
      const page = await events.list({ any: { rule: [rule] }, words: [] }, PAGE, cursor);
      alerts.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined && alerts.length < HISTORY_MAX);
    return alerts.slice(0, HISTORY_MAX);
  }

  function withPreview(
    given: Omit<ExceptionProposal, 'risk'> & { readonly risk: TuneProposal['risk'] },
    alerts: readonly Alert[],
    total: number,
  ): TuneProposal {
    const { exception, risk, notes } = given;
    const found = previewException(exception, alerts, { examples: EXAMPLES });
    const pick = (places: readonly number[]): Alert[] =>
      places.map((at) => alerts[at]).filter((alert) => alert !== undefined);
    return {
      exception: plain(exception),
      risk,
      notes: [...notes],
      preview: {
        looked: found.looked,
        total,
        silenced: found.silenced,
        unknown: found.unknown,
        silencedExamples: pick(found.silencedExamples) as TuneProposal['preview']['silencedExamples'],
        remainingExamples: pick(found.remainingExamples) as TuneProposal['preview']['remainingExamples'],
        problem: found.problem,
      },
    };
  }

  return {
    async tuneRule({
      params,
      body,
    }: Call<unknown, { alerts: string[]; exception?: ExceptionInput }>): Promise<TuneResult> {
      const rule = ruleNamed(platform, params['name'] ?? '');
      const ids = [...new Set(body.alerts)];
      const found = await Promise.all(ids.map((id) => events.get(id)));
      const chosen = found.filter((alert): alert is Alert => alert?.rule === rule.name);
      const known = new Set(chosen.map((alert) => alert.id));
      const tuned = {
        name: rule.name,
        source: rule.source,
        exceptionNames: rule.exceptions.map((each) => each.name),
      };
      if (body.exception !== undefined) checkShape(body.exception);
      const [alerts, total] = await Promise.all([
        history(rule.name),
        events.count({ any: { rule: [rule.name] }, words: [] }),
      ]);
      const proposals =
        body.exception === undefined
          ? proposeExceptions(chosen, tuned)
          : [{ exception: body.exception, risk: 'unknown' as const, notes: [] }];
      return {
        rule: rule.name,
        ignored: ids.filter((id) => !known.has(id)),
        proposals: proposals.map((each) => withPreview(each, alerts, total)),
      };
    },
    async addRuleException({ params, body, principal, request }: Call<unknown, ExceptionInput>) {
      const rule = ruleNamed(platform, params['name'] ?? '');
      checkShape(body);
      const before = await ruleFiles.read(TUNING_FILE).catch((thrown: unknown) => {
        if (thrown instanceof ApiError && thrown.code === 'GC_NOT_FOUND') return undefined;
        throw thrown;
      });
      const content = before === undefined || before.isDraft ? LEGEND : before.content;
      const written = addException(content, rule.name, body, {
        listNames: new Set(library.current().lists.map((list) => list.name)),
        comment: `${new Date(platform.clock.nowMs()).toISOString()} ${principal.name}`,
      });
      if ('problem' in written) {
        throw new ApiError('GC_INVALID_RULES', `${TUNING_FILE}: ${written.problem}`, {
          hint: 'Correct the file, then add the exception again.',
        });
      }
      const file = await ruleFiles.write({
        name: TUNING_FILE,
        content: written.content,
        draft: false,
        mode: 'put',
        // Whoever wrote it in the meantime keeps what they wrote.
        ...(before !== undefined && !before.isDraft && { ifMatch: before.version }),
      });
      request.auditSubject = `${written.name}: ${exceptionCondition(body)}`;
      logger.info('exception added', { rule: rule.name, exception: written.name, by: principal.name });
      return {
        rule: rule.name,
        file: TUNING_FILE,
        exception: plain({ ...body, name: written.name }),
        version: file.version,
      };
    },
  };
}

function plain(exception: RuleException): TuneProposal['exception'] {
  return {
    name: exception.name,
    fields: [...exception.fields],
    comps: [...exception.comps],
    values: exception.values.map((tuple) =>
      tuple.map((value) => (typeof value === 'string' ? value : [...value])),
    ),
    condition: exceptionCondition(exception),
  };
}
