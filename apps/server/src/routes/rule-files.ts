// Rule files over HTTP: read all, write those that the platform keeps.
import type { RuleFileDocument } from '@guardcell/contract';
import type { FastifyReply } from 'fastify';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';
import { customName } from '../policy/rule-files.ts';
import { ifMatchOf } from './query.ts';

interface FileBody {
  readonly content: string;
  readonly draft?: boolean;
}

type Names = 'listRuleFiles' | 'getRuleFile' | 'createRuleFile' | 'putRuleFile' | 'deleteRuleFile';

function tagged(reply: FastifyReply, document: RuleFileDocument): RuleFileDocument {
  void reply.header('etag', document.version);
  return document;
}

export function ruleFileRoutes({ ruleFiles, logger }: Platform): Pick<Handlers, Names> {
  return {
    async listRuleFiles() {
      return { items: await ruleFiles.list(), folder: ruleFiles.dir };
    },
    async getRuleFile({ params, query, reply }: Call<{ draft?: boolean }>) {
      return tagged(reply, await ruleFiles.read(params['name'] ?? '', query.draft === true));
    },
    async createRuleFile({ body, principal, request, reply }: Call<unknown, FileBody & { name: string }>) {
      const name = customName(body.name);
      request.auditSubject = name;
      const { content, draft = false } = body;
      const written = await ruleFiles.write({ name, content, draft, mode: 'create' });
      logger.info('rule file created', { file: name, draft, by: principal.name });
      return tagged(reply, written);
    },
    async putRuleFile({
      params,
      query,
      body,
      principal,
      request,
      reply,
    }: Call<{ dryRun?: boolean }, FileBody>) {
      const name = params['name'] ?? '';
      const { content, draft = false } = body;
      const dryRun = query.dryRun === true;
      const ifMatch = ifMatchOf(request);
      const written = await ruleFiles.write({ name, content, draft, mode: 'replace', ifMatch, dryRun });
      if (!dryRun) logger.info('rule file written', { file: name, draft, by: principal.name });
      return tagged(reply, written);
    },
    async deleteRuleFile({ params, query, principal, request }: Call<{ draft?: boolean }>) {
      const name = params['name'] ?? '';
      await ruleFiles.remove(name, query.draft === true, ifMatchOf(request));
      logger.info('rule file deleted', { file: name, by: principal.name });
    },
  };
}
