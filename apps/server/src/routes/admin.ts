// Settings, API keys, audit trail. (Users are in users.ts.)
import type { ApiKey, ApiKeyCreateSchema, Settings } from '@guardcell/contract';
import type { Type } from 'typebox';
import { accountOf } from '../auth/principal.ts';
import { checkMatch } from '../http/entity-tag.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';

type ApiKeyCreate = Type.Static<typeof ApiKeyCreateSchema>;

interface DryRun {
  readonly dryRun?: boolean;
}

interface Paging {
  readonly limit: number;
  readonly cursor?: string;
}

export function adminRoutes(
  platform: Platform,
): Pick<
  Handlers,
  | 'getSettings'
  | 'putSettings'
  | 'listApiKeys'
  | 'createApiKey'
  | 'deleteApiKey'
  | 'listAudit'
  | 'verifyAudit'
> {
  const { settings, apiKeys, audit, logger } = platform;
  return {
    async getSettings({ reply }: Call): Promise<Settings> {
      void reply.header('etag', settings.version());
      return settings.current();
    },
    async putSettings({ body, query, principal, request, reply }: Call<DryRun, Settings>): Promise<Settings> {
      const ifMatch = request.headers['if-match'];
      if (query.dryRun === true) checkMatch(ifMatch, settings.version());
      else {
        await settings.replace(body, ifMatch);
        logger.info('settings changed', { by: principal.name });
        platform.live.hint('status', { changed: 'settings' });
        platform.desired.changed();
      }
      void reply.header('etag', settings.version());
      return query.dryRun === true ? body : settings.current();
    },
    listApiKeys: async (): Promise<{ items: ApiKey[] }> => ({ items: await apiKeys.list() }),
    async createApiKey({ body, principal, request }: Call<unknown, ApiKeyCreate>) {
      const made = await apiKeys.create(body.name, body.role, body.expiresInDays, accountOf(principal));
      request.auditSubject = `${made.key.id} "${made.key.name}" as ${made.key.role}`;
      logger.info('API key created', { id: made.key.id, role: made.key.role, by: principal.name });
      return made;
    },
    async deleteApiKey({ params, principal }: Call) {
      await apiKeys.delete(params['id'] ?? '');
      logger.info('API key revoked', { id: params['id'], by: principal.name });
    },
    listAudit: ({ query }: Call<Paging>) => audit.list(query.limit, query.cursor),
    verifyAudit: () => audit.verify(),
  };
}
