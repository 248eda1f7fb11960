// What is sent as `Authorization`: learned from the registry's challenge, kept until it stops working.
// Spec: distribution's token authentication (JWT and OAuth2), RFC 7617 for Basic.
import { readBounded } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import { objectOf, parseJson, sizeOf, textOf } from '../json-fields.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { type StoredCredentials, storedCredentials } from './docker-config.ts';
import { maySend } from './endpoint.ts';
import type { HttpClient, HttpRequest } from './http-exchange.ts';
import type { RegistryOptions } from './registry-options.ts';

const MAX_TOKEN_BYTES = 1024 * 1024;
const CLIENT_ID = 'guardcell';
/** Tokens without a lifetime live a minute, says the specification. */
const DEFAULT_LIFE_S = 60;
const MARGIN_MS = 5000;

export interface Authorizer {
  /** The header for requests of this scope, when one is known to be needed. */
  header(scope: string): string | undefined;
  /**
   * Learns from a 401 what to send instead of `refused`; false when there is nothing (more) to send.
   * @throws CodedError GC_REGISTRY_AUTH, GC_REGISTRY_CREDENTIALS, GC_REGISTRY_UNREACHABLE.
   */
  learn(
    refused: string | undefined,
    challengeHeader: string,
    scope: string,
    repository: string,
  ): Promise<boolean>;
}

interface Kept {
  readonly header: string;
  readonly untilMs: number;
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function tokenRequest(
  challenge: Challenge,
  scope: string,
  stored: StoredCredentials | undefined,
  base: URL,
): HttpRequest {
  const { realm = '', service = '', scope: asked = '' } = challenge.parameters;
  const at = base.host;
  if (!URL.canParse(realm))
    throw imageFailure('GC_REGISTRY_ANSWER', 'the registry names no address for tokens', { at });
  const url = new URL(realm);
  // A registry without TLS may be anybody on the way: its word does not send a password to another machine in the clear.
  const isElsewhere = url.protocol === 'http:' && url.hostname !== base.hostname;
  if (!maySend(base, url) || (stored !== undefined && isElsewhere)) {
    throw imageFailure('GC_REGISTRY_AUTH', 'the registry wants credentials sent over plain HTTP', { at });
  }
  // Our own scope comes first: the registry may have asked for less or for more.
  const scopes = scope === '' ? asked : scope;
  if (stored?.kind === 'identity-token') {
    const fields = {
      grant_type: 'refresh_token',
      refresh_token: stored.token,
      service,
      scope: scopes,
      client_id: CLIENT_ID,
    };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url, headers, content: new URLSearchParams(fields).toString() };
  }
  if (service !== '') url.searchParams.set('service', service);
  for (const item of scopes.split(' ').filter((text) => text !== '')) url.searchParams.append('scope', item);
  if (stored?.kind !== 'password') return { method: 'GET', url, headers: {} };
  return { method: 'GET', url, headers: { authorization: basic(stored.username, stored.password) } };
}

async function fetchToken(http: HttpClient, request: HttpRequest, at: string): Promise<Kept> {
  const answer = await http.exchange(request);
  const bytes = await readBounded(answer.body, MAX_TOKEN_BYTES, `${at}, token`);
  if (answer.status !== 200) {
    const code = answer.status === 429 ? 'GC_REGISTRY_RATE_LIMIT' : 'GC_REGISTRY_AUTH';
    throw imageFailure(code, `the token service answers ${answer.status}`, {
      at,
      hint: 'Check the credentials in docker config, or give a user name and a password file.',
    });
  }
  const fields = objectOf(parseJson(bytes));
  const token = textOf(fields['token']) || textOf(fields['access_token']);
  if (token === '' || /[^\x21-\x7e]/.test(token)) {
    throw imageFailure('GC_REGISTRY_ANSWER', 'the token service answers without a usable token', { at });
  }
  const lifeS = sizeOf(fields['expires_in']) ?? DEFAULT_LIFE_S;
  return { header: `Bearer ${token}`, untilMs: Date.now() + lifeS * 1000 - MARGIN_MS };
}

/** Credentials of one registry. */
export function authorizer(host: string, base: URL, http: HttpClient, options: RegistryOptions): Authorizer {
  const kept = new Map<string, Kept>();
  const stored = new Map<string, Promise<StoredCredentials | undefined>>();
  const given = options.credentials;

  function credentialsFor(repository: string): Promise<StoredCredentials | undefined> {
    if (given !== undefined) return Promise.resolve({ kind: 'password', ...given });
    const known = stored.get(repository);
    if (known !== undefined) return known;
    const asked = storedCredentials(host, repository, options);
    stored.set(repository, asked);
    return asked;
  }

  async function answerTo(
    challenges: readonly Challenge[],
    scope: string,
    repository: string,
  ): Promise<Kept | undefined> {
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    const found = await credentialsFor(repository);
    if (found?.kind === 'registry-token') {
      return { header: `Bearer ${found.token}`, untilMs: Number.POSITIVE_INFINITY };
    }
    if (bearer !== undefined) return fetchToken(http, tokenRequest(bearer, scope, found, base), host);
    const wantsBasic = challenges.some(({ scheme }) => scheme === 'basic');
    if (!wantsBasic || found?.kind !== 'password') return undefined;
    return { header: basic(found.username, found.password), untilMs: Number.POSITIVE_INFINITY };
  }

  return {
    header: (scope) => {
      if (options.token !== undefined) return `Bearer ${options.token}`;
      const known = kept.get(scope);
      return known !== undefined && known.untilMs > Date.now() ? known.header : undefined;
    },
    learn: async (refused, challengeHeader, scope, repository) => {
      if (options.token !== undefined) return false;
      // Another request has learned it in the meantime.
      const known = kept.get(scope);
      if (known !== undefined && known.header !== refused && known.untilMs > Date.now()) return true;
      const learned = await answerTo(parseChallenges(challengeHeader), scope, repository);
      if (learned === undefined || learned.header === refused) return false;
      kept.set(scope, learned);
      return true;
    },
  };
}
