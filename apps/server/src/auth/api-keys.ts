// API keys for scripts: `gck_<id>_<secret>`, shown once, stored as a hash.
import type { ApiKey, KeyRole } from '@guardcell/contract';
import { type Clock, randomSecret, sortableId } from '@guardcell/kit';
import type { StateStore } from '@guardcell/store';
import { ApiError, notFound } from '../errors.ts';
import { each, put, read, remove } from '../stored.ts';
import type { Principal } from './principal.ts';
import { sameText, tokenHash } from './token-hash.ts';

/** `lastUsedAt` is as coarse as this, so that using a key does not write to the disk all the time. */
const USED_EVERY_MS = 3_600_000;
const MAX_KEYS = 1000;

interface ApiKeyDocument extends ApiKey {
  readonly hash: string;
  /** The account that stands behind the key; absent in old ones, empty for those of the local administrator. */
  readonly madeBy?: string;
}

export interface ApiKeys {
  /** @throws ApiError GC_TOO_MANY. */
  create(
    name: string,
    role: KeyRole,
    expiresInDays: number,
    madeBy: string,
  ): Promise<{ key: ApiKey; token: string }>;
  find(token: string): Promise<Principal | undefined>;
  isOpen(id: string): Promise<boolean>;
  list(): Promise<ApiKey[]>;
  /** @throws ApiError GC_NOT_FOUND. */
  delete(id: string): Promise<void>;
}

function view({ id, name, role, createdAt, expiresAt, lastUsedAt }: ApiKeyDocument): ApiKey {
  return { id, name, role, createdAt, expiresAt, lastUsedAt };
}

export function createApiKeys(state: StateStore, clock: Clock): ApiKeys {
  const isoAt = (ms: number): string => new Date(ms).toISOString();
  const alive = (key: ApiKey): boolean => Date.parse(key.expiresAt) > clock.nowMs();

  return {
    async create(name, role, expiresInDays, madeBy) {
      const present = await state.list('api-key', { limit: MAX_KEYS });
      if (present.length >= MAX_KEYS) throw new ApiError('GC_TOO_MANY', `there are ${MAX_KEYS} API keys`);
      const nowMs = clock.nowMs();
      const id = sortableId(nowMs);
      const token = `gck_${id}_${randomSecret(32)}`;
      const key: ApiKeyDocument = {
        id,
        name,
        role,
        createdAt: isoAt(nowMs),
        expiresAt: isoAt(nowMs + expiresInDays * 86_400_000),
        lastUsedAt: '',
        hash: tokenHash(token),
        madeBy,
      };
      await state.commit([put('api-key', id, key, 0)]);
      return { key: view(key), token };
    },
    async find(token) {
      const id = /^gck_([0-9a-z]{26})_[\w-]{43}$/.exec(token)?.[1];
      if (id === undefined) return undefined;
      const known = await read<ApiKeyDocument>(state, 'api-key', id);
      if (known === undefined || !sameText(known.value.hash, tokenHash(token)) || !alive(known.value)) {
        return undefined;
      }
      const nowMs = clock.nowMs();
      if (known.value.lastUsedAt === '' || nowMs - Date.parse(known.value.lastUsedAt) > USED_EVERY_MS) {
        const used = { ...known.value, lastUsedAt: isoAt(nowMs) };
        await state.commit([put('api-key', id, used, known.revision)]).catch(() => undefined);
      }
      const { name, role, expiresAt, madeBy = '' } = known.value;
      return { name, role, kind: 'api-key', madeBy, sessionId: id, csrfToken: '', expiresAt };
    },
    async isOpen(id) {
      const known = await read<ApiKeyDocument>(state, 'api-key', id);
      return known !== undefined && alive(known.value);
    },
    async list() {
      const found: ApiKey[] = [];
      for await (const key of each<ApiKeyDocument>(state, 'api-key')) found.push(view(key.value));
      return found;
    },
    async delete(id) {
      if ((await state.get('api-key', id)) === undefined) throw notFound('API key', id);
      await state.commit([remove('api-key', id)]);
    },
  };
}
