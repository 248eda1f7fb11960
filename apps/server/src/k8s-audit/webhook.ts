// POST /k8s-audit: where API servers send their audit events. A key made for that, a bound on everything, one worker.
import { BlockList, isIP } from 'node:net';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { CodedError } from '@guardcell/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressKey } from '../auth/address-key.ts';
import { mayIngestAudit } from '../auth/principal.ts';
import { createTokenBuckets } from '../auth/token-bucket.ts';
import { ApiError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { AlertStream } from './alert-stream.ts';
import type { AuditEvaluator, BatchResult } from './evaluator.ts';

const WEBHOOK_PATH = '/k8s-audit';
/** The API server sends up to 400 events at once; each may hold an object of 1.5 MiB twice, and rarely does. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const RETRY_SECONDS = 2;
/** Attempts without a good key from one address. */
const STRANGERS = { burst: 30, perSecond: 1, maxKeys: 10_000 };

const unzip = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/** Which addresses may send events; empty: any. @throws CodedError GC_USAGE for what is no address or network. */
function clientList(allowed: readonly string[]): (address: string) => boolean {
  if (allowed.length === 0) return () => true;
  const list = new BlockList();
  for (const entry of allowed) {
    const [address = '', bits, ...more] = entry.split('/');
    const version = isIP(address);
    const size = version === 6 ? 128 : 32;
    const valid = version !== 0 && more.length === 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
    if (!valid || Number(bits ?? 0) > size) {
      throw new CodedError('GC_USAGE', `'${entry}' is neither an address nor a network`, {
        hint: 'Write 10.0.0.7, 10.0.0.0/8 or fd00::/8.',
      });
    }
    list.addSubnet(address, Number(bits ?? size), version === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
    const plain = mapped ?? address;
    return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  };
}

async function decoded(body: Uint8Array, encoding: string | undefined): Promise<Uint8Array> {
  const name = (encoding ?? 'identity').toLowerCase();
  if (name === 'identity' || name === '') return body;
  if (name !== 'gzip' && name !== 'deflate') {
    throw new ApiError('GC_UNSUPPORTED_MEDIA_TYPE', `the content encoding ${name.slice(0, 40)} is not known`);
  }
  try {
    return await unzip[name](body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    const tooLarge = cause instanceof RangeError;
    throw new ApiError(
      tooLarge ? 'GC_BODY_TOO_LARGE' : 'GC_INVALID_REQUEST',
      tooLarge ? 'the body is too large' : 'the body cannot be decompressed',
      { cause },
    );
  }
}

function answer(result: BatchResult, reply: FastifyReply): FastifyReply {
  switch (result.state) {
    case 'stored': {
      const { counts } = result;
      const read = counts.events + counts.duplicates + counts.ignored;
      if (counts.unreadable > 0 && read === 0) {
        throw new ApiError('GC_INVALID_REQUEST', 'the body is neither an audit event nor a list of them', {
          hint: 'Send an Event or EventList of audit.k8s.io, as kube-apiserver does.',
        });
      }
      return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(counts));
    }
    case 'full':
      throw new ApiError('GC_RATE_LIMITED', 'too many audit events are waiting', {
        retryAfterSeconds: RETRY_SECONDS,
      });
    case 'busy':
      throw new ApiError('GC_STORE_IO', 'the alerts cannot be stored now', {
        retryAfterSeconds: RETRY_SECONDS,
      });
    case 'stopping':
      throw new ApiError('GC_STOPPING', 'the server is stopping', { retryAfterSeconds: RETRY_SECONDS });
    case 'refused':
      throw new ApiError('GC_INVALID_REQUEST', 'the events could not be evaluated');
  }
}

/**
 * API servers send the token of their configuration only over https. Over http they take name and password out of the
 * address: there the key is the password.
 */
function basicPassword(header: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]{1,400}) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

export interface WebhookDeps {
  readonly platform: Platform;
  readonly evaluator: AuditEvaluator;
  readonly stream: AlertStream;
  /** Addresses and networks that may send events; empty: any. */
  readonly clients: readonly string[];
}

/** The answer 200 means: evaluated, and every alert is durable. */
export async function registerWebhook(app: FastifyInstance, deps: WebhookDeps): Promise<void> {
  const { platform, evaluator, stream } = deps;
  const isClient = clientList(deps.clients);
  const strangers = createTokenBuckets({ ...STRANGERS, clock: platform.clock });

  async function admit(request: FastifyRequest): Promise<void> {
    if (!isClient(request.ip)) {
      throw new ApiError('GC_FORBIDDEN', 'audit events are not taken from this address');
    }
    const key = basicPassword(request.headers.authorization);
    const principal = key === undefined ? request.principal : await platform.apiKeys.find(key);
    if (principal !== undefined && principal.kind !== 'user' && mayIngestAudit(principal)) return;
    const wait = strangers.take(addressKey(request.ip));
    if (wait > 0) {
      throw new ApiError('GC_RATE_LIMITED', 'too many requests without a good key', {
        retryAfterSeconds: wait,
      });
    }
    if (principal === undefined) {
      throw new ApiError('GC_UNAUTHENTICATED', 'audit events need an API key', {
        hint: 'Make one with `guardcell k8s audit-config`, and send it as `Authorization: Bearer …`.',
      });
    }
    throw new ApiError('GC_FORBIDDEN', 'this needs an API key with the role audit-ingest');
  }

  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.post(
      WEBHOOK_PATH,
      { bodyLimit: MAX_BODY_BYTES, onRequest: async (request) => admit(request) },
      async (request, reply) => {
        const { body } = request;
        if (!(body instanceof Uint8Array) || body.length === 0) {
          throw new ApiError('GC_INVALID_REQUEST', 'the body is empty');
        }
        const bytes = await decoded(body, request.headers['content-encoding']);
        const result = await evaluator.submit({
          form: 'document',
          bytes,
          store: (alerts) => stream.store(alerts),
        });
        if (result.state === 'refused') {
          const nowMs = platform.clock.nowMs();
          await stream.gap(nowMs, nowMs, 'audit-batch-failed', -1);
        }
        return answer(result, reply);
      },
    );
    done();
  });
}
