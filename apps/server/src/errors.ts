// Every error that the HTTP API answers with: its code, its status, its title. Codes of other packages that reach users are here too.
import { CodedError, type CodedErrorOptions } from '@guardcell/kit';

interface ErrorKind {
  readonly status: number;
  readonly title: string;
}

const API_ERRORS = {
  GC_INVALID_REQUEST: { status: 400, title: 'The request is not valid' },
  GC_INVALID_JSON: { status: 400, title: 'The body is not valid JSON' },
  GC_INVALID_CURSOR: { status: 400, title: 'The cursor is not valid' },
  GC_UNAUTHENTICATED: { status: 401, title: 'Sign in first' },
  GC_BAD_CREDENTIALS: { status: 401, title: 'Name or password is wrong' },
  GC_FORBIDDEN: { status: 403, title: 'Your role does not allow this' },
  GC_CSRF: { status: 403, title: 'The CSRF token is missing or wrong' },
  GC_NOT_FOUND: { status: 404, title: 'There is no such thing' },
  GC_CONFLICT: { status: 409, title: 'It changed in the meantime' },
  GC_READ_ONLY: { status: 409, title: 'It comes from a file and cannot be changed here' },
  GC_UNDO_IMPOSSIBLE: { status: 409, title: 'This action cannot be undone' },
  GC_UNDO_DONE: { status: 409, title: 'This action is undone already' },
  GC_AMBIGUOUS: { status: 409, title: 'More than one thing has this name' },
  GC_EXISTS: { status: 409, title: 'Something of this name is there already' },
  GC_LAST_ADMIN: { status: 409, title: 'Somebody must stay administrator' },
  GC_TOO_MANY: { status: 409, title: 'There are as many as there may be' },
  GC_IDEMPOTENCY_MISMATCH: { status: 409, title: 'The key was used for another request' },
  GC_OWN_REQUEST: { status: 409, title: 'Somebody else must decide this' },
  GC_SCAN_NO_SOURCE: { status: 409, title: 'It cannot be looked at again' },
  GC_VEX_EMPTY: { status: 409, title: 'There is nothing to state' },
  GC_STALE: { status: 412, title: 'There is a newer version' },
  GC_BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  GC_UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Send application/json' },
  GC_HOST_NOT_ALLOWED: { status: 421, title: 'This server does not answer for that host name' },
  GC_INVALID_RULES: { status: 422, title: 'The rules have errors' },
  GC_REGISTRY_ADDRESS: { status: 422, title: 'No registry may be at that address' },
  GC_INVALID_RESPONSE_RULE: { status: 422, title: 'The response rule is not valid' },
  GC_RATE_LIMITED: { status: 429, title: 'Too many requests' },
  GC_TOO_MANY_STREAMS: { status: 429, title: 'Too many live streams' },
  GC_INTERNAL: { status: 500, title: 'Something went wrong here' },
  GC_STORE_IO: { status: 503, title: 'The store cannot be read or written' },
  GC_STORE_FULL: { status: 503, title: 'The disk of the store is full' },
  GC_SCAN_BUSY: { status: 503, title: 'Too much is being looked at' },
  GC_SCAN_HELPER: { status: 503, title: 'The process that does the work ended' },
  GC_DB_MISSING: { status: 503, title: 'There is no vulnerability database' },
  GC_DB_INVALID: { status: 503, title: 'The vulnerability database cannot be read' },
  GC_DB_SCHEMA: { status: 503, title: 'The vulnerability database is of another version' },
  GC_STOPPING: { status: 503, title: 'The server is stopping' },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ApiErrorCode = keyof typeof API_ERRORS;

export interface ApiErrorOptions extends CodedErrorOptions {
  /** What exactly is wrong in the body or query, by JSON pointer. */
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  /** Answered as `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/** An error that becomes a problem+json answer with the status of its code. */
export class ApiError extends CodedError<ApiErrorCode> {
  override readonly name: string = 'ApiError';
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  readonly retryAfterSeconds: number;

  constructor(code: ApiErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(code, message, options);
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? 0;
  }
}

/** Status and title of a code; unknown codes are internal errors. */
export function errorKind(code: string): ErrorKind {
  return Object.hasOwn(API_ERRORS, code) ? API_ERRORS[code as ApiErrorCode] : API_ERRORS.GC_INTERNAL;
}

/** A shorthand for what handlers throw most. */
export function notFound(what: string, id: string): ApiError {
  return new ApiError('GC_NOT_FOUND', `there is no ${what} "${id.slice(0, 200)}"`);
}
