// The text of a yescrypt hash: `$y$`, numbers of one letter or more, `$`, the salt, `$`, the hash. Spec: yescrypt 1.1.
import { decodeLetters, letterValue } from './crypt-letters.ts';
import type { YescryptSetting } from './yescrypt.ts';

interface Reading {
  readonly value: number;
  readonly rest: string;
}

/** A number of as many letters as its first one says, counted from `least`. */
function readNumber(text: string, least: number): Reading | undefined {
  const first = letterValue(text[0]);
  if (first < 0) return undefined;
  let [start, end, more, value] = [0, 47, 0, least];
  while (first > end) {
    value += (end + 1 - start) * 2 ** (6 * more);
    start = end + 1;
    end = start + Math.floor((62 - end) / 2);
    more++;
  }
  value += (first - start) * 2 ** (6 * more);
  for (let i = 1; i <= more; i++) {
    const six = letterValue(text[i]);
    if (six < 0) return undefined;
    value += six * 2 ** (6 * (more - i));
  }
  return { value, rest: text.slice(1 + more) };
}

/** YESCRYPT_RW_DEFAULTS, by which all are made. */
const USUAL_FLAVOUR = 47;

/** What a hash says in front of its last `$`. */
export interface YescryptText {
  readonly setting: YescryptSetting;
  readonly salt: Uint8Array;
  /** All of it. */
  readonly prefix: string;
}

/** `kind`: of another flavour than the usual one, or with a part that is not known here; undefined for other text. */
export function readYescryptText(kept: string): YescryptText | 'kind' | undefined {
  const found = /^(\$y\$([./0-9A-Za-z]{3,40})\$([./0-9A-Za-z]{0,86})\$)/.exec(kept);
  if (found === null) return undefined;
  const [, prefix = '', parameters = '', saltText = ''] = found;
  const flavour = readNumber(parameters, 0);
  const logN = flavour && readNumber(flavour.rest, 1);
  const r = logN && readNumber(logN.rest, 1);
  const salt = decodeLetters(saltText);
  if (flavour === undefined || logN === undefined || r === undefined || salt === undefined) return undefined;
  const more = readMore(r.rest);
  if (more === undefined) return undefined;
  if (more === 'kind' || flavour.value !== USUAL_FLAVOUR) return 'kind';
  const setting = { n: 2 ** logN.value, r: r.value, ...more };
  return { setting, salt, prefix };
}

/** Lanes and time. What comes after them is of hashes that a server made anew, and of read-only memory. */
function readMore(text: string): { readonly p: number; readonly t: number } | 'kind' | undefined {
  if (text === '') return { p: 1, t: 0 };
  const have = readNumber(text, 1);
  if (have === undefined) return undefined;
  if (have.value > 3) return 'kind';
  const p = (have.value & 1) !== 0 ? readNumber(have.rest, 2) : { value: 1, rest: have.rest };
  const t = p && ((have.value & 2) !== 0 ? readNumber(p.rest, 1) : { value: 0, rest: p.rest });
  return p === undefined || t === undefined || t.rest !== '' ? undefined : { p: p.value, t: t.value };
}
