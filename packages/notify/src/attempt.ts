// One HTTP request to addresses that are already checked.
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { systemErrorCode } from '@guardcell/kit';
import type { Endpoint } from './endpoint.ts';
import type { NotifyErrorCode, ResolvedAddress } from './types.ts';

export interface AttemptInput {
  readonly endpoint: Endpoint;
  readonly addresses: readonly ResolvedAddress[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ca: string | readonly string[] | undefined;
  readonly maxResponseBytes: number;
  /** Ends the attempt: time-out or cancellation. */
  readonly signal: AbortSignal;
}

export type AttemptOutcome =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfter: string }
  | {
      readonly kind: 'failure';
      readonly code: NotifyErrorCode;
      readonly detail: string;
      readonly retry: boolean;
    };

const TLS_ERROR = /^(?:ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

/** Gives the checked addresses whatever is asked for. */
function fixedLookup(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family ?? 4);
  };
}

function requestOf({ endpoint, addresses, headers, ca, body }: AttemptInput): http.ClientRequest {
  const options: https.RequestOptions = {
    method: 'POST',
    host: endpoint.host,
    port: endpoint.port,
    path: endpoint.path,
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    lookup: fixedLookup(addresses),
    setDefaultHeaders: true,
  };
  // Agents of their own: no proxy from the environment, no reuse of a connection made for another check.
  if (!endpoint.secure) return http.request({ ...options, agent: new http.Agent({ keepAlive: false }) });
  return https.request({
    ...options,
    agent: new https.Agent({ keepAlive: false }),
    rejectUnauthorized: true,
    ...(isIP(endpoint.host) === 0 ? { servername: endpoint.host } : {}),
    ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
  });
}

function failureOf(thrown: unknown, label: string): AttemptOutcome {
  const code = systemErrorCode(thrown) ?? '';
  if (TLS_ERROR.test(code)) {
    return {
      kind: 'failure',
      code: 'GC_NOTIFY_TLS',
      detail: `TLS with ${label} failed (${code}).`,
      retry: false,
    };
  }
  const why = code === '' ? 'connection failed' : code;
  return {
    kind: 'failure',
    code: 'GC_NOTIFY_UNREACHABLE',
    detail: `${label} could not be reached (${why}).`,
    retry: true,
  };
}

function drain(response: http.IncomingMessage, maxBytes: number, done: () => void): void {
  let received = 0;
  response.on('data', (chunk: Uint8Array) => {
    received += chunk.length;
    if (received > maxBytes) response.destroy();
  });
  response.on('error', () => undefined); // the status is known; the rest does not matter
  response.on('close', done);
}

/** Sends one request; never rejects. The answer's body is read up to a bound and thrown away. */
export function attempt(input: AttemptInput): Promise<AttemptOutcome> {
  const { endpoint, signal } = input;
  return new Promise((resolve) => {
    const request = requestOf(input);
    let outcome: AttemptOutcome | undefined;
    const stop = (): void => {
      request.destroy();
    };
    const settle = (fallback: AttemptOutcome): void => {
      signal.removeEventListener('abort', stop);
      resolve(outcome ?? fallback);
    };
    signal.addEventListener('abort', stop, { once: true });
    request.on('response', (response) => {
      const known: AttemptOutcome = {
        kind: 'answer',
        status: response.statusCode ?? 0,
        retryAfter: response.headers['retry-after'] ?? '',
      };
      outcome = known;
      drain(response, input.maxResponseBytes, () => settle(known));
    });
    request.on('error', (thrown) => settle(failureOf(thrown, endpoint.label)));
    request.on('close', () => settle(failureOf(undefined, endpoint.label)));
    if (signal.aborted) stop();
    else request.end(input.body);
  });
}
