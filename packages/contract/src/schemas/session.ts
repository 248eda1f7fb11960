// Sign-in, API keys, settings.
import { SEVERITIES } from '@guardcell/core';
import { Type } from 'typebox';
import { OneOf, Page, TimeSchema } from './primitives.ts';

export const ROLES = ['admin', 'responder', 'viewer'] as const;
export type Role = (typeof ROLES)[number];
/** What an API key may be besides: `audit-ingest` may hand in Kubernetes audit events and do nothing else. */
export const KEY_ROLES = [...ROLES, 'audit-ingest'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

export const LoginSchema = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 200 }),
  password: Type.String({ minLength: 1, maxLength: 1000 }),
});
export const SessionSchema = Type.Object({
  user: Type.Object({ name: Type.String(), role: OneOf(ROLES), kind: OneOf(['user', 'api-key', 'local']) }),
  /** Send as header `x-csrf-token` with every write when signed in by cookie. */
  csrfToken: Type.String(),
  expiresAt: TimeSchema,
});
export type Session = Type.Static<typeof SessionSchema>;

export const PasswordChangeSchema = Type.Object({
  current: Type.String({ minLength: 1, maxLength: 1000 }),
  next: Type.String({ minLength: 12, maxLength: 1000 }),
});

export const ApiKeySchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: OneOf(KEY_ROLES),
  createdAt: TimeSchema,
  expiresAt: TimeSchema,
  lastUsedAt: TimeSchema,
});
export type ApiKey = Type.Static<typeof ApiKeySchema>;
export const ApiKeyListSchema = Type.Object({ items: Type.Array(ApiKeySchema) });
export const ApiKeyCreateSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  role: OneOf(KEY_ROLES),
  expiresInDays: Type.Integer({ minimum: 1, maximum: 730 }),
});
/** `token` is shown this once; only its hash is stored. */
export const ApiKeyCreatedSchema = Type.Object({ key: ApiKeySchema, token: Type.String() });
export type ApiKeyCreated = Type.Static<typeof ApiKeyCreatedSchema>;

export const SettingsSchema = Type.Object({
  retentionDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  /** CIDRs or host names that notifications may reach although they are private or loopback. */
  notifyAllow: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 }),
  /** Container names (globs) on which no automatic action ever acts, besides Guardcell's own. */
  protectedContainers: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1000 }),
  /** Absent: as it was. */
  scanning: Type.Optional(
    Type.Object({
      /** Agents look into running containers and hosts, at low priority. */
      containers: Type.Boolean(),
      hosts: Type.Boolean(),
      everyMinutes: Type.Integer({ minimum: 60, maximum: 43_200 }),
      /** New findings from this severity on raise an alert; `off`: none do. */
      alertFrom: OneOf([...SEVERITIES, 'off']),
      /** Where the vulnerability database is fetched from, in order; empty: from the feeds' public addresses. */
      databaseMirrors: Type.Array(Type.String({ maxLength: 500, pattern: '^https?://' }), { maxItems: 20 }),
      /** 0: only by hand. */
      databaseEveryHours: Type.Integer({ minimum: 0, maximum: 720 }),
      /** How long acceptances of risks are kept after they have ended. Absent: as it was. */
      acceptancesKeptDays: Type.Optional(Type.Integer({ minimum: 30, maximum: 3650, default: 365 })),
    }),
  ),
});
export type Settings = Type.Static<typeof SettingsSchema>;

export const UserSchema = Type.Object({
  name: Type.String(),
  role: OneOf(ROLES),
  createdAt: TimeSchema,
  lastLoginAt: TimeSchema,
});
export type User = Type.Static<typeof UserSchema>;
export const UserListSchema = Type.Object({ items: Type.Array(UserSchema) });
const Password = Type.String({ minLength: 12, maxLength: 1000 });
export const UserCreateSchema = Type.Object({
  name: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[a-z0-9]([a-z0-9._@-]*[a-z0-9])?$',
    description: 'Lower case letters, digits and `. _ @ -`.',
  }),
  role: OneOf(ROLES),
  /** Absent: a random one is made and shown this once. */
  password: Type.Optional(Password),
});
export const UserUpdateSchema = Type.Object({ role: OneOf(ROLES) });
export const PasswordResetSchema = Type.Object({ password: Type.Optional(Password) });
/** `password` is shown this once; empty when the caller gave it. */
export const UserPasswordSchema = Type.Object({ user: UserSchema, password: Type.String() });
export type UserPassword = Type.Static<typeof UserPasswordSchema>;

export const AUDIT_RESULTS = ['done', 'refused', 'failed'] as const;
/** One write through the API, or one attempt to sign in. Holds no secrets and no bodies. */
export const AuditEntrySchema = Type.Object({
  /** Place in the trail; grows by one. */
  seq: Type.Integer(),
  time: TimeSchema,
  actor: Type.Object({ name: Type.String(), kind: OneOf(['user', 'api-key', 'local', 'nobody']) }),
  /** Address that the request came from. */
  from: Type.String(),
  /** Operation of the API, such as `putSettings`. */
  operation: Type.String(),
  /** Method and path. */
  target: Type.String(),
  result: OneOf(AUDIT_RESULTS),
  status: Type.Integer({ description: 'HTTP status of the answer.' }),
  code: Type.String({ description: 'Error code; empty when done.' }),
  requestId: Type.String(),
  /** Hash of the entry before; 64 zeros for the very first. */
  previous: Type.String(),
  /** SHA-256 over `previous` and this entry. */
  hash: Type.String(),
});
export type AuditEntry = Type.Static<typeof AuditEntrySchema>;
export const AuditPageSchema = Page(AuditEntrySchema);
/** Whether the trail is whole: no entry changed, left out or put in between the oldest kept and the newest. */
export const AuditVerdictSchema = Type.Object({
  ok: Type.Boolean(),
  entries: Type.Integer(),
  /** Oldest and newest place; 0 when empty. */
  firstSeq: Type.Integer(),
  lastSeq: Type.Integer(),
  /** Hash of the newest entry: keep it elsewhere, and a trail that was rewritten as a whole shows. */
  head: Type.String(),
  /** What is wrong, by place; at most 20. */
  faults: Type.Array(Type.Object({ seq: Type.Integer(), message: Type.String() })),
});
export type AuditVerdict = Type.Static<typeof AuditVerdictSchema>;
