// The public HTTP server before its routes: identification of callers, protections, problems, headers.
import cookie from '@fastify/cookie';
import { type Clock, type Logger, randomSecret } from '@guardcell/kit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { addressKey } from '../auth/address-key.ts';
import type { Authenticator } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import { createTokenBuckets } from '../auth/token-bucket.ts';
import { ApiError } from '../errors.ts';
import { acceptedLanguage, tellLanguage } from '../language/accepted-language.ts';
import { problemInChinese } from '../language/problem-in-chinese.ts';
import { problemOf } from './problem.ts';
import { SECURITY_HEADERS } from './security.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | undefined;
    /** What a write is about, when its path does not say so; for the audit trail. */
    auditSubject: string | undefined;
  }
}

export interface HttpCounters {
  /** By status class: `2xx`, `4xx` … */
  readonly answers: Record<string, number>;
  seconds: number;
}

export interface AppOptions {
  readonly auth: () => Authenticator;
  readonly cookieName: () => string;
  readonly checkHost: (header: string | undefined) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counters: HttpCounters;
}

const BODY_MAX_BYTES: number = 5 * 1024 * 1024;
/** Calls to the API by nobody: enough for a sign-in page, not for a search of keys. */
const ANONYMOUS = { burst: 60, perSecond: 5, maxKeys: 10_000 };
/** Calls by one session or key: far more than the console makes, too few to keep the store from its work. */
const KNOWN = { burst: 1000, perSecond: 100, maxKeys: 10_000 };
/** Idle connections cost memory and descriptors. */
const MAX_CONNECTIONS = 4000;

function sendProblem(request: FastifyRequest, reply: FastifyReply, thrown: unknown, logger: Logger): void {
  const {
    problem: told,
    retryAfterSeconds,
    unexpected,
  } = problemOf(thrown, request.url.split('?')[0] ?? '', request.id);
  const language = acceptedLanguage(request);
  const problem = language === 'zh-CN' ? problemInChinese(told) : told;
  if (unexpected) {
    const stack = thrown instanceof Error ? thrown.stack : String(thrown);
    logger.error('a request failed', { requestId: request.id, path: problem.instance, stack });
  }
  if (retryAfterSeconds > 0) void reply.header('retry-after', String(retryAfterSeconds));
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  tellLanguage(reply, language);
  void reply
    .code(problem.status)
    // Set here too: a request that the framework itself refuses passes no hook.
    .headers(SECURITY_HEADERS)
    .header('x-request-id', request.id)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem));
}

function isApi(url: string): boolean {
  return url.startsWith('/api/');
}

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { logger, counters } = options;
  const anonymous = createTokenBuckets({ ...ANONYMOUS, clock: options.clock });
  const known = createTokenBuckets({ ...KNOWN, clock: options.clock });
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_MAX_BYTES,
    routerOptions: { maxParamLength: 600 },
    requestTimeout: 60_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    genReqId: () => randomSecret(9),
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, error, logger),
    onProtoPoisoning: 'error',
  });
  await app.register(cookie);
  app.decorateRequest('principal');
  app.decorateRequest('auditSubject');
  app.server.maxConnections = MAX_CONNECTIONS;
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Clients may name the type and send nothing, as with DELETE.
    if (body === '') done(null, undefined);
    else void parseJson(request, body, done);
  });
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error, logger));

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    if (isApi(request.url)) reply.header('cache-control', 'no-store');
    options.checkHost(request.headers.host);
    request.principal = await options.auth().identify(request.headers, request.cookies[options.cookieName()]);
    const { principal } = request;
    // Whoever holds the local token owns this machine.
    if (!isApi(request.url) || principal?.kind === 'local') return;
    const wait =
      principal === undefined ? anonymous.take(addressKey(request.ip)) : known.take(principal.sessionId);
    if (wait === 0) return;
    const message = principal === undefined ? 'too many requests without signing in' : 'too many requests';
    throw new ApiError('GC_RATE_LIMITED', message, { retryAfterSeconds: wait });
  });
  app.addHook('onResponse', async (_request, reply) => {
    const group = `${Math.floor(reply.statusCode / 100)}xx`;
    counters.answers[group] = (counters.answers[group] ?? 0) + 1;
    counters.seconds += reply.elapsedTime / 1000;
  });
  return app;
}
