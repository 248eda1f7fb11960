// Structural checks: what a match must satisfy beyond its look to be a secret.
import { decodeBase64 } from './base64.ts';
import { base62, crc32 } from './crc32.ts';

/** `doubtful` findings are kept with low severity: they may be samples or of a format that has changed. */
export type Verdict = 'genuine' | 'doubtful' | 'bogus';

export type SecretCheck =
  | 'token-checksum'
  | 'aws-key-id'
  | 'jwt'
  | 'base64-pem'
  | 'docker-auth'
  | 'basic-auth'
  | 'mixed-alphabet'
  | 'password'
  | 'letters-and-digits';

const CHECKSUM_LENGTH = 6;

/** Tokens of GitHub and npm end in the CRC-32 of their random part, as six digits of base 62. */
function checkTokenChecksum(text: string): Verdict {
  const body = text.slice(text.indexOf('_') + 1);
  const random = body.slice(0, -CHECKSUM_LENGTH);
  return base62(crc32(random), CHECKSUM_LENGTH) === body.slice(-CHECKSUM_LENGTH) ? 'genuine' : 'doubtful';
}

function objectIn(base64: string): Readonly<Record<string, unknown>> | undefined {
  const text = decodeBase64(base64);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** Header and payload of a JSON Web Token are JSON objects, and the header names an algorithm that signs. */
function checkJwt(text: string): Verdict {
  const [header = '', payload = ''] = text.split('.');
  const algorithm = objectIn(header)?.['alg'];
  if (typeof algorithm !== 'string' || objectIn(payload) === undefined) return 'bogus';
  return algorithm.toLowerCase() === 'none' ? 'bogus' : 'genuine';
}

function checkCredentials(text: string): Verdict {
  const decoded = decodeBase64(text);
  if (decoded === undefined) return 'bogus';
  const colon = decoded.indexOf(':');
  const printable = /^[\x20-\x7e\u0080-\uffff]+$/.test(decoded);
  return colon > 0 && colon < decoded.length - 1 && printable ? 'genuine' : 'bogus';
}

function has(text: string, set: RegExp): boolean {
  return set.test(text);
}

function checkMixed(text: string): Verdict {
  return has(text, /[0-9]/) && has(text, /[a-z]/) && has(text, /[A-Z]/) ? 'genuine' : 'bogus';
}

function checkLettersAndDigits(text: string): Verdict {
  return has(text, /[0-9]/) && has(text, /[A-Za-z]/) ? 'genuine' : 'bogus';
}

/** Names of methods that stand where passwords stand in settings. */
const METHODS =
  /^(?:scram-sha-(?:1|256|512)(?:-plus)?|sha-?(?:1|224|256|384|512)|md[45]|crypt|bcrypt|argon2(?:id?)?|pbkdf2|base64|utf-?8)$/i;

/** `"@radix-ui/react-password-toggle-field": "0.1.4-rc.7"` */
const VERSION = /^[v^~<>=]{0,3}\d+\.\d+(?:\.\d+)?(?:[-+.][\w.+-]*)?$/;
/** What documentation writes in the place of one: `user:passwd`, `true|false`; a line of /etc/passwd. */
const STAND_IN =
  /^(?:user(?:name)?|login|pass(?:word|wd)?|pwd|host(?:name)?|port|\W)+$|^\w+(?:\|\w+)+$|^[\w-]+:[x*!]?:\d+:/i;

/** Names of variables, types and paths are not passwords; a password mixes kinds of characters. */
function checkPassword(text: string): Verdict {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
  const looksLikePath = /^(?:\/|\.\/|\.\.\/|~\/|[a-z]+:\/\/)/.test(text);
  const looksLikeCode =
    /[()]/.test(text) || /^!\w+$/.test(text) || /^[A-Za-z_]+(?:\.[A-Za-z_]+)+$/.test(text);
  if (
    looksLikePath ||
    looksLikeCode ||
    METHODS.test(text) ||
    VERSION.test(text) ||
    STAND_IN.test(text) ||
    kinds < 2 ||
    !/[0-9]|[^A-Za-z0-9_.-]/.test(text)
  )
    return 'bogus';
  return 'genuine';
}

/** What the check says of a matched secret. Total: hostile texts are `bogus`. */
export function verdictOf(check: SecretCheck, text: string): Verdict {
  switch (check) {
    case 'token-checksum':
      return checkTokenChecksum(text);
    case 'aws-key-id':
      // Account numbers are in there in base 32, so other digits do not occur.
      return /^[A-Z]{4}[A-Z2-7]{16}$/.test(text) ? 'genuine' : 'doubtful';
    case 'jwt':
      return checkJwt(text);
    case 'base64-pem':
      return decodeBase64(text)?.includes('PRIVATE KEY-----') === true ? 'genuine' : 'bogus';
    case 'docker-auth':
    case 'basic-auth':
      return checkCredentials(text);
    case 'mixed-alphabet':
      return checkMixed(text);
    case 'letters-and-digits':
      return checkLettersAndDigits(text);
    case 'password':
      return checkPassword(text);
  }
}
