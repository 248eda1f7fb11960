// Sign-in, API keys, settings.
import { Type } from 'typebox';
import { OneOf, TimeSchema } from './primitives.ts';

export const ROLES = ['admin', 'responder', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

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
  role: OneOf(ROLES),
  createdAt: TimeSchema,
  expiresAt: TimeSchema,
  lastUsedAt: TimeSchema,
});
export type ApiKey = Type.Static<typeof ApiKeySchema>;
export const ApiKeyListSchema = Type.Object({ items: Type.Array(ApiKeySchema) });
export const ApiKeyCreateSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  role: OneOf(ROLES),
  expiresInDays: Type.Integer({ minimum: 1, maximum: 730 }),
});
/** `token` is shown this once; only its hash is stored. */
export const ApiKeyCreatedSchema = Type.Object({ key: ApiKeySchema, token: Type.String() });

export const SettingsSchema = Type.Object({
  retentionDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  /** CIDRs or host names that notifications may reach although they are private or loopback. */
  notifyAllow: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 }),
  /** Container names (globs) on which no automatic action ever acts, besides Guardcell's own. */
  protectedContainers: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1000 }),
});
export type Settings = Type.Static<typeof SettingsSchema>;

export const UserSchema = Type.Object({
  name: Type.String(),
  role: OneOf(ROLES),
  createdAt: TimeSchema,
  lastLoginAt: TimeSchema,
});
export const UserListSchema = Type.Object({ items: Type.Array(UserSchema) });
