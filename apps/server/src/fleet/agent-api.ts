// The agents' side of the server: a Unix socket of its own, readable by its owner only, and a token besides.
import { chmod } from 'node:fs/promises';
import {
  type ActionResult,
  ActionResultSchema,
  type AgentUpdate,
  AgentUpdateSchema,
  BATCH_MAX_BYTES,
  BatchSchema,
  SCAN_UPLOAD_MAX_BYTES,
  type TrialAnswer,
  TrialAnswerSchema,
} from '@guardcell/contract';
import { type Clock, CodedError, type Logger, randomSecret, systemErrorCode } from '@guardcell/kit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { sameText } from '../auth/token-hash.ts';
import { ApiError } from '../errors.ts';
import { problemOf } from '../http/problem.ts';
import type { Ingest, RawBatch } from '../ingest/ingest.ts';
import type { ActionLog } from '../response/action-log.ts';
import type { AgentScans } from '../scanning/agent-scans.ts';
import type { DesiredFeed } from './desired-feed.ts';
import type { Fleet } from './fleet.ts';
import type { Trials } from './trials.ts';

export interface AgentApiDeps {
  readonly token: string;
  readonly ingest: Ingest;
  readonly fleet: Fleet;
  readonly desired: DesiredFeed;
  readonly actions: Pick<ActionLog, 'finish'>;
  readonly trials: Pick<Trials, 'answer'>;
  readonly scans: Pick<AgentScans, 'takeScan' | 'takeInUse' | 'admit'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An inventory of a large host is larger than a batch. */
const BODY_MAX_BYTES: number = 16 * 1024 * 1024;
const HEARTBEAT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const SENSOR = /^[A-Za-z0-9][\w.-]{0,99}$/;
/** A listener that takes nothing is cut off; it connects again and gets the whole state. */
const MAX_PENDING_BYTES: number = 64 * 1024 * 1024;

// Alerts are checked one by one, so that a single bad one does not hold up its stream for ever.
const checkEnvelope = Compile(
  Type.Object({ ...BatchSchema.properties, alerts: Type.Array(Type.Unknown(), { maxItems: 2000 }) }),
);
const checkUpdate = Compile(AgentUpdateSchema);
const checkResult = Compile(ActionResultSchema);
const checkTrial = Compile(TrialAnswerSchema);

function invalid(
  what: string,
  faults: readonly { readonly instancePath: string; readonly message: string }[],
): ApiError {
  const errors = faults.slice(0, 5).map(({ instancePath, message }) => ({ pointer: instancePath, message }));
  return new ApiError('GC_INVALID_REQUEST', `the ${what} is not valid`, { errors });
}

function batchRoute(app: FastifyInstance, { ingest }: AgentApiDeps): void {
  app.post<{ Params: { sensor: string; epoch: string } }>(
    '/agent/v1/streams/:sensor/:epoch/batches',
    { bodyLimit: BATCH_MAX_BYTES },
    async (request, reply) => {
      const { sensor } = request.params;
      const epoch = Number(request.params.epoch);
      if (!SENSOR.test(sensor) || !Number.isSafeInteger(epoch) || epoch < 0) throw invalid('address', []);
      if (!checkEnvelope.Check(request.body)) throw invalid('batch', checkEnvelope.Errors(request.body));
      const { status, ack, retryAfterMs } = await ingest.submit(sensor, epoch, request.body as RawBatch);
      return reply.code(status).send(JSON.stringify({ ack, retryAfterMs }));
    },
  );
}

function desiredRoute(app: FastifyInstance, { desired }: AgentApiDeps): void {
  app.get<{ Querystring: { sensor?: string } }>('/agent/v1/desired', async (request, reply) => {
    const response = reply.raw;
    reply.hijack();
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const write = (line: string): void => {
      if (response.writableLength > MAX_PENDING_BYTES) response.destroy();
      else response.write(line);
    };
    const listener = desired.listen(request.query.sensor ?? '', write);
    const heartbeat = setInterval(() => write('\n'), HEARTBEAT_MS);
    response.on('close', () => {
      clearInterval(heartbeat);
      listener.close();
    });
    // The headers alone tell the agent that it is connected, even before there is a policy.
    response.flushHeaders();
  });
}

function reportRoutes(app: FastifyInstance, { fleet, actions, desired, clock }: AgentApiDeps): void {
  app.post('/agent/v1/report', async (request, reply) => {
    if (!checkUpdate.Check(request.body)) throw invalid('report', checkUpdate.Errors(request.body));
    fleet.update(request.body as AgentUpdate);
    return reply.code(204).send();
  });
  app.post<{ Params: { id: string } }>('/agent/v1/actions/:id/result', async (request, reply) => {
    if (!checkResult.Check(request.body)) throw invalid('result', checkResult.Errors(request.body));
    const result = request.body as ActionResult;
    // Unknown or ended already: the agent may forget it all the same.
    await actions.finish(request.params.id, { ...result, finishedAtMs: clock.nowMs() });
    desired.changed();
    return reply.code(204).send();
  });
}

function trialRoute(app: FastifyInstance, { trials }: AgentApiDeps): void {
  app.post<{ Params: { id: string } }>('/agent/v1/trials/:id/answer', async (request, reply) => {
    if (!checkTrial.Check(request.body)) throw invalid('answer', checkTrial.Errors(request.body));
    trials.answer(request.params.id, request.body as TrialAnswer);
    return reply.code(204).send();
  });
}

/** Uploads are handed on as they come: what unpacks and checks them is another process. */
function scanRoutes(app: FastifyInstance, { scans }: AgentApiDeps): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    const take = { '/agent/v1/scans': scans.takeScan, '/agent/v1/in-use': scans.takeInUse };
    for (const [path, work] of Object.entries(take)) {
      scope.post(
        path,
        {
          bodyLimit: SCAN_UPLOAD_MAX_BYTES,
          // Before the body is read: so many megabytes are not held for nothing, however slowly they come.
          async preParsing(_request, reply) {
            const leave = scans.admit();
            if (leave === undefined) {
              throw new ApiError('GC_SCAN_BUSY', 'other uploads are being checked', { retryAfterSeconds: 2 });
            }
            reply.raw.once('finish', leave).once('close', leave);
          },
        },
        async (request, reply) => {
          const encoding = request.headers['content-encoding'] ?? 'identity';
          if (encoding !== 'gzip' && encoding !== 'identity') {
            throw new ApiError('GC_UNSUPPORTED_MEDIA_TYPE', 'the body must be plain or gzip');
          }
          await work(request.body as Buffer, encoding === 'gzip');
          return reply.code(204).send();
        },
      );
    }
  });
}

