// Tells the same secret from another one, without keeping it: digests under a key that dies with the process.
import { createHmac, randomBytes } from 'node:crypto';

const KEY = randomBytes(32);

/** Of this process: digests that were made in another one cannot be compared with its own. */
export const DIGEST_SESSION: string = randomBytes(12).toString('base64url');

/** The same for the same secret found by the same rule, within this process. */
export function secretDigest(rule: string, secret: Uint8Array): string {
  return createHmac('sha256', KEY).update(rule).update('\0').update(secret).digest('base64');
}
