// Errors that users can look up: a stable GC_ code, what went wrong, where, and what to do next.

export interface CodedErrorOptions {
  readonly cause?: unknown;
  /** What the user can do about it, one sentence. */
  readonly hint?: string;
  /** File, URL, field … that the error is about. */
  readonly at?: string;
}

/** Base of all our errors; `Code` is the union of the codes that a package can throw. */
export class CodedError<Code extends string = string> extends Error {
  override readonly name: string = 'CodedError';
  readonly code: Code;
  readonly hint: string;
  readonly at: string;

  constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? '';
    this.at = options.at ?? '';
  }
}

export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly at: string;
}

/** Turns anything thrown into facts that can be shown; unknown errors get `GC_INTERNAL`. */
export function errorFacts(thrown: unknown): ErrorFacts {
  if (thrown instanceof CodedError) {
    return { code: thrown.code, message: thrown.message, hint: thrown.hint, at: thrown.at };
  }
  if (thrown instanceof Error) return { code: 'GC_INTERNAL', message: thrown.message, hint: '', at: '' };
  return { code: 'GC_INTERNAL', message: String(thrown), hint: '', at: '' };
}

/** The `code` of a Node system error (`ENOENT` …), or undefined. */
export function systemErrorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