/** Listens on `socketPath` (mode 0600), which must be free. @throws CodedError GC_AGENT_SOCKET. */
export async function listenForAgents(deps: AgentApiDeps, socketPath: string): Promise<FastifyInstance> {
  const { logger } = deps;
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_MAX_BYTES,
    forceCloseConnections: true,
    keepAliveTimeout: 60_000,
    // A request comes from the same host: who takes longer must not keep others waiting.
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => randomSecret(9),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body));
    } catch (thrown) {
      done(thrown as Error);
    }
  });
  app.setErrorHandler((error, request: FastifyRequest, reply: FastifyReply) => {
    const { problem, unexpected } = problemOf(error, request.url, request.id);
    if (unexpected)
      logger.error('a call of an agent failed', { stack: error instanceof Error ? error.stack : '' });
    else
      logger.warn('a call of an agent was refused', {
        path: request.url,
        code: problem.code,
        errors: problem.errors,
      });
    return reply
      .code(problem.status)
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify(problem));
  });
  app.addHook('onRequest', async (request) => {
    const given = /^Bearer +(\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!sameText(given, deps.token)) throw new ApiError('GC_UNAUTHENTICATED', 'the agent token is wrong');
  });
  batchRoute(app, deps);
  desiredRoute(app, deps);
  reportRoutes(app, deps);
  trialRoute(app, deps);
  scanRoutes(app, deps);
  try {
    // The folder is private already; the mode says so to whoever looks.
    await app.listen({ path: socketPath });
    await chmod(socketPath, 0o600);
  } catch (cause) {
    throw new CodedError(
      'GC_AGENT_SOCKET',
      `the agent socket cannot be opened (${systemErrorCode(cause) ?? 'error'})`,
      {
        at: socketPath,
        cause,
        hint: 'Choose a data folder on a local file system, with --data.',
      },
    );
  }
  return app;
}
