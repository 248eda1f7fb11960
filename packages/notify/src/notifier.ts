// Delivers notifications: check, sign, send, try again.
import { setTimeout as wait } from 'node:timers/promises';
import { type AttemptOutcome, attempt } from './attempt.ts';
import { DEFAULT_NOTIFIER_LIMITS, delayMs, isTransient, retryAfterMs } from './backoff.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import { CONTENT_TYPE, envelopeOf } from './envelope.ts';
import { checkedAddresses, systemResolve } from './resolve.ts';
import { readSecretFile, type SecretResult } from './secret-file.ts';
import { signatureOf } from './signature.ts';
import type {
  DeliveryResult,
  Notifier,
  NotifierLimits,
  NotifierOptions,
  NotifyDelivery,
  NotifyErrorCode,
} from './types.ts';

interface Setup extends NotifierOptions {
  readonly all: NotifierLimits;
}

/** One delivery on its way. */
interface Journey {
  readonly delivery: NotifyDelivery;
  readonly endpoint: Endpoint;
  readonly body: string;
  readonly key: Uint8Array | undefined;
  readonly startedMs: number;
  readonly signal: AbortSignal;
}

type Failure = Extract<DeliveryResult, { readonly ok: false }>;

function failure(code: NotifyErrorCode, detail: string, attempts = 0, status = 0): Failure {
  return { ok: false, code, detail, attempts, status };
}

function headersOf(setup: Setup, { delivery, body, key }: Journey): Record<string, string> {
  const timestamp = String(Math.floor(setup.clock.nowMs() / 1000));
  const headers: Record<string, string> = {
    'content-type': delivery.content?.type ?? CONTENT_TYPE,
    'user-agent': 'guardcell-notify/1',
    'webhook-id': delivery.id,
    'webhook-timestamp': timestamp,
  };
  if (key !== undefined)
    headers['webhook-signature'] = signatureOf(key, { id: delivery.id, timestamp, body });
  return headers;
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new Error('aborted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

async function addressesOf(
  setup: Setup,
  { endpoint, delivery }: Journey,
  signal: AbortSignal,
): Promise<AttemptOutcome | Awaited<ReturnType<typeof checkedAddresses>>> {
  const allow = [...setup.allow(), ...(delivery.allow ?? [])];
  const looking = checkedAddresses(endpoint, setup.resolve ?? systemResolve, allow);
  const addresses = await Promise.race([looking, whenAborted(signal)]);
  if (addresses.length > 0) return addresses;
  const detail = `${endpoint.label} is not a public address and is not in the list of allowed receivers.`;
  return { kind: 'failure', code: 'GC_NOTIFY_BLOCKED', detail, retry: false };
}

async function tryOnce(setup: Setup, journey: Journey): Promise<AttemptOutcome> {
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), setup.all.attemptTimeoutMs);
  const signal = AbortSignal.any([journey.signal, timer.signal]);
  const { label } = journey.endpoint;
  let outcome: AttemptOutcome;
  try {
    const addresses = await addressesOf(setup, journey, signal);
    if ('kind' in addresses) return addresses;
    outcome = await attempt({
      endpoint: journey.endpoint,
      addresses,
      headers: headersOf(setup, journey),
      body: journey.body,
      ca: setup.ca,
      maxResponseBytes: setup.all.maxResponseBytes,
      signal,
    });
  } catch {
    const detail = `${journey.endpoint.host} could not be resolved.`;
    outcome = { kind: 'failure', code: 'GC_NOTIFY_UNREACHABLE', detail, retry: true };
  } finally {
    clearTimeout(timeout);
  }
  if (outcome.kind === 'answer' || !signal.aborted) return outcome;
  return journey.signal.aborted
    ? { kind: 'failure', code: 'GC_NOTIFY_ABORTED', detail: 'The delivery was cancelled.', retry: false }
    : {
        kind: 'failure',
        code: 'GC_NOTIFY_TIMEOUT',
        detail: `${label} did not answer within ${setup.all.attemptTimeoutMs} ms.`,
        retry: true,
      };
}

function accepted(outcome: AttemptOutcome): outcome is Extract<AttemptOutcome, { readonly kind: 'answer' }> {
  return outcome.kind === 'answer' && outcome.status >= 200 && outcome.status < 300;
}

