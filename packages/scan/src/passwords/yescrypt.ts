// yescrypt, by which most distributions keep passwords today (`$y$`); it needs as much memory as the hash says. Without
// a read-only memory (ROM), which crypt(5) has not. Spec: yescrypt 1.1 by Solar Designer, with YESCRYPT_RW_DEFAULTS.
import { createHmac, hash, pbkdf2Sync } from 'node:crypto';
import { LANE_WORDS, laneOf } from './pwxform.ts';
import { fill, revisit, salsaMix, tableMix } from './scrypt-mix.ts';

export interface YescryptSetting {
  /** Blocks of memory, a power of two. */
  readonly n: number;
  /** Of 128 bytes: the size of a block. */
  readonly r: number;
  /** Lanes. */
  readonly p: number;
  /** More time without more memory. */
  readonly t: number;
}

const HASH_BYTES = 32;
/** From here on the password is hashed with a 64th of the memory first. */
const PREHASH_WORK = 0x20000;
const PREHASH_BLOCKS = 0x100;

function hmac(key: Uint8Array | string, text: Uint8Array | string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function pbkdf2(password: Uint8Array, salt: Uint8Array, bytes: number): Buffer {
  return pbkdf2Sync(password, salt, 1, bytes, 'sha256');
}

/** Little-endian, as all words of scrypt. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

function bytesOf(words: Int32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => view.setInt32(4 * i, word, true));
  return bytes;
}

/** How often so many blocks are visited again. */
function revisits(t: number, blocks: number): number {
  return t > 1 ? blocks * (t - 1) : Math.ceil(((t + 1) * blocks) / 3);
}

const even = (count: number): number => count + (count % 2);

/** Mixes `words` in place, and gives the password that goes on. */
function mixLanes(
  setting: YescryptSetting,
  words: Int32Array,
  password: Uint8Array,
  memory: Int32Array,
): Uint8Array {
  const { n, r, p, t } = setting;
  const size = 32 * r;
  const perLane = Math.floor(n / p);
  const all = revisits(t, perLane);
  const shared = memory.subarray(0, n * size);
  const writing = even(Math.floor(all / p));
  const chunk = perLane - (perLane % 2);
  let key = password;
  const lanes = Array.from({ length: p }, (_, i) => {
    const block = words.subarray(i * size, (i + 1) * size);
    const tables = memory.subarray(n * size + i * LANE_WORDS).subarray(0, LANE_WORDS);
    fill(block.subarray(0, 32), tables, salsaMix, false);
    const mix = tableMix(laneOf(tables));
    if (i === 0) key = hmac(bytesOf(block.subarray(-16)), key);
    const own = shared.subarray(i * chunk * size, i < p - 1 ? (i + 1) * chunk * size : shared.length);
    fill(block, own, mix, true);
    revisit(block, own, mix, writing, true);
    return { block, mix };
  });
  for (const { block, mix } of lanes) revisit(block, shared, mix, even(all) - writing, false);
  return key;
}

function derive(
  setting: YescryptSetting,
  password: Uint8Array,
  salt: Uint8Array,
  memory: Int32Array,
  isPrehash: boolean,
): Uint8Array {
  const key = hmac(isPrehash ? 'yescrypt-prehash' : 'yescrypt', password);
  const start = pbkdf2(key, salt, 128 * setting.r * setting.p);
  const words = wordsOf(start);
  const last = mixLanes(setting, words, start.subarray(0, HASH_BYTES), memory);
  const made = pbkdf2(last, bytesOf(words), HASH_BYTES);
  return isPrehash ? made : hash('sha256', hmac(made, 'Client Key'), 'buffer');
}

/** Words of memory that a setting needs: blocks, and tables of each lane. */
export function memoryWords({ n, r, p }: YescryptSetting): number {
  return n * r * 32 + p * LANE_WORDS;
}

/** How often 128 bytes are mixed. */
export function yescryptWork({ n, r, t }: YescryptSetting): number {
  return r * (n + revisits(t, n));
}

/** The 32 bytes of the hash. `memory` holds at least `memoryWords`; what it held before does not matter. */
export function yescrypt(
  setting: YescryptSetting,
  password: string,
  salt: Uint8Array,
  memory: Int32Array,
): Uint8Array {
  const { n, r, p } = setting;
  const bytes = Buffer.from(password);
  const perLane = Math.floor(n / p);
  const isLarge = perLane >= PREHASH_BLOCKS && perLane * r >= PREHASH_WORK;
  const first = isLarge ? derive({ ...setting, n: n / 64, t: 0 }, bytes, salt, memory, true) : bytes;
  return derive(setting, first, salt, memory, false);
}
