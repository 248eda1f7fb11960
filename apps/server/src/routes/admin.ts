// Settings, users, API keys.
import type { ApiKey, ApiKeyCreateSchema, Settings } from '@guardcell/contract';
import type { Type } from 'typebox';
import type { UserView } from '../auth/users.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';

type ApiKeyCreate = Type.Static<typeof ApiKeyCreateSchema>;

interface DryRun {
  readonly dryRun?: boolean;
}

export function adminRoutes(
  platform: Platform,
): Pick<
  Handlers,
  'getSettings' | 'putSettings' | 'listUsers' | 'listApiKeys' | 'createApiKey' | 'deleteApiKey'
> {
  const { settings, users, apiKeys, logger } = platform;
  return {
    getSettings: async (): Promise<Settings> => settings.current(),
    async putSettings({ body, query, principal }: Call<DryRun, Settings>): Promise<Settings> {
      if (query.dryRun !== true) {
        await settings.replace(body);
        logger.info('settings changed', { by: principal.name });
        platform.live.hint('status', { changed: 'settings' });
      }
      return body;
    },
    listUsers: async (): Promise<{ items: UserView[] }> => ({ items: await users.list() }),
    listApiKeys: async (): Promise<{ items: ApiKey[] }> => ({ items: await apiKeys.list() }),
    async createApiKey({ body, principal }: Call<unknown, ApiKeyCreate>) {
      const made = await apiKeys.create(body.name, body.role, body.expiresInDays);
      logger.info('API key created', { id: made.key.id, role: made.key.role, by: principal.name });
      return made;
    },
    async deleteApiKey({ params, principal }: Call) {
      await apiKeys.delete(params['id'] ?? '');
      logger.info('API key revoked', { id: params['id'], by: principal.name });
    },
  };
}
