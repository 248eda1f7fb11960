// HTTP downloads into files: resumable, bounded, with time limits; proxies are taken from the environment.
import { createWriteStream, existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet, Agent as SecureAgent } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { CodedError, errorFacts, pacedBody, SLOWEST_BYTES_PER_SECOND } from '@guardcell/kit';

export interface DownloadOptions {
  readonly url: string;
  readonly target: string;
  readonly maxBytes: number;
  /** Conditional headers of the last download. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds without an answer, or a byte of it, after which the connection is given up; so is one that is slow for so long. */
  readonly idleMs?: number;
  /** Continue a partial file; only for files whose digest is known beforehand. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
}

export interface Downloaded {
  readonly changed: boolean;
  readonly etag: string;
  readonly lastModified: string;
  readonly bytes: number;
}

const IDLE_MS = 30_000;
const MAX_REDIRECTS = 5;

function refuse(url: string, message: string, cause?: unknown): CodedError {
  return new CodedError('GC_DB_DOWNLOAD', message, {
    at: withoutSecrets(url),
    hint: 'Check the address, the network and the proxy settings (HTTPS_PROXY, NO_PROXY), then try again.',
    cause,
  });
}

function tooSlow(url: string): CodedError {
  return new CodedError('GC_DB_SLOW', 'the server sends too slowly to go on', {
    at: withoutSecrets(url),
    hint: `Less than ${SLOWEST_BYTES_PER_SECOND} bytes a second came; try again when the connection is better, or another mirror.`,
  });
}

/** Addresses are shown to people: credentials and query strings are not. */
function withoutSecrets(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return 'an invalid address';
  }
}

function request(
  url: string,
  options: DownloadOptions,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  const parsed = URL.parse(url);
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw refuse(url, 'the address is neither http nor https');
  }
  const secure = parsed.protocol === 'https:';
  const common = {
    headers,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  return new Promise((resolve, reject) => {
    const sent = secure
      ? httpsGet(parsed, { ...common, agent: new SecureAgent({ proxyEnv: process.env }) })
      : httpGet(parsed, { ...common, agent: new Agent({ proxyEnv: process.env }) });
    // Of the whole answer but its body: one that comes letter by letter is none.
    const timer = setTimeout(() => sent.destroy(new Error('no answer in time')), options.idleMs ?? IDLE_MS);
    sent.on('error', (cause) => {
      clearTimeout(timer);
      reject(refuse(url, `the download failed: ${cause.message}`, cause));
    });
    sent.on('response', (response) => {
      clearTimeout(timer);
      // A connection that breaks before anybody reads must not end the process.
      response.on('error', () => undefined);
      resolve(response);
    });
  });
}

async function follow(
  options: DownloadOptions,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  let url = options.url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const response = await request(url, options, headers);
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return response;
    response.destroy();
    const next = new URL(location, url);
    if (url.startsWith('https:') && next.protocol !== 'https:')
      throw refuse(url, 'the server redirects to an address without TLS');
    url = next.href;
  }
  throw refuse(options.url, 'too many redirects');
}

function header(response: IncomingMessage, name: string): string {
  const value = response.headers[name];
  return typeof value === 'string' ? value : '';
}

/**
 * Downloads to `target`; the bytes that arrived stay in `target.part` for the next attempt.
 * @throws CodedError GC_DB_DOWNLOAD, GC_DB_SLOW.
 */
export async function download(options: DownloadOptions): Promise<Downloaded> {
  const part = `${options.target}.part`;
  const have = options.resume === true && existsSync(part) ? statSync(part).size : 0;
  const response = await follow(options, {
    'user-agent': 'guardcell',
    'accept-encoding': 'identity',
    ...options.headers,
    ...(have > 0 ? { range: `bytes=${have}-` } : {}),
  });
  const facts = { etag: header(response, 'etag'), lastModified: header(response, 'last-modified') };
  if (response.statusCode === 304) {
    response.destroy();
    return { changed: false, bytes: 0, ...facts };
  }
  if (response.statusCode === 416) {
    // What is there is more than the file has: it belongs to another version.
    response.destroy();
    await rm(part, { force: true });
    return await download({ ...options, resume: false });
  }
  const resumed =
    response.statusCode === 206 && header(response, 'content-range').startsWith(`bytes ${have}-`);
  if (response.statusCode !== 200 && !resumed) {
    response.destroy();
    throw refuse(options.url, `the server answered ${response.statusCode}`);
  }
  const bytes = await store(response, part, resumed ? have : 0, options);
  await rename(part, options.target);
  return { changed: true, bytes, ...facts };
}

async function store(
  response: IncomingMessage,
  part: string,
  have: number,
  options: DownloadOptions,
): Promise<number> {
  let total = have;
  const bounded = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      total += chunk.length;
      if (total > options.maxBytes)
        throw refuse(options.url, `the file is larger than ${options.maxBytes} bytes`);
      yield chunk;
    }
  };
  const paced = pacedBody(response, options.idleMs ?? IDLE_MS, () => tooSlow(options.url));
  try {
    await pipeline(paced, bounded, createWriteStream(part, { flags: have > 0 ? 'a' : 'w' }));
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw refuse(options.url, `the download broke off: ${errorFacts(error).message}`, error);
  }
  return total;
}
