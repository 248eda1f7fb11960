// 64-bit integer ranges and the checks that keep arithmetic inside them.
import { fail } from './failure.ts';
import { CelUint } from './values.ts';

export const MAX_INT = 2n ** 63n - 1n;
export const MIN_INT = -(2n ** 63n);
export const MAX_UINT = 2n ** 64n - 1n;

/** @throws CelFailure when the value does not fit `int`. */
export function checkedInt(value: bigint): bigint {
  if (value > MAX_INT || value < MIN_INT) throw fail('integer overflow');
  return value;
}

/** @throws CelFailure when the value does not fit `uint`. */
export function checkedUint(value: bigint): CelUint {
  if (value > MAX_UINT || value < 0n) throw fail('unsigned integer overflow');
  return new CelUint(value);
}
