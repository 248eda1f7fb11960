// The receiver's address, parsed and checked.
import type { Destination } from './allow-list.ts';

export interface Endpoint extends Destination {
  readonly secure: boolean;
  /** Path and query; may hold a token, so it is never logged. */
  readonly path: string;
  /** `host:port`, safe to show. */
  readonly label: string;
}

export type ParsedEndpoint =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly detail: string };

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const MAX_URL_LENGTH = 2000;

/**
 * Parses a receiver's URL. The WHATWG parser turns every spelling of an IPv4 address (decimal, octal, hexadecimal,
 * short) into the usual one.
 */
export function parseEndpoint(text: string): ParsedEndpoint {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) {
    return { ok: false, detail: 'The address of the receiver is not a URL.' };
  }
  const url = new URL(text);
  const standard = DEFAULT_PORTS[url.protocol];
  if (standard === undefined)
    return { ok: false, detail: 'The receiver must have an http or https address.' };
  if (url.username !== '' || url.password !== '') {
    return { ok: false, detail: 'The address of the receiver must not contain a user name or password.' };
  }
  const port = url.port === '' ? standard : Number(url.port);
  if (port === 0 || url.hostname === '') return { ok: false, detail: 'The receiver has no host or port.' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  return {
    ok: true,
    endpoint: { host, port, secure, path: url.pathname + url.search, label: `${url.hostname}:${port}` },
  };
}

/**
 * The `host:port` of a URL, as an entry of an allow list. Use it for addresses that the machine's owner wrote into a
 * file; never for those that came through the API. Empty for what is no http(s) URL.
 */
export function allowEntryOf(url: string): string {
  const parsed = parseEndpoint(url);
  return parsed.ok ? parsed.endpoint.label : '';
}
