// Makes texts that a rule must find, and texts that it must not, from its own pattern. Nothing secret lies in the repository.

import { parsePattern } from '../pattern/parse-pattern.ts';
import type { PatternNode } from '../pattern/pattern-node.ts';
import type { SecretRule } from '../rule.ts';
import { base62, crc32 } from '../validate/crc32.ts';

/** Pseudo-random numbers in [0, 1), the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Sample {
  text: string;
  secret: string | undefined;
}

/** Letters and digits are likelier than they would be: real keys hardly hold anything else. */
function anyOf(set: Uint8Array, random: () => number): string {
  const members = [...set.keys()].filter((byte) => set[byte] === 1 && byte >= 32 && byte < 127);
  const usual = members.filter((byte) => /[0-9A-Za-z]/.test(String.fromCharCode(byte)));
  const pool = usual.length > 0 ? usual : members.length > 0 ? members : [32];
  return String.fromCharCode(pool[Math.floor(random() * pool.length)] ?? 32);
}

function write(node: PatternNode, sample: Sample, random: () => number): void {
  switch (node.kind) {
    case 'literal':
      sample.text += String.fromCharCode(...node.bytes);
      return;
    case 'set':
      sample.text += anyOf(node.set, random);
      return;
    case 'sequence':
      for (const part of node.parts) write(part, sample, random);
      return;
    case 'choice':
      write(node.options[0] ?? { kind: 'boundary' }, sample, random);
      return;
    case 'repeat': {
      // Optional parts are left out, bodies are as short as allowed but long enough to look random.
      const wanted =
        node.min === 0 ? 0 : Math.max(node.min, node.of.kind === 'set' && node.max > 40 ? 40 : node.min);
      for (let count = 0; count < Math.min(wanted, node.max); count++) write(node.of, sample, random);
      return;
    }
    case 'capture': {
      const from = sample.text.length;
      write(node.of, sample, random);
      sample.secret = sample.text.slice(from);
      return;
    }
    case 'boundary':
  }
}

function base64(text: string): string {
  return btoa(text).replace(/=+$/, '');
}

function word(length: number, random: () => number): string {
  let text = '';
  const letters = 'ABCDEFGHJKMNPQRTUVWXYZabcdefghjkmnpqrtuvwxyz2346789';
  while (text.length < length) text += letters[Math.floor(random() * letters.length)] ?? 'a';
  return text;
}

/** Values of rules whose structure the pattern alone does not tell. */
function special(rule: SecretRule, random: () => number): Sample | undefined {
  const whole = (secret: string): Sample => ({ text: secret, secret });
  switch (rule.check) {
    case 'token-checksum': {
      const prefix = rule.pattern.slice(0, rule.pattern.indexOf('_') + 1);
      const body = word(30, random);
      return whole(prefix + body + base62(crc32(body), 6));
    }
    case 'aws-key-id':
      return whole(
        `AKIA${word(16, random)
          .toUpperCase()
          .replace(/[0189]/g, 'Q')}`,
      );
    case 'jwt': {
      const header = base64('{"alg":"RS256","typ":"JWT"}');
      const payload = base64(JSON.stringify({ sub: word(12, random), iss: 'x' }))
        .replace(/\+/g, '-')
        .replace(/\//g, '_');
      return whole(`${header}.${payload}.${word(43, random)}`);
    }
    case 'base64-pem': {
      const secret = base64(`-----BEGIN ${''}PRIVATE KEY-----\n${word(64, random)}\n${word(64, random)}\n`);
      return rule.id === 'kubeconfig-client-key'
        ? { text: `client-key-data: ${secret}`, secret }
        : whole(secret);
    }
    case 'docker-auth': {
      const secret = base64(`robot:${word(18, random)}`);
      return { text: `"auth": "${secret}"`, secret };
    }
    case 'basic-auth': {
      const secret = base64(`robot:${word(18, random)}`);
      return { text: `Authorization: Basic ${secret}`, secret };
    }
    default:
      break;
  }
  const body = `${word(64, random)}\n${word(64, random)}`;
  if (
    rule.id.startsWith('private-key') &&
    rule.pattern.startsWith('-----BEGIN') &&
    !rule.id.endsWith('rsa-encrypted')
  ) {
    const label = rule.keywords[0]?.replace(/^-+BEGIN |-+$/g, '') ?? '';
    const end = label.startsWith('PGP') ? 'PGP PRIVATE KEY BLOCK' : label;
    return { text: `-----BEGIN ${end}-----\n${body}\n-----END ${end}-----`, secret: body };
  }
  if (rule.id === 'jdbc-password') {
    const secret = word(12, random);
    return { text: `jdbc:mysql://db.internal:3306/shop?user=app&password=${secret}`, secret };
  }
  return undefined;
}

export interface Positive {
  /** A file with the secret. */
  readonly text: string;
  readonly secret: string;
  readonly path: string;
}

function hinted(rule: SecretRule): string {
  const keyword = rule.keywords[0] ?? '';
  const named = rule.hints.length === 0 || rule.hints.some((hint) => keyword.includes(hint));
  return named ? keyword : `${keyword}_api_key`;
}

function sampleOf(rule: SecretRule, random: () => number): Sample {
  const found = special(rule, random);
  if (found !== undefined) return found;
  const sample: Sample = { text: '', secret: undefined };
  write(parsePattern(rule.pattern, rule.ignoreCase), sample, random);
  return sample;
}

/** A text with a secret that the rule must find. */
export function positiveOf(rule: SecretRule, seed: number): Positive {
  const { text, secret = text } = sampleOf(rule, createRandom(seed));
  if (rule.shape === 'token') return { text: `# settings\n${text}\n`, secret, path: 'srv/app/settings.conf' };
  return { text: `# settings\n${hinted(rule)} = "${text}"\n`, secret, path: 'srv/app/settings.conf' };
}

/** The same with every letter and digit of the secret replaced by `x`: what documentation shows. */
export function negativeOf(rule: SecretRule, seed: number): string {
  const { text, secret } = positiveOf(rule, seed);
  return text.replace(secret, secret.replace(/[0-9A-Za-z]/g, 'x'));
}
