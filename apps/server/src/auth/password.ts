// Passwords: stored as scrypt hashes with their parameters, computed off the main thread and one at a time.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../errors.ts';

export interface ScryptCost {
  /** log2 of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** 64 MiB and two passes: OWASP's second recommended setting for scrypt. */
const STRONG_COST: ScryptCost = { logN: 16, r: 8, p: 2 };

const KEY_BYTES = 32;
/** Each waiting computation is one person at a sign-in form; more than this is an attack on memory and CPU. */
const MAX_WAITING = 32;

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Constant-time; takes as long for a user that does not exist (`stored` undefined). */
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

function derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  const N = 2 ** cost.logN;
  const options = { N, r: cost.r, p: cost.p, maxmem: 256 * N * cost.r };
  return new Promise((done, fail) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error === null ? done(key) : fail(error),
    );
  });
}

function parse(stored: string): { cost: ScryptCost; salt: Buffer; key: Buffer } | undefined {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (match === null) return undefined;
  const [logN = 0, r = 0, p = 0] = match.slice(1, 4).map(Number);
  const [salt = '', key = ''] = match.slice(4);
  return { cost: { logN, r, p }, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') };
}

/** Hashes as `$scrypt$ln=…,r=…,p=…$salt$key`; old hashes stay readable when the cost is raised. */
export function createPasswordHasher(cost: ScryptCost = STRONG_COST): PasswordHasher {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= MAX_WAITING) {
      throw new ApiError('GC_RATE_LIMITED', 'too many sign-ins at once', { retryAfterSeconds: 5 });
    }
    waiting++;
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      waiting--;
    }
  }

  return {
    hash: (password) =>
      oneAtATime(async () => {
        const salt = randomBytes(16);
        const key = await derive(password, salt, cost);
        const parameters = `ln=${cost.logN},r=${cost.r},p=${cost.p}`;
        return `$scrypt$${parameters}$${salt.toString('base64url')}$${key.toString('base64url')}`;
      }),
    verify: (password, stored) =>
      oneAtATime(async () => {
        const known = stored === undefined ? undefined : parse(stored);
        const key = await derive(password, known?.salt ?? randomBytes(16), known?.cost ?? cost);
        return known !== undefined && known.key.length === key.length && timingSafeEqual(known.key, key);
      }),
  };
}
