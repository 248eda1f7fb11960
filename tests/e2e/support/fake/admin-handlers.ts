// Settings, users, API keys and the audit trail of the fake platform.
import { createHash, randomBytes } from 'node:crypto';
import type { AuditEntry, Role, Settings } from '@guardcell/contract';
import { ApiError, notFound } from '../../../../apps/server/src/errors.ts';
import type { FakeCall, FakeHandlers } from './call.ts';
import type { FakeState, FakeUser } from './state.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const NO_HASH = '0'.repeat(64);

/** The writes that led to what the fake platform shows: operation, who, minutes ago, status. */
const WRITES = [
  ['login', 'admin', 4100, 200],
  ['putSettings', 'admin', 4093, 200],
  ['putResponse', 'admin', 4080, 200],
  ['login', 'victor', 1500, 401],
  ['login', 'victor', 1499, 200],
  ['runAction', 'victor', 1490, 403],
  ['runAction', 'admin', 960, 200],
  ['undoAction', 'rita', 900, 200],
  ['createApiKey', 'admin', 640, 201],
  ['updateRule', 'admin', 320, 200],
  ['runAction', 'rita', 70, 200],
] as const;
const TARGETS: Readonly<Record<string, string>> = {
  login: 'POST /api/v1/session',
  putSettings: 'PUT /api/v1/settings',
  putResponse: 'PUT /api/v1/responses/isolate-miners',
  runAction: 'POST /api/v1/actions',
  undoAction: 'POST /api/v1/actions/act-0001/undo',
  createApiKey: 'POST /api/v1/api-keys',
  updateRule: 'PUT /api/v1/rules/Userfaultfd used in container',
};
const CODES: Readonly<Record<number, string>> = { 401: 'GC_BAD_CREDENTIALS', 403: 'GC_FORBIDDEN' };

/** Oldest first, each with the hash of the one before. */
function auditTrail(nowMs: number): AuditEntry[] {
  const trail: AuditEntry[] = [];
  for (const [at, [operation, name, minutesAgo, status]] of WRITES.entries()) {
    const entry = {
      seq: at + 1,
      time: new Date(nowMs - minutesAgo * MINUTE_MS).toISOString(),
      actor: { name, kind: status === 401 ? ('nobody' as const) : ('user' as const) },
      from: '127.0.0.1',
      operation,
      target: TARGETS[operation] ?? '',
      result: status < 300 ? ('done' as const) : ('refused' as const),
      status,
      code: CODES[status] ?? '',
      requestId: `req-${at + 1}`,
      previous: trail.at(-1)?.hash ?? NO_HASH,
    };
    trail.push({ ...entry, hash: createHash('sha256').update(JSON.stringify(entry)).digest('hex') });
  }
  return trail;
}

type AdminRoute =
  | 'getSettings'
  | 'putSettings'
  | 'listUsers'
  | 'createUser'
  | 'updateUser'
  | 'deleteUser'
  | 'resetPassword'
  | 'listAudit'
  | 'verifyAudit'
  | 'listApiKeys'
  | 'createApiKey'
  | 'deleteApiKey';

export function adminHandlers(state: FakeState): Pick<FakeHandlers, AdminRoute> {
  const nowIso = (): string => new Date(state.nowMs).toISOString();
  const trail = auditTrail(state.nowMs);

  function userView({ name, role }: FakeUser, at: number): Record<string, string> {
    return {
      name,
      role,
      createdAt: new Date(state.nowMs - (90 - at * 20) * DAY_MS).toISOString(),
      lastLoginAt: at >= 2 ? '' : new Date(state.nowMs - (at + 1) * 47 * MINUTE_MS).toISOString(),
    };
  }

  function userAt(call: FakeCall): { readonly at: number; readonly user: FakeUser } {
    const name = call.params['name'] ?? '';
    const at = state.users.findIndex((each) => each.name === name);
    const user = state.users[at];
    if (user === undefined) throw notFound('user', name);
    return { at, user };
  }

  return {
    getSettings: () => state.settings,
    putSettings(call) {
      if (call.query['dryRun'] !== true) state.settings = call.body as Settings;
      return call.body;
    },
    listUsers: () => ({ items: state.users.map(userView) }),
    createUser({ body }) {
      const { name, role, password } = body as { name: string; role: Role; password?: string };
      if (state.users.some((each) => each.name === name))
        throw new ApiError('GC_CONFLICT', `there is a user "${name}" already`);
      const made = randomBytes(15).toString('base64url');
      const user = { name, role, password: password ?? made };
      state.users.push(user);
      return { user: userView(user, 3), password: password === undefined ? made : '' };
    },
    updateUser(call) {
      const { at, user } = userAt(call);
      const next = { ...user, role: (call.body as { role: Role }).role };
      state.users[at] = next;
      return userView(next, at);
    },
    deleteUser(call) {
      const { at, user } = userAt(call);
      const admins = state.users.filter(({ role }) => role === 'admin');
      if (user.role === 'admin' && admins.length === 1)
        throw new ApiError('GC_CONFLICT', 'the last administrator cannot be deleted');
      state.users.splice(at, 1);
    },
    resetPassword(call) {
      const { at, user } = userAt(call);
      const { password } = call.body as { password?: string };
      const made = randomBytes(15).toString('base64url');
      state.users[at] = { ...user, password: password ?? made };
      return { user: userView(user, at), password: password === undefined ? made : '' };
    },
    listAudit: ({ query }) => ({
      items: trail.toReversed().slice(0, query['limit'] as number),
      nextCursor: null,
    }),
    verifyAudit: () => ({
      ok: true,
      entries: trail.length,
      firstSeq: 1,
      lastSeq: trail.length,
      head: trail.at(-1)?.hash ?? '',
      faults: [],
    }),
    listApiKeys: () => ({ items: state.apiKeys }),
    createApiKey({ body }) {
      const { name, role, expiresInDays } = body as {
        name: string;
        role: FakeState['apiKeys'][number]['role'];
        expiresInDays: number;
      };
      const key = {
        id: `key-${state.nextNumber++}`,
        name,
        role,
        createdAt: nowIso(),
        expiresAt: new Date(state.nowMs + expiresInDays * DAY_MS).toISOString(),
        lastUsedAt: '',
      };
      state.apiKeys = [...state.apiKeys, key];
      return { key, token: `gck_${randomBytes(24).toString('base64url')}` };
    },
    deleteApiKey(call) {
      const id = call.params['id'] ?? '';
      if (!state.apiKeys.some((key) => key.id === id)) throw notFound('API key', id);
      state.apiKeys = state.apiKeys.filter((key) => key.id !== id);
    },
  };
}
