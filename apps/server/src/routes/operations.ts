// What operators' tools ask: alive, ready, metrics, the API's description.
import { openApiDocument } from '@guardcell/contract';
import { isLoopback } from '@guardcell/kit';
import type { FastifyInstance } from 'fastify';
import { authorize } from '../http/register-routes.ts';
import { metricsText } from '../metrics.ts';
import type { Platform } from '../platform.ts';

/** Why the platform is not ready yet; empty when it is. */
async function unreadyReasons(platform: Platform): Promise<string[]> {
  const reasons: string[] = [];
  const stats = await platform.events.stats().catch(() => undefined);
  if (stats === undefined || stats.state === 'failed') reasons.push('the event store cannot be used');
  if (platform.library.policy() === undefined) reasons.push('the rules have not been read');
  if (platform.options.expectAgent === true && !platform.desired.delivered()) {
    reasons.push('no agent has the policy yet');
  }
  return reasons;
}

export function registerOperations(app: FastifyInstance, platform: Platform): void {
  const document = JSON.stringify(openApiDocument(platform.options.version));
  app.get('/openapi.json', async (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(document),
  );
  app.get('/healthz', async (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send('{"status":"ok"}'),
  );
  app.get('/readyz', async (_request, reply) => {
    const reasons = await unreadyReasons(platform);
    const body = { status: reasons.length === 0 ? 'ready' : 'not ready', reasons };
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(body));
  });
  app.get('/metrics', async (request, reply) => {
    // On loopback whoever can ask is on this machine, unless a proxy stands in front; else a key of a viewer is needed.
    const { host, publicUrl } = platform.options;
    if (!isLoopback(host) || publicUrl !== undefined) authorize(request, 'viewer');
    return reply
      .header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      .send(await metricsText(platform));
  });
}
