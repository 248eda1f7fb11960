// Response rules and the history of actions.
import { basename, dirname, join } from 'node:path';
import type { ActionRequest, ResponseRuleInput } from '@guardcell/contract';
import type { ActionRecord, ResponseRule } from '@guardcell/core';
import { validateResponseInput } from '@guardcell/respond';
import type { FastifyRequest } from 'fastify';
import { ApiError, notFound } from '../errors.ts';
import { checkMatch } from '../http/entity-tag.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import { idempotencyKey } from '../response/idempotency.ts';
import { apiRule } from '../response/response-rules.ts';

interface ListQuery {
  readonly container?: string;
  readonly alert?: string;
  readonly state?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * A rule made through the API signs with keys from one folder only: whoever administers the platform is not therefore
 * allowed to have it read any file of the machine.
 */
function checkSecretFiles(input: ResponseRuleInput, secretsDir: string): void {
  for (const [at, action] of input.actions.entries()) {
    const path = action.with['secretFile'];
    if (path === undefined || path === '') continue;
    const name = typeof path === 'string' && dirname(path) === secretsDir ? basename(path) : '';
    if (/^[A-Za-z0-9_][\w.-]*$/.test(name) && path === join(secretsDir, name)) continue;
    const message = 'must be a file in the folder `secrets` of the data folder';
    throw new ApiError('GC_INVALID_RESPONSE_RULE', `/actions/${at}/with/secretFile ${message}`, {
      hint: `Put the key into ${secretsDir}, or write the rule in a file given with --responses, which may name any path.`,
      errors: [{ pointer: `/actions/${at}/with/secretFile`, message }],
    });
  }
}

/** Addresses of receivers often hold a token: who may not write them sees only where they lead. */
function withoutTokens(rule: ResponseRule): ResponseRule {
  const actions = rule.actions.map((action) => {
    const url = URL.parse(String(action.with['url'] ?? ''));
    return url === null ? action : { ...action, with: { ...action.with, url: `${url.origin}/…` } };
  });
  return { ...rule, actions };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
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
  | 'getResponse'
  | 'putResponse'
  | 'deleteResponse'
  | 'listActions'
  | 'runAction'
  | 'getAction'
  | 'undoAction'
> {
  const { responses, actions, manual, fleet, logger } = platform;
  return {
    async listResponses({ principal }: Call) {
      const items = responses.all();
      const shown = principal.role === 'admin' ? items : items.map(withoutTokens);
      return { items: shown, problems: responses.problems() };
    },
    async getResponse({ params, principal, reply }: Call): Promise<ResponseRule> {
      const name = params['name'] ?? '';
      const rule = responses.all().find((each) => each.name === name);
      if (rule === undefined) throw notFound('response rule', name);
      const version = rule.origin.kind === 'api' ? responses.version(name) : undefined;
      if (version !== undefined) void reply.header('etag', version);
      return principal.role === 'admin' ? rule : withoutTokens(rule);
    },
    async putResponse({
      params,
      query,
      body,
      principal,
      request,
      reply,
    }: Call<{ dryRun?: boolean }, ResponseRuleInput>): Promise<ResponseRule> {
      const name = params['name'] ?? '';
      checkInput(name, body);
      checkSecretFiles(body, platform.secretsDir);
      responses.checkWritable(name);
      const ifMatch = headerOf(request, 'if-match');
      if (query.dryRun === true) {
        checkMatch(ifMatch, responses.version(name));
        return apiRule(body);
      }
      const rule = await responses.put(body, ifMatch);
      void reply.header('etag', responses.version(name) ?? '');
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
    async runAction({ body, principal, request }: Call<unknown, ActionRequest>): Promise<ActionRecord> {
      request.auditSubject = `${body.do} ${body.container}`;
      logger.info('action asked for', { action: body.do, by: principal.name });
      const header = headerOf(request, 'idempotency-key');
      const caller = `${principal.kind} ${principal.name}`;
      const key = header === undefined ? undefined : idempotencyKey(caller, header, body);
      return manual.run(body, principal.name, key);
    },
    async undoAction({ params, principal }: Call): Promise<ActionRecord> {
      const id = params['id'] ?? '';
      logger.info('undo asked for', { action: id, by: principal.name });
      return manual.undo(id, principal.name);
    },
  };
}
