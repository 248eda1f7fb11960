// A platform that is only its HTTP API: the contract's routes over seeded data, with the real server's checks, problem
// answers, cookies and headers. Console tests and screenshots run against it; nothing in it depends on the machine.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { type AlertFilter, ROUTES, type Role, type Route, type RouteName } from '@guardcell/contract';
import { type Alert, type EventQuery, matchesQuery } from '@guardcell/core';
import { ApiError } from '../../../apps/server/src/errors.ts';
import { problemOf } from '../../../apps/server/src/http/problem.ts';
import { SECURITY_HEADERS } from '../../../apps/server/src/http/security.ts';
import { bodyCheck, queryCheck } from '../../../apps/server/src/http/validation.ts';
import { acceptedLanguage } from '../../../apps/server/src/language/accepted-language.ts';
import { problemInChinese } from '../../../apps/server/src/language/problem-in-chinese.ts';
import { eventQuery } from '../../../apps/server/src/routes/query.ts';
import { freshAlert } from './fake/alerts.ts';
import { fakeHandlers } from './fake/handlers.ts';
import { inChinese } from './fake/scan/in-chinese.ts';
import { type FakeSession, type FakeState, fakeState } from './fake/state.ts';

export { FAKE_USERS } from './fake/state.ts';

/** The moment at which all fake data was true. */
export const FAKE_NOW_MS: number = Date.parse('2026-03-02T10:24:00Z');
const DIST = resolve(import.meta.dirname, '../../../apps/web/dist');
const RANK: Readonly<Record<Role, number>> = { viewer: 0, responder: 1, admin: 2 };
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export type HintName = 'action' | 'container' | 'status' | 'gap' | 'scan';

export interface FakeApiOptions {
  readonly nowMs?: number;
  readonly port?: number;
  /** A platform right after its first start: no alerts, containers, actions. */
  readonly empty?: boolean;
  readonly webRoot?: string;
}

export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly state: FakeState;
  /** `METHOD /path?query` of every API request so far. */
  readonly requests: readonly string[];
  /** Stores an alert of a rule that has a scenario (one second after the newest) and tells live streams. */
  emitAlert(rule?: string): Alert;
  emit(name: HintName, data: unknown): void;
  /** Live streams open now. */
  streams(): number;
}

interface Compiled {
  readonly name: RouteName;
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly query: ReturnType<typeof queryCheck>;
  readonly body: ((body: unknown) => unknown) | undefined;
}

