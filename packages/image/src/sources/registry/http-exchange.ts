// One HTTP request over Node's own client: proxies from the environment, TLS options, timeouts, bounded answers.
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { isLoopback, pacedBody, SLOWEST_BYTES_PER_SECOND, systemErrorCode } from '@guardcell/kit';
import { imageFailure, isImageFailure } from '../failures.ts';
import { guardedLookup, refusedAddress } from './guarded-lookup.ts';
import type { RegistryOptions, RegistryTls } from './registry-options.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_SOCKETS = 8;
const MAX_HEADER_BYTES = 64 * 1024;
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; repeated headers are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; must be read to the end, or given up by leaving the loop or with `discard`. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly content?: string;
}

export interface HttpClient {
  /** @throws CodedError GC_REGISTRY_UNREACHABLE, GC_REGISTRY_TLS; the system's code is in `cause.code`. */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

function fileOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw imageFailure('GC_REGISTRY_TLS', 'the file cannot be read', { at: path, cause: error });
  }
}

function tlsOptions(tls: RegistryTls = {}): Record<string, unknown> {
  return {
    ...(tls.caFile === undefined ? {} : { ca: [...rootCertificates, fileOf(tls.caFile).toString('utf8')] }),
    ...(tls.certFile === undefined ? {} : { cert: fileOf(tls.certFile) }),
    ...(tls.keyFile === undefined ? {} : { key: fileOf(tls.keyFile) }),
    rejectUnauthorized: tls.insecureSkipVerify !== true,
  };
}

/** Only the proxy settings, in both spellings. */
function proxyEnvOf(env: NonNullable<RegistryOptions['env']>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of PROXY_VARIABLES) {
    const value = env[name.toLowerCase()] ?? env[name];
    if (value !== undefined && value !== '') found[name] = value;
  }
  return found;
}

function isTlsProblem(code: string): boolean {
  return /^ERR_(?:TLS|SSL)|CERT|SELF_SIGNED|^UNABLE_TO_|^EPROTO$/.test(code);
}

function networkFailure(error: unknown, url: URL): Error {
  if (isImageFailure(error)) return error;
  const at = `${url.origin}${url.pathname}`;
  const code = systemErrorCode(error) ?? '';
  const reason = code || (error instanceof Error ? error.message : 'unknown');
  if (!isTlsProblem(code)) {
    return imageFailure('GC_REGISTRY_UNREACHABLE', `the registry does not answer (${reason})`, {
      at,
      cause: error,
    });
  }
  const hint = 'Give the CA file of a private authority, or use plain HTTP for a registry on this machine.';
  return imageFailure('GC_REGISTRY_TLS', `no trusted TLS connection (${reason})`, { at, hint, cause: error });
}

function tooSlow(url: URL): Error {
  return imageFailure('GC_REGISTRY_SLOW', 'the registry sends too slowly to go on', {
    at: url.host + url.pathname,
    hint: `Less than ${SLOWEST_BYTES_PER_SECOND} bytes a second came; try again when the connection is better.`,
  });
}

async function* bodyOf(
  answer: IncomingMessage,
  url: URL,
  timeoutMs: number,
  failed: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* pacedBody(answer, timeoutMs, () => tooSlow(url));
  } catch (error) {
    throw failed(error);
  }
}

function headersOf(answer: IncomingMessage): Record<string, string> {
  const entries = Object.entries(answer.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** A client with connections of its own; `close` ends them. */
export function httpClient(options: RegistryOptions): HttpClient {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const proxyEnv = proxyEnvOf(options.env ?? process.env);
  const { mayConnect } = options;
  const lookup =
    mayConnect === undefined ? {} : { lookup: guardedLookup(mayConnect, Object.values(proxyEnv)) };
  const shared = { keepAlive: true, maxSockets: MAX_SOCKETS, ...lookup };
  const tls = tlsOptions(options.tls);
  const agents = {
    'http:': { direct: new HttpAgent(shared), proxied: new HttpAgent({ ...shared, proxyEnv }) },
    'https:': {
      direct: new HttpsAgent({ ...shared, ...tls }),
      proxied: new HttpsAgent({ ...shared, ...tls, proxyEnv }),
    },
  };

  function failed(error: unknown, url: URL): unknown {
    return options.signal?.aborted === true ? options.signal.reason : networkFailure(error, url);
  }

  function exchange({ method, url, headers, content }: HttpRequest): Promise<HttpAnswer> {
    const refused = mayConnect === undefined ? undefined : refusedAddress(url.hostname, mayConnect);
    if (refused !== undefined) return Promise.reject(refused);
    return new Promise((resolve, reject) => {
      const isPlain = url.protocol === 'http:';
      // A proxy cannot reach what is on this machine.
      const agent = agents[isPlain ? 'http:' : 'https:'][isLoopback(url.hostname) ? 'direct' : 'proxied'];
      const request = (isPlain ? httpRequest : httpsRequest)(url, {
        method,
        agent,
        headers: { 'user-agent': 'guardcell', ...headers },
        maxHeaderSize: MAX_HEADER_BYTES,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      const timer = setTimeout(() => {
        request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
      }, timeoutMs);
      request.once('error', (error) => {
        clearTimeout(timer);
        reject(failed(error, url));
      });
      request.once('response', (answer) => {
        clearTimeout(timer);
        // A connection that breaks before anybody reads must not end the process.
        answer.on('error', () => undefined);
        resolve({
          status: answer.statusCode ?? 0,
          headers: headersOf(answer),
          body: bodyOf(answer, url, timeoutMs, (error) => failed(error, url)),
          discard: () => answer.destroy(),
        });
      });
      request.end(content);
    });
  }

  return {
    exchange,
    close: () => {
      for (const { direct, proxied } of Object.values(agents)) {
        direct.destroy();
        proxied.destroy();
      }
    },
  };
}
