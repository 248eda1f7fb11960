// Which of the things found in an artifact were told already. Bounded: what goes beyond is told by its number alone. Pure.

/** Of one artifact. Who makes an image can put any number of findings into it. */
export const TOLD_MAX = 20_000;

export interface ToldKeys {
  readonly keys: readonly string[];
  /** How many beyond the bound were told of, and a sum over them by which others show. */
  readonly beyond: number;
  readonly sum: number;
}

export interface NewKeys {
  readonly told: ToldKeys;
  /** Found for the first time; now among those told. */
  readonly fresh: ReadonlySet<string>;
  /** For which there is no room; empty unless there are more of them, or others, than were told of before. */
  readonly beyond: ReadonlySet<string>;
}

/**
 * Takes note of what is present. Only when there is no room for it, what is not present any more is forgotten: until then a
 * finding that comes back is not told again.
 * @param present all that is found now, the gravest first: these get the room that is left
 */
export function newKeys(before: ToldKeys, present: readonly string[], most = TOLD_MAX): NewKeys {
  const known = new Set(before.keys);
  const all = new Set(present);
  const fresh = new Set([...all].filter((key) => !known.has(key)));
  if (known.size + fresh.size > most) for (const key of known) if (!all.has(key)) known.delete(key);
  const room = Math.max(0, most - known.size);
  const beyond = new Set([...fresh].slice(room));
  for (const key of beyond) fresh.delete(key);
  for (const key of fresh) known.add(key);
  const sum = sumOf(beyond);
  // Those that found room now may have been among those that were told of.
  const isMore = beyond.size > Math.max(0, before.beyond - fresh.size);
  const areOthers = beyond.size === before.beyond && sum !== before.sum;
  const isNews = beyond.size > 0 && (isMore || areOthers);
  const { beyond: count, sum: toldSum } = isNews || beyond.size === 0 ? { beyond: beyond.size, sum } : before;
  return {
    told: { keys: [...known], beyond: count, sum: toldSum },
    fresh,
    beyond: isNews ? beyond : new Set(),
  };
}

/** Whatever the order: FNV-1a of each, added up. */
function sumOf(keys: Iterable<string>): number {
  let sum = 0;
  for (const key of keys) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
    sum = (sum + hash) >>> 0;
  }
  return sum;
}
