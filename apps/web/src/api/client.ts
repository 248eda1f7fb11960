// The typed client: one function for every endpoint of the contract.
import { errorOfResponse, unreachable } from './api-error.ts';
import type { Endpoint } from './endpoints.ts';
import type { Bodies, Results } from './types.ts';
import { buildUrl, type Query } from './url.ts';

interface Options<Name extends Endpoint> {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly body?: Name extends keyof Bodies ? Bodies[Name] : never;
  readonly signal?: AbortSignal;
  /** The version that was read, sent as `If-Match`. */
  readonly ifMatch?: string | undefined;
}

const DEADLINE_MS = 30_000;
let csrfToken = '';
let onUnauthorized: () => void = () => undefined;

/** Sent as `x-csrf-token` with every write from now on. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called when the server says that the session has ended. */
export function setUnauthorizedHandler(handler: () => void): void {
  onUnauthorized = handler;
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** An answer with the version that it was, as the server's `ETag` says; empty when it says none. */
export interface Versioned<Value> {
  readonly value: Value;
  readonly version: string;
}

/** Calls an endpoint. Throws `ApiError` for every outcome that is not 2xx, also when the server is unreachable. */
export async function call<Name extends Endpoint>(
  endpoint: Name,
  options: Options<Name> = {},
): Promise<Results[Name]> {
  return (await callVersioned(endpoint, options)).value;
}

/** The same, with the version of what was read: a later write sends it as `If-Match`. */
export async function callVersioned<Name extends Endpoint>(
  endpoint: Name,
  options: Options<Name> = {},
): Promise<Versioned<Results[Name]>> {
  const { method, url } = buildUrl(endpoint, options.params, options.query);
  // The console's own language, which need not be the browser's.
  const { lang } = document.documentElement;
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': lang };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrfToken !== '') headers['x-csrf-token'] = csrfToken;
  if (options.ifMatch !== undefined) headers['if-match'] = options.ifMatch;
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]),
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw unreachable(error);
  }
  const body = await readBody(response);
  if (response.ok) return { value: body as Results[Name], version: response.headers.get('etag') ?? '' };
  const error = errorOfResponse(response.status, body, response.headers.get('retry-after'));
  // A wrong password, when it is changed or at sign-in, ends no session.
  const isOver = response.status === 401 && error.code !== 'GC_BAD_CREDENTIALS';
  if (isOver && endpoint !== 'session') onUnauthorized();
  throw error;
}
