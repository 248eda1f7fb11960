// What compiling gives and what evaluating gives.
import type { CelLimits } from './limits.ts';
import type { CelType } from './types.ts';
import type { CelValue } from './values.ts';

export interface CelProblem {
  readonly message: string;
  /** 1-based, in the expression's text. */
  readonly line: number;
  readonly column: number;
  /** What to do about it; may be empty. */
  readonly hint: string;
}

export interface CelError {
  /** `limit`: stopped by the cost or size limit; `evaluation`: missing member, division by zero, wrong type … */
  readonly kind: 'evaluation' | 'limit';
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type CelResult =
  | { readonly ok: true; readonly value: CelValue; readonly cost: number }
  | { readonly ok: false; readonly error: CelError; readonly cost: number };

export interface CelProgram {
  readonly text: string;
  /** As far as the checker knows it; `dyn` when it does not. */
  readonly resultType: CelType;
  /**
   * Evaluates with plain JavaScript values (or CelValues) for the declared variables. Never throws, never runs longer
   * than the cost limit allows. JavaScript integers become `int`, other numbers `double`.
   */
  evaluate(bindings: Readonly<Record<string, unknown>>, limits?: Partial<CelLimits>): CelResult;
}

export type CompileResult =
  | { readonly ok: true; readonly program: CelProgram }
  | { readonly ok: false; readonly problems: readonly CelProblem[] };
