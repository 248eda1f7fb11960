// Talks to a running platform: found through its data folder, or through --server and GUARDCELL_TOKEN.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '@guardcell/contract';
import { CodedError, systemErrorCode } from '@guardcell/kit';
import { type CommandContext, type OptionSpec, type OptionValues, text } from './command.ts';
import { followStream, type StreamItem } from './live-stream.ts';
import { dataDir } from './paths.ts';

const TIMEOUT_MS = 30_000;

/** Options that every command against a platform has. */
export const PLATFORM_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  data: { type: 'string', value: 'DIR', help: "the platform's data folder" },
  server: { type: 'string', value: 'URL', help: 'a platform elsewhere; its API key is in GUARDCELL_TOKEN' },
};

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface PlatformClient {
  /** @throws CodedError with the server's code, or GC_SERVER_UNREACHABLE. */
  call<Reply>(
    method: string,
    path: string,
    options?: { readonly query?: Query; readonly body?: unknown },
  ): Promise<Reply>;
  /** Server-sent events; survives a restart of the server. */
  stream(path: string, query: Query, signal: AbortSignal): AsyncGenerator<StreamItem, void, void>;
}

interface Credential {
  readonly url: string;
  readonly token: string;
}

function readCredential(options: OptionValues): Credential {
  const server = text(options, 'server');
  if (server !== undefined) {
    const token = process.env['GUARDCELL_TOKEN'];
    if (token === undefined || token === '') {
      throw new CodedError('GC_AUTH_NO_TOKEN', 'GUARDCELL_TOKEN is not set', {
        hint: 'Create an API key in the console under Settings and put it into GUARDCELL_TOKEN.',
      });
    }
    if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
      throw new CodedError('GC_USAGE', `'${server}' is not the address of a platform`, {
        hint: 'For example --server https://guardcell.example.org.',
      });
    }
    return { url: server.replace(/\/+$/, ''), token };
  }
  const dir = dataDir(text(options, 'data'));
  const file = join(dir, 'credential.json');
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Credential>;
    if (typeof value.url === 'string' && typeof value.token === 'string')
      return { url: value.url, token: value.token };
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === 'EACCES') {
      throw new CodedError('GC_AUTH_CREDENTIAL', 'the credential file may be read by its owner only', {
        at: file,
        hint: 'Run the command as the user that runs `guardcell up`.',
        cause,
      });
    }
    throw new CodedError('GC_SERVER_NOT_FOUND', 'no platform has been started with this data folder', {
      at: dir,
      hint: 'Start it with `guardcell up`, or name its folder with --data.',
      cause,
    });
  }
  throw new CodedError('GC_AUTH_CREDENTIAL', 'the credential file is not what `guardcell up` writes', {
    at: file,
  });
}

function withQuery(url: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (typeof value === 'object') for (const one of value) params.append(key, one);
    else params.append(key, String(value));
  }
  const search = params.toString();
  return search === '' ? url : `${url}?${search}`;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value;
}

async function failure(response: Response, path: string): Promise<CodedError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!isProblem(body))
    return new CodedError('GC_SERVER_ANSWER', `the server answered ${response.status}`, { at: path });
  const fields = (body.errors ?? []).map((error) => `${error.pointer}: ${error.message}`).join('; ');
  return new CodedError(body.code, body.detail === '' ? body.title : body.detail, {
    at: path,
    hint: [fields, body.hint ?? ''].filter((part) => part !== '').join(' '),
  });
}

export function connect(context: CommandContext): PlatformClient {
  const { url, token } = readCredential(context.options);
  const headers = { authorization: `Bearer ${token}` };

  async function send(target: string, init: RequestInit): Promise<Response> {
    try {
      // A redirect could lead the token elsewhere; the platform has none.
      return await fetch(target, { ...init, redirect: 'error' });
    } catch (cause) {
      throw new CodedError('GC_SERVER_UNREACHABLE', 'the platform does not answer', {
        at: url,
        hint: 'Is `guardcell up` running?',
        cause,
      });
    }
  }

  return {
    async call<Reply>(
      method: string,
      path: string,
      options: { readonly query?: Query; readonly body?: unknown } = {},
    ) {
      const response = await send(withQuery(url + path, options.query), {
        method,
        headers: { ...headers, ...(options.body !== undefined && { 'content-type': 'application/json' }) },
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), context.signal]),
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      });
      if (!response.ok) throw await failure(response, path);
      return (response.status === 204 ? undefined : await response.json()) as Reply;
    },
    stream(path, query, signal) {
      async function open(lastId: string): Promise<ReadableStream<Uint8Array>> {
        const response = await send(withQuery(url + path, query), {
          headers: { ...headers, ...(lastId !== '' && { 'last-event-id': lastId }) },
          signal,
        });
        if (!response.ok || response.body === null) throw await failure(response, path);
        return response.body;
      }
      return followStream({ open, signal });
    },
  };
}
