// What is thrown inside an evaluation; it never leaves the package. Not `Error`s: a stack trace for each absorbed
// failure would make failing far more expensive than its cost says.

/** An evaluation error of the language: `&&`, `||` and the macros may absorb it. */
export class CelFailure {
  readonly message: string;
  /** Offset in the source; -1 until the failing node is known. */
  offset = -1;

  constructor(message: string) {
    this.message = message;
  }
}

/** A limit was reached: nothing absorbs it. */
export class CelLimitExceeded {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** @throws CelFailure always; written as `throw fail(…)` so that control flow stays visible. */
export function fail(message: string): CelFailure {
  return new CelFailure(message);
}
