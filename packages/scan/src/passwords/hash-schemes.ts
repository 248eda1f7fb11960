// What a kept password hash needs to try a word against it, and about how long that takes. Spec: crypt(5).
import { scryptSync } from 'node:crypto';
import { hashSync } from 'bcryptjs';
import { encodeLetters, letterValue } from './crypt-letters.ts';
import { md5crypt, shaCrypt } from './digest-crypt.ts';
import { memoryWords, yescrypt, yescryptWork } from './yescrypt.ts';
import { readYescryptText } from './yescrypt-text.ts';

/** A hash that words can be tried against. */
export interface HashTrial {
  /** About so many milliseconds for a word, on a machine of 2020. */
  readonly cost: number;
  /** The hash that the word would have. `memory` holds at least `words`. */
  readonly hashOf: (word: string, memory: Int32Array) => string;
  /** Of 32 bits. */
  readonly words: number;
}

/** Why no word is tried: we do not know the kind, or it would take too much memory or time. */
export type Untried = 'kind' | 'cost';

/** 64 MiB, and tables besides. */
const MAX_MEMORY_BYTES = 65 * 2 ** 20;
/** One word may take so long. */
const MAX_COST = 2000;

const MD5_COST = 2;
const SHA_COST_PER_ROUND = 0.002;
const BCRYPT_COST_PER_ROUND = 0.06;
/** For 128 bytes that are mixed once. */
const SCRYPT_COST = 0.00015;
const YESCRYPT_COST = 0.0012;
/** To fill the tables of a lane. */
const LANE_WORK = 200;
/** Lanes of yescrypt with fewer blocks are refused by crypt(3) too. */
const MIN_LANE_BLOCKS = 4;

type Read = (kept: string) => HashTrial | Untried | undefined;

function trial(cost: number, hashOf: HashTrial['hashOf'], words = 0): HashTrial | Untried {
  return cost > MAX_COST || words * 4 > MAX_MEMORY_BYTES ? 'cost' : { cost, hashOf, words };
}

const readMd5: Read = (kept) => {
  const salt = /^\$1\$([^$]{0,8})\$/.exec(kept)?.[1];
  return salt === undefined ? undefined : trial(MD5_COST, (word) => `$1$${salt}$${md5crypt(word, salt)}`);
};

const readSha: Read = (kept) => {
  const found = /^(\$([56])\$(?:rounds=(\d{4,9})\$)?([^$]{0,16})\$)/.exec(kept);
  if (found === null) return undefined;
  const [, prefix = '', kind, given, salt = ''] = found;
  const rounds = Number(given ?? 5000);
  const name = kind === '5' ? 'sha256' : 'sha512';
  return trial(rounds * SHA_COST_PER_ROUND, (word) => prefix + shaCrypt(name, word, salt, rounds));
};

/** `$2x$` is a kind with a fault in how letters beyond ASCII count. */
const readBcrypt: Read = (kept) => {
  const found = /^\$2[aby]\$(\d\d)\$[./0-9A-Za-z]{22}/.exec(kept);
  if (found === null) return undefined;
  const [setting, digits] = found;
  const rounds = 2 ** Number(digits);
  if (rounds < 16) return undefined;
  return trial(rounds * BCRYPT_COST_PER_ROUND, (word) => hashSync(word, setting));
};

/** `$7$`, one letter for N, five each for r and p, and the salt as it stands. */
const readScrypt: Read = (kept) => {
  const found = /^(\$7\$([./0-9A-Za-z])([./0-9A-Za-z]{5})([./0-9A-Za-z]{5})([^$]*)\$)/.exec(kept);
  if (found === null) return undefined;
  const [, prefix = '', letter, rText = '', pText = '', salt = ''] = found;
  const n = 2 ** letterValue(letter);
  const [r, p] = [fixedNumber(rText), fixedNumber(pText)];
  if (n < 4 || r < 1 || p < 1) return undefined;
  const maxmem = 2 * MAX_MEMORY_BYTES;
  const made = trial(
    n * r * p * 2 * SCRYPT_COST,
    (word) => prefix + encodeLetters(scryptSync(word, salt, 32, { N: n, r, p, maxmem })),
  );
  return 128 * n * r > MAX_MEMORY_BYTES ? 'cost' : made;
};

function fixedNumber(letters: string): number {
  return Array.from(letters, letterValue).reduce((sum, six, at) => sum + six * 2 ** (6 * at), 0);
}

const readYescrypt: Read = (kept) => {
  const read = readYescryptText(kept);
  if (read === undefined || read === 'kind') return read;
  const { setting, salt, prefix } = read;
  // Each lane has blocks of its own; the more of them, the fewer blocks for each.
  if (setting.n / setting.p < MIN_LANE_BLOCKS) return 'kind';
  return trial(
    (yescryptWork(setting) + setting.p * LANE_WORK) * YESCRYPT_COST,
    (word, memory) => prefix + encodeLetters(yescrypt(setting, word, salt, memory)),
    memoryWords(setting),
  );
};

const READERS: readonly Read[] = [readMd5, readSha, readYescrypt, readBcrypt, readScrypt];

/** What the kept hash is of; a reason where no word can be tried. */
export function trialOf(kept: string): HashTrial | Untried {
  for (const read of READERS) {
    const found = read(kept);
    if (found !== undefined) return found;
  }
  return 'kind';
}
