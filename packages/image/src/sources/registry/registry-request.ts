// A request to a registry as a whole: credentials, redirects, and new attempts when a failure may pass.
import { imageFailure } from '../failures.ts';
import { type Authorizer, authorizer } from './authorizer.ts';
import { endpointOf, maySend } from './endpoint.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './http-exchange.ts';
import type { RegistryOptions } from './registry-options.ts';
import { backoffMs, DEFAULT_RETRIES, isPassingFailure, mayPass, retryAfterMs, sleepFor } from './retry.ts';

const MAX_REDIRECTS = 6;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD';
  /** Below the registry: `/v2/app/tags/list?n=100`, or a whole address on it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it is about, for the scope of a token; empty for the catalog. */
  readonly repository: string;
}

export interface RegistryConnection {
  readonly host: string;
  /**
   * The answer, whatever its status, except 401, 403 and statuses that did not pass after all attempts.
   * @throws CodedError GC_REGISTRY_…
   */
  ask(request: RegistryRequest): Promise<HttpAnswer>;
  /** Waits before attempt `attempt` (0 for the first repetition). */
  pause(attempt: number): Promise<void>;
  readonly retries: number;
  close(): void;
}

function scopeOf(repository: string): string {
  return repository === '' ? 'registry:catalog:*' : `repository:${repository}:pull`;
}

/** Connections to one registry. @throws CodedError GC_REGISTRY_PLAIN_HTTP. */
export function connectRegistry(host: string, options: RegistryOptions): RegistryConnection {
  const base = endpointOf(host, options);
  const http = lazyClient(options);
  const auth: Authorizer = authorizer(host, base, http, options);
  const retries = options.retries ?? DEFAULT_RETRIES;
  const sleep = options.sleep ?? sleepFor;

  /** Follows redirects; credentials go to the registry itself alone. */
  async function follow(request: RegistryRequest, authorization: string | undefined): Promise<HttpAnswer> {
    let url = new URL(request.path, base);
    if (url.origin !== base.origin) {
      throw imageFailure('GC_REGISTRY_ANSWER', 'the registry continues on another host', { at: url.origin });
    }
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const own = url.origin === base.origin && authorization !== undefined ? { authorization } : {};
      const exchange: HttpRequest = { method: request.method, url, headers: { ...request.headers, ...own } };
      const answer = await http.exchange(exchange);
      const location = answer.headers['location'] ?? '';
      if (!REDIRECTS.has(answer.status) || location === '') return answer;
      answer.discard();
      if (!URL.canParse(location, url)) break;
      const next = new URL(location, url);
      if (!maySend(url, next)) {
        throw imageFailure('GC_REGISTRY_ANSWER', 'the registry redirects from TLS to something else', {
          at: next.origin,
        });
      }
      url = next;
    }
    throw imageFailure('GC_REGISTRY_ANSWER', 'the registry redirects without end', {
      at: `${host}${request.path}`,
    });
  }

  async function authorized(request: RegistryRequest): Promise<HttpAnswer> {
    const scope = scopeOf(request.repository);
    const sent = auth.header(scope);
    let answer = await follow(request, sent);
    if (answer.status === 401) {
      answer.discard();
      const learned = await auth.learn(
        sent,
        answer.headers['www-authenticate'] ?? '',
        scope,
        request.repository,
      );
      if (learned) answer = await follow(request, auth.header(scope));
    }
    if (answer.status !== 401 && answer.status !== 403) return answer;
    answer.discard();
    throw imageFailure('GC_REGISTRY_AUTH', `the registry answers ${answer.status}: no access`, {
      at: request.repository === '' ? host : `${host}/${request.repository}`,
      hint: 'The image does not exist, or it needs (other) credentials: docker login, or a user name and a password file.',
    });
  }

  async function ask(request: RegistryRequest): Promise<HttpAnswer> {
    for (let attempt = 0; ; attempt++) {
      let waitMs = backoffMs(attempt);
      try {
        const answer = await authorized(request);
        if (!mayPass(answer.status)) return answer;
        const wanted = retryAfterMs(answer.headers['retry-after'], Date.now());
        answer.discard();
        if (attempt >= retries || wanted === 'too-long') throw statusFailure(host, request, answer.status);
        waitMs = Math.max(waitMs, wanted ?? 0);
      } catch (error) {
        const passing = isPassingFailure(error) && options.signal?.aborted !== true;
        if (!passing || attempt >= retries) throw error;
      }
      await sleep(waitMs, options.signal);
    }
  }

  return {
    host,
    ask,
    pause: (attempt) => sleep(backoffMs(attempt), options.signal),
    retries,
    close: http.close,
  };
}

/** Node's HTTP and TLS take 20 MB and longer to load than a scan of a known image takes: they wait for the first request. */
function lazyClient(options: RegistryOptions): HttpClient {
  let client: Promise<HttpClient> | undefined;
  return {
    exchange: async (request) => {
      client ??= import('./http-exchange.ts').then(({ httpClient }) => httpClient(options));
      return (await client).exchange(request);
    },
    close: () => {
      // Files of TLS that cannot be read were told by the request.
      client?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    },
  };
}

/** The error for an answer that cannot be used. */
export function statusFailure(host: string, request: RegistryRequest, status: number): Error {
  const at = `${host}${request.path}`;
  if (status === 429) {
    return imageFailure('GC_REGISTRY_RATE_LIMIT', 'the registry limits requests and asks to wait', {
      at,
      hint: 'Wait, or log in: limits are higher for accounts.',
    });
  }
  return imageFailure('GC_REGISTRY_REFUSED', `the registry answers ${status}`, { at });
}
