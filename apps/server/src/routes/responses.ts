// Response rules and the history of actions.
import type { ActionRequest, ResponseRuleInput } from '@guardcell/contract';
import type { ActionRecord, ResponseRule } from '@guardcell/core';
import { validateResponseInput } from '@guardcell/respond';
import { ApiError, notFound } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import { apiRule } from '../response/response-rules.ts';

interface ListQuery {
  readonly container?: string;
  readonly alert?: string;
  readonly state?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

function checkInput(name: string, input: ResponseRuleInput): void {
  if (input.name !== name) {
    const message = 'must be the name in the address';
    throw new ApiError('GC_INVALID_REQUEST', `/name ${message}`, { errors: [{ pointer: '/name', message }] });
  }
  const faults = validateResponseInput(input).filter(({ level }) => level === 'error');
  const [first] = faults;
  if (first === undefined) return;
  throw new ApiError('GC_INVALID_RESPONSE_RULE', first.message, {
    hint: first.hint,
    errors: faults.map(({ item, message }) => ({ pointer: item, message })),
  });
}

export function responseRoutes(
  platform: Platform,
): Pick<
  Handlers,
  | 'listResponses'
  | 'putResponse'
  | 'deleteResponse'
  | 'listActions'
  | 'runAction'
  | 'getAction'
  | 'undoAction'
> {
  const { responses, actions, manual, fleet, logger } = platform;
  return {
    async listResponses() {
      return { items: responses.all(), problems: responses.problems() };
    },
    async putResponse({
      params,
      query,
      body,
      principal,
    }: Call<{ dryRun?: boolean }, ResponseRuleInput>): Promise<ResponseRule> {
      const name = params['name'] ?? '';
      checkInput(name, body);
      responses.checkWritable(name);
      if (query.dryRun === true) return apiRule(body);
      const rule = await responses.put(body);
      logger.info('response rule written', { rule: name, by: principal.name });
      return rule;
    },
    async deleteResponse({ params, principal }: Call) {
      await responses.delete(params['name'] ?? '');
      logger.info('response rule deleted', { rule: params['name'], by: principal.name });
    },
    async listActions({ query }: Call<ListQuery>) {
      const { container, alert, state, limit, cursor } = query;
      // A short id or name stands for the container that has it now, besides the records that carry the name.
      const containers =
        container === undefined ? [] : [container, ...fleet.find(container).map((each) => each.container.id)];
      const filter = {
        ...(container !== undefined && { containers }),
        ...(alert !== undefined && { alert }),
        ...(state !== undefined && { states: state }),
      };
      return actions.list(filter, limit, cursor);
    },
    async getAction({ params }: Call): Promise<ActionRecord> {
      const id = params['id'] ?? '';
      const record = await actions.get(id);
      if (record === undefined) throw notFound('action', id);
      return record;
    },
    async runAction({ body, principal }: Call<unknown, ActionRequest>): Promise<ActionRecord> {
      logger.info('action asked for', { action: body.do, by: principal.name });
      return manual.run(body, principal.name);
    },
    async undoAction({ params, principal }: Call): Promise<ActionRecord> {
      const id = params['id'] ?? '';
      logger.info('undo asked for', { action: id, by: principal.name });
      return manual.undo(id, principal.name);
    },
  };
}
