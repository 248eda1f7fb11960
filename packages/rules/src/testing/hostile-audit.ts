// Audit events as nobody should send them: every member of a realistic event may be missing, of another type, or nested.
// Deterministic by seed, so that a failure can be repeated.

/** A stream of numbers below 2^32 from a seed (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

type Random = () => number;

const KEYS = [
  'name',
  'kind',
  'image',
  'securityContext',
  'privileged',
  'hostPath',
  'path',
  'capabilities',
  'add',
  'ports',
  'hostPort',
  'verbs',
  'resources',
  'data',
  'stringData',
  'metadata',
  'annotations',
  'items',
  'spec',
  'status',
  'token',
  '__proto__',
  'constructor',
  'length',
  '',
  '0',
] as const;

const TEXTS = [
  '',
  'pods',
  'secrets',
  'create',
  'true',
  'null',
  'system:anonymous',
  'cluster-admin',
  '*',
  '/etc',
  'a:b@c',
  '@:',
  '\u0000\ud800',
  '%',
  '?x=%zz&=&command',
  '2026-03-01T12:00:00.123456Z',
  '99999-99-99T99:99:99Z',
  'Secret',
  'SecretList',
  'List',
  'TokenRequest',
  'EventList',
] as const;

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random() % items.length] as Item;
}

function scalar(random: Random): unknown {
  switch (random() % 8) {
    case 0:
      return null;
    case 1:
      return random() % 2 === 0;
    case 2:
      return pick(random, [0, -1, 201, 403, 1e21, 0.5, Number.MAX_SAFE_INTEGER]);
    case 3:
      return 'x'.repeat(random() % 300);
    default:
      return pick(random, TEXTS);
  }
}

function value(random: Random, depth: number): unknown {
  const kind = depth > 5 ? 0 : random() % 6;
  if (kind < 3) return scalar(random);
  const size = random() % 5;
  if (kind === 3) return Array.from({ length: size }, () => value(random, depth + 1));
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (let i = 0; i < size; i += 1) object[pick(random, KEYS)] = value(random, depth + 1);
  return object;
}

/** The given document with some of its members replaced, removed or doubled by anything. */
export function mutated(document: unknown, random: Random, depth = 0): unknown {
  const chance = random() % 100;
  if (chance < 6) return value(random, depth);
  if (Array.isArray(document)) {
    const items = document.map((item) => mutated(item, random, depth + 1));
    return chance < 10 ? [...items, value(random, depth + 1)] : items;
  }
  if (typeof document !== 'object' || document === null) return chance < 14 ? scalar(random) : document;
  const result: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(document)) {
    if (random() % 30 !== 0) result[key] = mutated(one, random, depth + 1);
  }
  if (chance < 20) result[pick(random, KEYS.slice(0, 20))] = value(random, depth + 1);
  return result;
}

/** The JSON text with some characters replaced, removed or repeated. */
export function damaged(text: string, random: Random): string {
  let result = text;
  for (let i = random() % 4; i >= 0; i -= 1) {
    const at = random() % (result.length + 1);
    const piece = pick(random, ['{', '}', '[', ']', '"', '\\', ',', ':', '\ud800', '\n', '0', '[[[[', '']);
    result = result.slice(0, at) + piece + result.slice(at + (random() % 3));
  }
  return result;
}
