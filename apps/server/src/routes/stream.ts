// The live stream: server-sent events with resume, a server-side filter, heartbeats and bounds.
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertFilter } from '@guardcell/contract';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import type { Call, Handlers } from '../http/register-routes.ts';
import { SECURITY_HEADERS } from '../http/security.ts';
import { type LiveSink, sseMessage } from '../live/live-hub.ts';
import type { Platform } from '../platform.ts';
import { eventQuery } from './query.ts';

const HEARTBEAT_MS = 15_000;
export const STREAMS_PER_SESSION = 12;
/** However many sessions they open: one user must not take all the streams there are. */
export const STREAMS_PER_USER = 60;
const STREAMS_IN_ALL = 500;
const RECONNECT_MS = 2000;
const DRAIN_LOOK_MS = 20;
const GOODBYE_MS = 2000;

/** Writing to a response that has been ended would be an error that nobody catches. */
export function sinkOf(response: ServerResponse): LiveSink {
  return {
    pendingBytes: () => response.writableLength,
    write(message) {
      if (!response.writableEnded && !response.destroyed) response.write(message);
    },
    async drained() {
      // `drain` is only emitted after a refused write, so looking is the one way that always ends.
      while (response.writableLength > 0 && !response.destroyed)
        await sleep(DRAIN_LOOK_MS, undefined, { ref: false });
    },
  };
}

export function streamRoutes(platform: Platform): Pick<Handlers, 'streamEvents'> {
  /** By session and by user. */
  const counts = new Map<string, number>();
  let open = 0;

  function limitsOf({ kind, name, sessionId }: Principal): readonly (readonly [string, number])[] {
    return [
      [`session ${sessionId}`, STREAMS_PER_SESSION],
      [`${kind} ${name}`, STREAMS_PER_USER],
    ];
  }

  function take(principal: Principal): void {
    const limits = limitsOf(principal);
    if (limits.some(([key, max]) => (counts.get(key) ?? 0) >= max) || open >= STREAMS_IN_ALL) {
      throw new ApiError('GC_TOO_MANY_STREAMS', 'too many live streams are open', { retryAfterSeconds: 10 });
    }
    for (const [key] of limits) counts.set(key, (counts.get(key) ?? 0) + 1);
    open++;
  }

  function release(principal: Principal): void {
    for (const [key] of limitsOf(principal)) {
      const left = (counts.get(key) ?? 1) - 1;
      if (left === 0) counts.delete(key);
      else counts.set(key, left);
    }
    open--;
  }

  return {
    async streamEvents({ query, principal, request, reply }: Call<AlertFilter & { lastEventId?: string }>) {
      const header = request.headers['last-event-id'];
      const lastId = (typeof header === 'string' ? header : query.lastEventId) ?? '';
      const wanted = eventQuery(query, platform.clock.nowMs());
      const known = lastId === '' ? undefined : await platform.events.positionOf(lastId);
      take(principal);

      const response = reply.raw;
      reply.hijack();
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        'x-request-id': request.id,
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(`retry: ${RECONNECT_MS}\n: connected\n\n`);
      // What came after an alert that is no longer stored cannot be told from what came before.
      if (lastId !== '' && known === undefined)
        response.write(sseMessage('gap', JSON.stringify({ count: -1 })));
      const sink = sinkOf(response);
      const stream = platform.live.open(sink, wanted, known);
      function signedOut(): void {
        if (response.writableEnded) return;
        stream.close();
        response.end(sseMessage('status', JSON.stringify({ signedOut: true })));
        // A client that takes nothing would keep the stream, and what it has not read yet, for ever.
        setTimeout(() => response.destroy(), GOODBYE_MS).unref();
      }
      const heartbeat = setInterval(() => {
        if (response.writableLength === 0) sink.write(': heartbeat\n\n');
        void platform.auth
          .isStillValid(principal)
          .then((valid) => {
            if (!valid) signedOut();
          })
          .catch(() => undefined);
      }, HEARTBEAT_MS);
      let ended = false;
      function end(): void {
        if (ended) return;
        ended = true;
        clearInterval(heartbeat);
        stream.close();
        release(principal);
      }
      response.on('close', end);
      response.on('error', end);
      // The client may have gone while the store was asked.
      if (response.destroyed || request.raw.destroyed) end();
      return undefined;
    },
  };
}
