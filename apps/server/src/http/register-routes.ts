// Registers every route of the contract: access, CSRF and validation come from its entry, the work from its handler.
import { ROUTES, type Route, type RouteName } from '@guardcell/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { auditFactOf } from '../audit/audit-request.ts';
import type { AuditFact } from '../audit/audit-trail.ts';
import { checkCsrf } from '../auth/authenticate.ts';
import { allows, type Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import { bodyCheck, queryCheck } from './validation.ts';

/** One checked call of a route. */
export interface Call<Query = unknown, Body = unknown> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Public routes get an anonymous one. */
  readonly principal: Principal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Recorder = (fact: AuditFact) => Promise<void>;

/** What it returns is the JSON answer; undefined means no content, or that the handler has answered itself. */
export type Handler = (call: Call<never, never>) => Promise<unknown>;
export type Handlers = Readonly<Record<RouteName, Handler>>;

const NOBODY: Principal = {
  name: '',
  role: 'viewer',
  kind: 'user',
  sessionId: '',
  csrfToken: '',
  expiresAt: '',
};

/** @throws ApiError GC_UNAUTHENTICATED, GC_FORBIDDEN, GC_CSRF. */
export function authorize(request: FastifyRequest, access: Route['access']): Principal {
  if (access === 'public') return request.principal ?? NOBODY;
  const { principal } = request;
  if (principal === undefined) {
    throw new ApiError('GC_UNAUTHENTICATED', 'this needs a session or an API key', {
      hint: 'Sign in, or send an API key as `Authorization: Bearer …`.',
    });
  }
  if (!allows(principal.role, access)) {
    throw new ApiError('GC_FORBIDDEN', `this needs the role ${access}; yours is ${principal.role}`);
  }
  const header = request.headers['x-csrf-token'];
  checkCsrf(principal, request.method, typeof header === 'string' ? header : undefined);
  return principal;
}

function register(app: FastifyInstance, name: RouteName, handler: Handler, record: Recorder): void {
  const route: Route = ROUTES[name];
  const checkQuery = queryCheck(route.query);
  const checkBody = route.body === undefined ? undefined : bodyCheck(route.body);
  const isStream = route.produces !== undefined;
  app.route({
    method: route.method,
    // A HEAD of a stream would hold the stream open and show nothing.
    exposeHeadRoute: route.method === 'GET' && !isStream,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    // What was done, or refused, is on record before the caller hears of it.
    ...(route.method !== 'GET' && {
      onSend: async (request, reply, payload) => {
        const fact = auditFactOf(name, request, reply, payload);
        if (fact !== undefined) await record(fact);
        return payload;
      },
    }),
    // Before the body is read: who may not call this does not get to send megabytes.
    onRequest: async (request) => void authorize(request, route.access),
    handler: async (request, reply) => {
      const call = {
        params: request.params as Readonly<Record<string, string>>,
        query: checkQuery(request.query as Readonly<Record<string, unknown>>),
        body: checkBody?.(request.body),
        principal: request.principal ?? NOBODY,
        request,
        reply,
      };
      const answer = await handler(call as Call<never, never>);
      if (isStream) return reply;
      void reply.code(route.status);
      if (route.response === undefined) return reply.send();
      return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer));
    },
  });
}

export function registerRoutes(app: FastifyInstance, handlers: Handlers, record: Recorder): void {
  for (const name of Object.keys(ROUTES) as RouteName[]) register(app, name, handlers[name], record);
}