function compileRoutes(): Compiled[] {
  return (Object.entries(ROUTES) as [RouteName, Route][])
    .map(([name, route]) => ({
      name,
      route,
      pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, '([^/]+)')}$`),
      names: [...route.path.matchAll(/\{(\w+)\}/g)].map(([, each = '']) => each),
      query: queryCheck(route.query),
      body: route.body === undefined ? undefined : bodyCheck(route.body),
    }))
    .sort((a, b) => a.names.length - b.names.length);
}

function queryRecord(params: URLSearchParams): Record<string, string | string[]> {
  const keys = [...new Set(params.keys())];
  return Object.fromEntries(
    keys.map((key) => {
      const all = params.getAll(key);
      return [key, all.length === 1 ? (all[0] ?? '') : all];
    }),
  );
}

function cookieValue(request: IncomingMessage, name: string): string {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value = ''] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return '';
}

/** A file of the built console, or its start page for addresses of its own. */
function staticFile(webRoot: string, path: string, accept: string): string | undefined {
  const file = normalize(join(webRoot, decodeURIComponent(path)));
  const inside = file.startsWith(webRoot + sep) && !/[/\\]\./.test(file.slice(webRoot.length));
  if (inside && existsSync(file) && statSync(file).isFile()) return file;
  const isPage = accept.includes('text/html') && !/\.\w{1,8}$/.test(path);
  const start = join(webRoot, 'index.html');
  return isPage && existsSync(start) ? start : undefined;
}

export async function startFakeApi(options: FakeApiOptions = {}): Promise<FakeApi> {
  const webRoot = options.webRoot ?? DIST;
  const state = fakeState(options.nowMs ?? FAKE_NOW_MS, options.empty);
  const handlers = fakeHandlers(state);
  const routes = compileRoutes();
  const requests: string[] = [];
  const streams = new Map<ServerResponse, EventQuery>();
  let cookieName = '';

  function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...SECURITY_HEADERS });
    response.end(body);
  }

  function emit(name: HintName, data: unknown): void {
    for (const response of streams.keys())
      response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function authorize(request: IncomingMessage, route: Route): FakeSession | undefined {
    const session = state.sessions.get(cookieValue(request, cookieName));
    if (route.access === 'public') return session;
    if (session === undefined) throw new ApiError('GC_UNAUTHENTICATED', 'sign in first');
    if (route.method !== 'GET' && request.headers['x-csrf-token'] !== session.csrfToken) {
      throw new ApiError('GC_CSRF', 'the header x-csrf-token does not match the session');
    }
    if (RANK[session.user.role] < RANK[route.access]) {
      throw new ApiError('GC_FORBIDDEN', `this needs the role ${route.access}`);
    }
    return session;
  }

  function openStream(response: ServerResponse, filter: AlertFilter): void {
    response.writeHead(200, {
      ...SECURITY_HEADERS,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.write('retry: 2000\n: connected\n\n');
    streams.set(response, eventQuery(filter, state.nowMs));
    response.on('close', () => streams.delete(response));
  }

  async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const found = routes.find(
      ({ route, pattern }) => route.method === request.method && pattern.test(url.pathname),
    );
    if (found === undefined) throw new ApiError('GC_NOT_FOUND', 'there is nothing at this address');
    const { name, route } = found;
    const session = authorize(request, route);
    if (state.failing.has(name)) throw new Error('made to fail by a test');
    const query = found.query(queryRecord(url.searchParams));
    if (name === 'streamEvents') {
      openStream(response, query);
      return;
    }
    const sent = await text(request);
    const body = found.body?.(sent === '' ? undefined : (JSON.parse(sent) as unknown));
    const values = (found.pattern.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
    const answer = handlers[name]({
      params: Object.fromEntries(found.names.map((each, at) => [each, values[at] ?? ''])),
      query,
      body,
      session,
      token: cookieValue(request, cookieName),
      setCookie(token) {
        const age = token === '' ? '; Max-Age=0' : '';
        response.setHeader('set-cookie', `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict${age}`);
      },
      hint: emit,
    });
    const isChinese = acceptedLanguage(request) === 'zh-CN';
    const result = isChinese ? inChinese(name, answer) : answer;
    if (route.status === 204) response.writeHead(204, SECURITY_HEADERS).end();
    else send(response, route.status, 'application/json; charset=utf-8', JSON.stringify(result));
  }

  function serveFile(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const file = staticFile(webRoot, url.pathname, request.headers.accept ?? '');
    if (file === undefined) throw new ApiError('GC_NOT_FOUND', 'there is nothing at this address');
    response.setHeader(
      'cache-control',
      file.includes(`${sep}assets${sep}`) ? 'max-age=31536000' : 'no-cache',
    );
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      ...SECURITY_HEADERS,
    });
    response.end(readFileSync(file));
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const isApi = url.pathname.startsWith('/api/');
    if (isApi) requests.push(`${request.method ?? ''} ${url.pathname}${url.search}`);
    const work = isApi ? answer(request, response, url) : Promise.try(serveFile, request, response, url);
    work.catch((thrown: unknown) => {
      const { problem: told } = problemOf(thrown, url.pathname, `fake-${requests.length}`);
      const problem = acceptedLanguage(request) === 'zh-CN' ? problemInChinese(told) : told;
      send(response, problem.status, 'application/problem+json; charset=utf-8', JSON.stringify(problem));
    });
  });
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  cookieName = `guardcell_session_${port}`;
  state.url = `http://127.0.0.1:${port}`;

  return {
    url: state.url,
    state,
    requests,
    emitAlert(rule = 'Account file written in container') {
      const newestMs = Date.parse(state.alerts[0]?.time ?? new Date(state.nowMs - 60_000).toISOString());
      const alert = freshAlert(state.containers, rule, newestMs + 1000, state.nextNumber++);
      state.alerts = [alert, ...state.alerts];
      const message = `id: ${alert.id}\nevent: alert\ndata: ${JSON.stringify(alert)}\n\n`;
      for (const [response, query] of streams) if (matchesQuery(alert, query)) response.write(message);
      return alert;
    },
    emit,
    streams: () => streams.size,
    async [Symbol.asyncDispose]() {
      for (const response of streams.keys()) response.end();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

// `node tests/e2e/support/fake-api.ts [port]`: for working on the console; data is as of now.
if (import.meta.main) {
  const port = Number(process.argv[2] ?? 8099);
  const fake = await startFakeApi({ port, nowMs: Date.now() });
  console.log(`ready ${fake.url}`);
  for (const { name, password } of fake.state.users) console.log(`  ${name}: ${password}`);
}
