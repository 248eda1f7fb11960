// Sign-in, sign-out, who am I, change of password.
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { LoginSchema, PasswordChangeSchema, Session } from '@guardcell/contract';
import type { Type } from 'typebox';
import type { Principal } from '../auth/principal.ts';
import { ABSOLUTE_MS } from '../auth/sessions.ts';
import { ApiError } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import type { Platform } from '../platform.ts';

type Login = Type.Static<typeof LoginSchema>;
type PasswordChange = Type.Static<typeof PasswordChangeSchema>;

function sessionView({ name, role, kind, csrfToken, expiresAt }: Principal): Session {
  // A key that only takes in audit events never gets here: the route asks for a viewer.
  const shown = role === 'audit-ingest' ? 'viewer' : role;
  return { user: { name, role: shown, kind }, csrfToken, expiresAt };
}

export function sessionRoutes(
  platform: Platform,
): Pick<Handlers, 'login' | 'session' | 'logout' | 'changePassword'> {
  const { users, sessions, loginGuard, firstPassword } = platform;

  function cookieOptions(): CookieSerializeOptions {
    const secure = platform.options.publicUrl?.startsWith('https:') ?? false;
    return { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge: ABSOLUTE_MS / 1000 };
  }

  return {
    async login({ body, request, reply }: Call<unknown, Login>): Promise<Session> {
      // A form on another site must not be able to sign a browser in either.
      const origin = request.headers.origin;
      const from = origin === undefined ? undefined : URL.parse(origin)?.host;
      const allowed = [request.headers.host, URL.parse(platform.options.publicUrl ?? '')?.host];
      if (origin !== undefined && !allowed.includes(from ?? '')) {
        throw new ApiError('GC_CSRF', 'sign in from the console itself');
      }
      loginGuard.attempt(body.username, request.ip);
      // Only the name of an account goes into the audit trail: people type passwords there too.
      if (await users.exists(body.username)) request.auditSubject = body.username;
      const user = await users.signIn(body.username, body.password);
      loginGuard.succeeded(body.username, request.ip);
      const { token, principal } = await sessions.open(user);
      await firstPassword.forget();
      void reply.setCookie(platform.cookieName(), token, cookieOptions());
      return sessionView(principal);
    },
    session: async ({ principal }: Call): Promise<Session> => sessionView(principal),
    async logout({ principal, reply }: Call) {
      if (principal.kind === 'user') await sessions.close(principal.sessionId);
      const { maxAge: _, ...options } = cookieOptions();
      void reply.clearCookie(platform.cookieName(), options);
    },
    async changePassword({ body, principal, request }: Call<unknown, PasswordChange>) {
      if (principal.kind !== 'user') {
        throw new ApiError(
          'GC_FORBIDDEN',
          'only people have a password; an API key or the local token has none',
        );
      }
      loginGuard.attempt(principal.name, request.ip);
      const generation = await users.changePassword(principal.name, body.current, body.next);
      loginGuard.succeeded(principal.name, request.ip);
      await sessions.closeOthers(principal.name, principal.sessionId, generation);
    },
  };
}
