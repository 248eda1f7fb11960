// Ids and secrets from the system's random source.
import { randomBytes } from 'node:crypto';

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** 26 characters, sorts by creation time (ULID layout: 48-bit ms, 80 random bits), lower case. */
export function sortableId(nowMs: number): string {
  let time = '';
  let rest = Math.floor(nowMs);
  for (let i = 0; i < 10; i++) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let random = '';
  for (const byte of randomBytes(16)) random += CROCKFORD.charAt(byte % 32);
  return time + random;
}

/** `bytes` random bytes as URL-safe text; for passwords, tokens, keys. */
export function randomSecret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
