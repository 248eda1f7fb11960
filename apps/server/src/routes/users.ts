// Accounts of people: list, create, change of role, new password, delete.
import type { PasswordResetSchema, UserCreateSchema, UserUpdateSchema } from '@guardcell/contract';
import type { Type } from 'typebox';
import type { UserView } from '../auth/users.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';

type UserCreate = Type.Static<typeof UserCreateSchema>;
type UserUpdate = Type.Static<typeof UserUpdateSchema>;
type PasswordReset = Type.Static<typeof PasswordResetSchema>;

export function userRoutes(
  platform: Platform,
): Pick<Handlers, 'listUsers' | 'createUser' | 'updateUser' | 'deleteUser' | 'resetPassword'> {
  const { users, sessions, firstPassword, logger } = platform;
  return {
    listUsers: async (): Promise<{ items: UserView[] }> => ({ items: await users.list() }),
    async createUser({ body, principal, request }: Call<unknown, UserCreate>) {
      request.auditSubject = `${body.name} as ${body.role}`;
      const made = await users.create(body.name, body.role, body.password);
      logger.info('user created', { user: body.name, role: body.role, by: principal.name });
      return made;
    },
    async updateUser({ params, body, principal, request }: Call<unknown, UserUpdate>): Promise<UserView> {
      request.auditSubject = `to ${body.role}`;
      const user = await users.setRole(params['name'] ?? '', body.role);
      logger.info('role changed', { user: user.name, role: user.role, by: principal.name });
      return user;
    },
    async deleteUser({ params, principal }: Call) {
      const name = params['name'] ?? '';
      await users.delete(name);
      await sessions.closeAll(name);
      logger.info('user deleted', { user: name, by: principal.name });
    },
    async resetPassword({ params, body, principal }: Call<unknown, PasswordReset | undefined>) {
      const name = params['name'] ?? '';
      const reset = await users.resetPassword(name, body?.password);
      await sessions.closeAll(name);
      // What was kept for the first start opens nothing any more.
      await firstPassword.forget();
      logger.info('password reset', { user: name, by: principal.name });
      return reset;
    },
  };
}
