// Bounds on what an expression may use, and the meter that holds an evaluation to them.
import { CelLimitExceeded } from './failure.ts';

export interface CelLimits {
  /** Steps: one for each node evaluated, plus work in proportion to the size of what functions read or build. */
  readonly maxCost: number;
  /** Longest string or bytes value that may be built, in UTF-16 units or bytes. */
  readonly maxStringLength: number;
  /** Longest list or map that may be built. */
  readonly maxListSize: number;
}

export const DEFAULT_LIMITS: CelLimits = {
  maxCost: 1_000_000,
  maxStringLength: 1_048_576,
  maxListSize: 65_536,
};

/** Longest expression accepted, in UTF-16 units. */
export const MAX_SOURCE_LENGTH = 65_536;
/** Deepest nesting of an expression (also of operators chained without brackets). */
export const MAX_DEPTH = 250;

/** Counts what one evaluation uses. */
export interface Meter {
  readonly limits: CelLimits;
  cost: number;
}

/** @throws CelLimitExceeded when the budget is used up. */
export function charge(meter: Meter, steps: number): void {
  meter.cost += steps;
  if (meter.cost > meter.limits.maxCost) {
    meter.cost = meter.limits.maxCost;
    throw new CelLimitExceeded(`cost limit of ${meter.limits.maxCost} exceeded`);
  }
}

/** Steps for reading or building `length` characters or bytes. */
export function textCost(length: number): number {
  return 1 + Math.ceil(length / 10);
}

/** @throws CelLimitExceeded before a string of this length is built. */
export function allowText(meter: Meter, length: number): void {
  if (length > meter.limits.maxStringLength) {
    throw new CelLimitExceeded(`string longer than ${meter.limits.maxStringLength}`);
  }
  charge(meter, textCost(length));
}

/** @throws CelLimitExceeded before a list or map of this size is built. */
export function allowSize(meter: Meter, size: number): void {
  if (size > meter.limits.maxListSize) {
    throw new CelLimitExceeded(`list or map with more than ${meter.limits.maxListSize} entries`);
  }
  charge(meter, 1 + size);
}
