// Signatures of the Standard Webhooks specification (github.com/standard-webhooks/standard-webhooks), scheme v1.
import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'whsec_';
const DEFAULT_TOLERANCE_SECONDS = 300;

/** Bytes of a secret: Base64 behind `whsec_`, otherwise the text itself. */
export function secretKey(secret: string): Uint8Array {
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
}

export interface SignedParts {
  /** Header `webhook-id`. */
  readonly id: string;
  /** Header `webhook-timestamp`: seconds since 1970. */
  readonly timestamp: string;
  /** The body exactly as sent. */
  readonly body: string | Uint8Array;
}

/** The value of `webhook-signature`. */
export function signatureOf(key: Uint8Array, { id, timestamp, body }: SignedParts): string {
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return `v1,${mac.digest('base64')}`;
}

export interface VerifyInput extends SignedParts {
  readonly secret: string;
  /** Header `webhook-signature`: one or more signatures separated by spaces. */
  readonly signature: string;
  readonly nowMs: number;
  /** How old or how far in the future a request may be; default 300. */
  readonly toleranceSeconds?: number;
}

export type Verification =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'timestamp' | 'signature' };

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Verifies a received notification: for receivers written in TypeScript, and for tests. */
export function verifySignature(input: VerifyInput): Verification {
  const tolerance = input.toleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS;
  const seconds = /^\d{1,12}$/.test(input.timestamp) ? Number(input.timestamp) : Number.NaN;
  if (!(Math.abs(input.nowMs / 1000 - seconds) <= tolerance)) return { ok: false, reason: 'timestamp' };
  const wanted = signatureOf(secretKey(input.secret), input);
  const matches = input.signature.split(' ').some((given) => sameText(given, wanted));
  return matches ? { ok: true } : { ok: false, reason: 'signature' };
}
