// A 64-bit hash of a path, in two halves: an index of files needs neither the paths nor memory for them.

/** Both halves of the hash, unsigned. `seed` tells kinds of entries apart. */
export interface PathHash {
  readonly high: number;
  readonly low: number;
}

/** Murmur-like mixing over UTF-16 units; not for secrets. With a million paths two collide once in 10^7 indexes. */
export function hashPath(path: string, seed: number): PathHash {
  let high = 0x9e3779b9 ^ seed;
  let low = 0x85ebca6b ^ Math.imul(seed, 0xc2b2ae35);
  for (let at = 0; at < path.length; at++) {
    const unit = path.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    high = (high << 13) | (high >>> 19);
    low = Math.imul(low ^ unit, 0x5bd1e995);
    low = (low << 17) | (low >>> 15);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x27d4eb2f) ^ Math.imul(high ^ (high >>> 15), 0x165667b1);
  return { high: high >>> 0, low: low >>> 0 };
}