function asFailure(outcome: AttemptOutcome, label: string, attempts: number): Failure {
  if (outcome.kind === 'failure') return failure(outcome.code, outcome.detail, attempts);
  const { status } = outcome;
  const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return failure(
    'GC_NOTIFY_REJECTED',
    `${label} answered with status ${status}${redirect}.`,
    attempts,
    status,
  );
}

/** How long to wait before the next attempt, or undefined when there is none. */
function nextDelayMs(
  setup: Setup,
  journey: Journey,
  outcome: AttemptOutcome,
  attempts: number,
): number | undefined {
  const again = outcome.kind === 'answer' ? isTransient(outcome.status) : outcome.retry;
  if (!again || attempts >= setup.all.attempts) return undefined;
  const nowMs = setup.clock.nowMs();
  const asked = outcome.kind === 'answer' ? retryAfterMs(outcome.retryAfter, nowMs) : undefined;
  const delay = Math.max(asked ?? 0, delayMs(attempts, setup.all, setup.random ?? Math.random));
  return nowMs + delay - journey.startedMs > setup.all.totalMs ? undefined : delay;
}

async function travel(setup: Setup, journey: Journey): Promise<DeliveryResult> {
  const { endpoint, key, signal } = journey;
  for (let attempts = 1; ; attempts++) {
    const outcome = await tryOnce(setup, journey);
    if (accepted(outcome)) {
      const times = attempts === 1 ? '' : ` at attempt ${attempts}`;
      const detail = `Delivered to ${endpoint.label}${times} (status ${outcome.status}).`;
      return { ok: true, status: outcome.status, attempts, signed: key !== undefined, detail };
    }
    const failed = asFailure(outcome, endpoint.label, attempts);
    const delay = nextDelayMs(setup, journey, outcome, attempts);
    if (delay === undefined) return failed;
    setup.logger.debug('notification is tried again', { id: journey.delivery.id, code: failed.code, delay });
    try {
      await (setup.sleep ?? sleepFor)(delay, signal);
    } catch {
      return failure('GC_NOTIFY_ABORTED', 'The delivery was cancelled.', attempts, failed.status);
    }
  }
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}

async function prepareKey(setup: Setup, delivery: NotifyDelivery): Promise<SecretResult | undefined> {
  const path = delivery.secretFile ?? '';
  if (path === '') return undefined;
  const secret = await readSecretFile(path);
  if (secret.ok) {
    for (const problem of secret.warnings) {
      setup.logger.warn('secret of a notification is weakly protected', { rule: delivery.rule, problem });
    }
  }
  return secret;
}

async function deliver(setup: Setup, delivery: NotifyDelivery, signal: AbortSignal): Promise<DeliveryResult> {
  const parsed = parseEndpoint(delivery.url);
  if (!parsed.ok) return failure('GC_NOTIFY_URL', parsed.detail);
  const secret = await prepareKey(setup, delivery);
  if (secret?.ok === false) return failure('GC_NOTIFY_SECRET', secret.detail);
  return travel(setup, {
    delivery,
    endpoint: parsed.endpoint,
    body: delivery.content?.body ?? envelopeOf(delivery),
    key: secret?.key,
    startedMs: setup.clock.nowMs(),
    signal,
  });
}

/** A notifier; it holds no connections between deliveries and needs no closing. */
export function createNotifier(options: NotifierOptions): Notifier {
  const setup: Setup = { ...options, all: { ...DEFAULT_NOTIFIER_LIMITS, ...options.limits } };
  let inFlight = 0;
  return {
    deliver: async (delivery, signal) => {
      if (signal.aborted) return failure('GC_NOTIFY_ABORTED', 'The delivery was cancelled.');
      if (inFlight >= setup.all.maxInFlight) {
        return failure('GC_NOTIFY_BUSY', `${inFlight} notifications are already on their way.`);
      }
      inFlight += 1;
      try {
        const result = await deliver(setup, delivery, signal);
        if (!result.ok) {
          const { code, attempts, status } = result;
          setup.logger.warn('notification not delivered', { id: delivery.id, code, attempts, status });
        }
        return result;
      } finally {
        inFlight -= 1;
      }
    },
  };
}
