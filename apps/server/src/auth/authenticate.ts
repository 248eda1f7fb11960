// From a request's headers to who is asking.
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../errors.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Principal } from './principal.ts';
import type { Sessions } from './sessions.ts';
import { sameText } from './token-hash.ts';

export interface Authenticator {
  /** Undefined when nobody is signed in, or the token or cookie is not (any more) good. */
  identify(headers: IncomingHttpHeaders, cookie: string | undefined): Promise<Principal | undefined>;
  /** Whether a principal's session or key still holds. */
  isStillValid(principal: Principal): Promise<boolean>;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `localToken` is the administrator's token in the credential file. */
export function createAuthenticator(sessions: Sessions, keys: ApiKeys, localToken: string): Authenticator {
  const local: Principal = {
    name: 'local',
    role: 'admin',
    kind: 'local',
    sessionId: 'local',
    csrfToken: '',
    expiresAt: '',
  };
  return {
    async identify(headers, cookie) {
      const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
      if (bearer !== undefined) {
        if (bearer.startsWith('gck_')) return keys.find(bearer);
        return sameText(bearer, localToken) ? local : undefined;
      }
      return cookie === undefined || cookie === '' ? undefined : sessions.find(cookie);
    },
    isStillValid(principal) {
      if (principal.kind === 'local') return Promise.resolve(true);
      return principal.kind === 'user'
        ? sessions.isOpen(principal.sessionId)
        : keys.isOpen(principal.sessionId);
    },
  };
}

/**
 * A browser sends cookies by itself, so a write by cookie must also carry the session's CSRF token.
 * @throws ApiError GC_CSRF.
 */
export function checkCsrf(principal: Principal, method: string, header: string | undefined): void {
  if (principal.csrfToken === '' || SAFE_METHODS.has(method)) return;
  if (header !== undefined && sameText(header, principal.csrfToken)) return;
  throw new ApiError('GC_CSRF', 'the header x-csrf-token does not match the session', {
    hint: 'Send the csrfToken of GET /api/v1/session as header x-csrf-token.',
  });
}
