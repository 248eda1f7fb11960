// A whole server for tests: stores in memory, a data folder that is removed, callers of every kind.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentUpdate } from '@guardcell/contract';
import { bareContainer } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import type { Notifier } from '@guardcell/notify';
import {
  type EventStore,
  openMemoryEventStore,
  openMemoryStateStore,
  type StateStore,
} from '@guardcell/store';
import type { ServerOptions } from '../options.ts';
import { type Server, type ServerDeps, startServer } from '../server.ts';
import { CONTAINER_ID, SENSOR } from './sample-alerts.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly json: any;
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestServer extends AsyncDisposable {
  readonly server: Server;
  readonly dir: string;
  readonly localToken: string;
  /** As the local administrator unless `token` says otherwise (empty: nobody). */
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** As the agent, over the Unix socket. */
  agent(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<{ status: number; json: unknown }>;
}

export interface TestServerOptions {
  readonly dir?: string;
  readonly options?: Partial<ServerOptions>;
  readonly stores?: { readonly state: StateStore; readonly events: EventStore };
  readonly deps?: Partial<ServerDeps>;
}

/** scrypt as cheap as it gets. */
const CHEAP = { logN: 4, r: 1, p: 1 };

const deafNotifier: Notifier = {
  deliver: () => Promise.resolve({ ok: true, status: 200, attempts: 1, signed: false, detail: 'delivered' }),
};

function agentCall(
  socketPath: string,
  token: string,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; json: unknown }> {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((done, fail) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
    };
    const call = request({ socketPath, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const reply = Buffer.concat(chunks).toString('utf8');
        done({ status: response.statusCode ?? 0, json: reply === '' ? undefined : JSON.parse(reply) });
      });
    });
    call.on('error', fail);
    call.end(text);
  });
}

export async function startTestServer(given: TestServerOptions = {}): Promise<TestServer> {
  const dir = given.dir ?? (await mkdtemp(join(tmpdir(), 'gc-server-')));
  const options: ServerOptions = {
    dataDir: dir,
    host: '127.0.0.1',
    port: 0,
    agentSocket: '',
    builtinRulesDir: '',
    rulePaths: [],
    responsePaths: [],
    webRoot: '',
    version: '0.0.0-test',
    ...given.options,
  };
  const server = await startServer(options, {
    logger: silentLogger,
    stores: given.stores ?? { state: openMemoryStateStore(), events: openMemoryEventStore() },
    passwordCost: CHEAP,
    createNotifier: () => deafNotifier,
    actionWaitMs: 1000,
    ...given.deps,
  });
  const { token: localToken } = JSON.parse(await readFile(join(dir, 'credential.json'), 'utf8')) as {
    token: string;
  };
  const agentToken = (await readFile(join(dir, 'agent-token'), 'utf8')).trim();

  return {
    server,
    dir,
    localToken,
    async call(path, { method = 'GET', body, token = localToken, headers = {} } = {}) {
      const response = await fetch(`${server.url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(token !== '' && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson && text !== '' ? JSON.parse(text) : undefined,
      };
    },
    agent: (method, path, body, token = agentToken) =>
      agentCall(join(dir, 'agent.sock'), token, method, path, body),
    async [Symbol.asyncDispose]() {
      await server.close();
      if (given.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What an agent with one container says of itself. */
export function sampleUpdate(): AgentUpdate {
  const at = new Date().toISOString();
  const container = {
    ...bareContainer(CONTAINER_ID),
    name: 'web',
    runtime: 'docker',
    state: 'running',
    complete: true,
  };
  const update = {
    report: {
      sensorId: SENSOR,
      hostname: 'host-a',
      kernel: '6.1.0',
      version: '0.0.0-test',
      epoch: 1,
      sensor: {
        state: 'running',
        detail: '',
        errorCode: '',
        events: 10,
        eventsPerSecond: 1,
        drops: 0,
        eventTypes: ['execve'],
        cpuSeconds: 0.1,
        ringSizeBytes: 1024,
        startedAt: at,
      },
      runtimes: [],
      rungs: [],
      rules: { revision: '', loaded: 0, enabled: 0, errors: 0, warnings: 0, problems: [] },
      spool: { pending: 0, sizeBytes: 0, dropped: 0 },
      rssBytes: 1,
      at,
    },
    containers: [container],
  };
  return update as unknown as AgentUpdate;
}

/** Waits until something holds; fails after `timeoutMs`. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 5000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('waited too long');
    await new Promise((done) => setTimeout(done, 10));
  }
}
