// The state of one evaluation.
import type { Meter } from './limits.ts';
import type { CelValue } from './values.ts';

export interface Frame {
  readonly meter: Meter;
  readonly bindings: Readonly<Record<string, unknown>>;
  /** Bindings already converted. */
  readonly converted: Map<string, CelValue>;
  /** Values of the variables that macros declare. */
  readonly slots: CelValue[];
  /** Offset of what was last tried, for messages. */
  at: number;
}

export type Evaluate = (frame: Frame) => CelValue;

/** Slot by name; names starting with `#` only keep numbers apart. */
export type Slots = ReadonlyMap<string, number>;
