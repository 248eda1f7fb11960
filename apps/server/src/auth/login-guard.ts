// Slows down guessing of passwords, by account and by address, without letting a stranger lock an account out.
import type { Clock } from '@guardcell/kit';
import { ApiError } from '../errors.ts';
import { addressKey } from './address-key.ts';
import { createTokenBuckets } from './token-bucket.ts';

export interface LoginGuard {
  /** Counts an attempt. @throws ApiError GC_RATE_LIMITED when there were too many. */
  attempt(account: string, ip: string): void;
  /** The attempt was right: it does not count. */
  succeeded(account: string, ip: string): void;
}

const MAX_KEYS = 10_000;

export function createLoginGuard(clock: Clock): LoginGuard {
  const limit = (burst: number, perSecond: number): ReturnType<typeof createTokenBuckets> =>
    createTokenBuckets({ burst, perSecond, maxKeys: MAX_KEYS, clock });
  // Someone who guesses from one address is stopped by the first two, long before the owner at another address is
  // hindered by the third.
  const accountAtAddress = limit(5, 1 / 30);
  const address = limit(20, 1 / 10);
  const account = limit(60, 1 / 5);

  function keys(name: string, ip: string): readonly [ReturnType<typeof limit>, string][] {
    const folded = name.toLowerCase().slice(0, 200);
    return [
      [accountAtAddress, `${addressKey(ip)}\n${folded}`],
      [address, addressKey(ip)],
      [account, folded],
    ];
  }

  return {
    attempt(name, ip) {
      // Nothing is taken from any bucket when one refuses: who is stopped already must not use up the account's.
      const all = keys(name, ip);
      const wait = Math.max(...all.map(([buckets, key]) => buckets.peek(key)));
      if (wait === 0) {
        for (const [buckets, key] of all) buckets.take(key);
        return;
      }
      throw new ApiError('GC_RATE_LIMITED', 'too many attempts to sign in', {
        retryAfterSeconds: wait,
        hint: `Try again in ${wait} s.`,
      });
    },
    succeeded(name, ip) {
      for (const [buckets, key] of keys(name, ip)) buckets.refund(key);
    },
  };
}
