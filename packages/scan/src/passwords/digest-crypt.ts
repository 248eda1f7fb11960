// Password hashes that are a digest taken many times. Spec: Poul-Henning Kamp's md5crypt; Ulrich Drepper's "Unix crypt using
// SHA-256 and SHA-512".
import { hash } from 'node:crypto';
import { lettersOf } from './crypt-letters.ts';

type Digest = (bytes: Buffer) => Buffer;

const md5: Digest = (bytes) => hash('md5', bytes, 'buffer');

/** Bytes in the given order, in groups of three, six bits a letter, the lowest first. */
function encode(bytes: Buffer, groups: readonly (readonly number[])[]): string {
  return groups
    .map((group) => {
      const value = group.reduce((sum, at) => (sum << 8) | (at < 0 ? 0 : (bytes[at] ?? 0)), 0);
      const letters = [0, 2, 3, 4][group.filter((at) => at >= 0).length] ?? 0;
      return lettersOf(value, letters);
    })
    .join('');
}

function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes.length === 0 ? 0 : bytes);
}

const MD5_GROUPS = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
  [-1, -1, 11],
];

/** The 22 letters after the salt of `$1$salt$`. */
export function md5crypt(password: string, salt: string): string {
  const word = Buffer.from(password);
  const grain = Buffer.from(salt);
  const inner = md5(Buffer.concat([word, grain, word]));
  const parts = [word, Buffer.from('$1$'), grain, repeated(inner, word.length)];
  for (let bits = word.length; bits > 0; bits >>>= 1)
    parts.push((bits & 1) === 1 ? Buffer.alloc(1) : word.subarray(0, 1));
  let result = md5(Buffer.concat(parts));
  for (let round = 0; round < 1000; round++) {
    const pieces = [
      (round & 1) === 1 ? word : result,
      ...(round % 3 === 0 ? [] : [grain]),
      ...(round % 7 === 0 ? [] : [word]),
      (round & 1) === 1 ? result : word,
    ];
    result = md5(Buffer.concat(pieces));
  }
  return encode(result, MD5_GROUPS);
}

/** Group `i` begins with byte `i`, turned so that every third begins with another of its bytes. */
function turnedGroups(count: number, direction: 1 | 2): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, i) => {
    const group = [i, i + count, i + 2 * count];
    const by = (i * direction) % 3;
    return [...group.slice(by), ...group.slice(0, by)];
  });
}

const SHA256_GROUPS = [...turnedGroups(10, 2), [-1, 31, 30]];
const SHA512_GROUPS = [...turnedGroups(21, 1), [-1, -1, 63]];

/** The letters after the salt of `$5$salt$` and `$6$salt$`. */
export function shaCrypt(name: 'sha256' | 'sha512', password: string, salt: string, rounds: number): string {
  const digest: Digest = (bytes) => hash(name, bytes, 'buffer');
  const word = Buffer.from(password);
  const grain = Buffer.from(salt);
  const b = digest(Buffer.concat([word, grain, word]));
  const parts = [word, grain, repeated(b, word.length)];
  for (let bits = word.length; bits > 0; bits >>>= 1) parts.push((bits & 1) === 1 ? b : word);
  let result = digest(Buffer.concat(parts));
  const words = repeated(digest(Buffer.concat(Array.from({ length: word.length }, () => word))), word.length);
  const count = 16 + (result[0] ?? 0);
  const grains = repeated(digest(Buffer.concat(Array.from({ length: count }, () => grain))), grain.length);
  for (let round = 0; round < rounds; round++) {
    const isOdd = (round & 1) === 1;
    const pieces = [
      isOdd ? words : result,
      ...(round % 3 === 0 ? [] : [grains]),
      ...(round % 7 === 0 ? [] : [words]),
      isOdd ? result : words,
    ];
    result = digest(Buffer.concat(pieces));
  }
  return encode(result, name === 'sha256' ? SHA256_GROUPS : SHA512_GROUPS);
}
