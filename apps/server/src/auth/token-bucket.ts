// Rate limits with bounded memory: one bucket a key, the least recently used keys forgotten first.
import type { Clock } from '@guardcell/kit';

export interface TokenBuckets {
  /** Takes a token; 0 when allowed, else seconds to wait (at least 1). */
  take(key: string): number;
  /** Like `take`, but takes nothing. */
  peek(key: string): number;
  /** Gives a token back: what was counted turned out to be harmless. */
  refund(key: string): void;
  readonly size: number;
}

export interface BucketOptions {
  readonly burst: number;
  readonly perSecond: number;
  readonly maxKeys: number;
  readonly clock: Clock;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

export function createTokenBuckets(options: BucketOptions): TokenBuckets {
  const { burst, perSecond, maxKeys, clock } = options;
  const buckets = new Map<string, Bucket>();

  function bucketOf(key: string): Bucket {
    const nowMs = clock.nowMs();
    const known = buckets.get(key);
    const bucket = known ?? { tokens: burst, atMs: nowMs };
    // A clock that jumps back must not take tokens away.
    const elapsedMs = Math.max(0, nowMs - bucket.atMs);
    bucket.tokens = Math.min(burst, bucket.tokens + (elapsedMs / 1000) * perSecond);
    bucket.atMs = nowMs;
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > maxKeys) buckets.delete(buckets.keys().next().value ?? '');
    return bucket;
  }

  const waitSeconds = (bucket: Bucket): number =>
    bucket.tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));

  return {
    take(key) {
      const bucket = bucketOf(key);
      const wait = waitSeconds(bucket);
      if (wait === 0) bucket.tokens -= 1;
      return wait;
    },
    peek: (key) => waitSeconds(bucketOf(key)),
    refund(key) {
      const bucket = bucketOf(key);
      bucket.tokens = Math.min(burst, bucket.tokens + 1);
    },
    get size() {
      return buckets.size;
    },
  };
}
