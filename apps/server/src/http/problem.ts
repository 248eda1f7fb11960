// RFC 9457 answers for everything that goes wrong.
import type { Problem } from '@guardcell/contract';
import { CodedError } from '@guardcell/kit';
import { ApiError, errorKind } from '../errors.ts';

/** Errors of the HTTP framework itself, by its code or status. */
function fromFramework(thrown: unknown): ApiError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, statusCode } = thrown as Error & { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ApiError('GC_BODY_TOO_LARGE', 'the body is too large', { cause: thrown });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new ApiError('GC_UNSUPPORTED_MEDIA_TYPE', 'the body must be application/json', { cause: thrown });
  }
  if (
    thrown instanceof SyntaxError ||
    code === 'FST_ERR_CTP_INVALID_JSON_BODY' ||
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY'
  ) {
    return new ApiError('GC_INVALID_JSON', 'the body is not valid JSON', { cause: thrown });
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new ApiError('GC_INVALID_REQUEST', thrown.message.slice(0, 300), { cause: thrown });
  }
  return undefined;
}

/** Codes that packages throw and that mean something else over HTTP. */
const MEANS: Readonly<Record<string, string>> = {
  GC_BAD_CURSOR: 'GC_INVALID_CURSOR',
  GC_STORE_BUSY: 'GC_STORE_IO',
  GC_STORE_CORRUPT: 'GC_STORE_IO',
  GC_STORE_CLOSED: 'GC_STOPPING',
  GC_STORE_BAD_QUERY: 'GC_INVALID_REQUEST',
};

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly retryAfterSeconds: number;
  /** Nobody foresaw it: log it with its stack. */
  readonly unexpected: boolean;
}

/** Facts that callers may know; the message of an unforeseen error stays in the log. */
export function problemOf(thrown: unknown, instance: string, requestId: string): ProblemAnswer {
  const error = fromFramework(thrown) ?? thrown;
  const given = error instanceof CodedError ? error.code : 'GC_INTERNAL';
  const code = MEANS[given] ?? given;
  const { status, title } = errorKind(code);
  const unexpected = status === 500;
  const hint = error instanceof CodedError ? error.hint : '';
  const errors = error instanceof ApiError ? error.errors : [];
  const retryAfterSeconds = error instanceof ApiError ? error.retryAfterSeconds : status === 503 ? 2 : 0;
  return {
    unexpected,
    retryAfterSeconds,
    problem: {
      type: `urn:guardcell:error:${unexpected ? 'GC_INTERNAL' : code}`,
      title,
      status,
      detail:
        unexpected || !(error instanceof Error)
          ? 'the server hit an unforeseen error; its log has the details'
          : error.message,
      instance,
      code: unexpected ? 'GC_INTERNAL' : code,
      requestId,
      ...(hint !== '' && !unexpected && { hint }),
      ...(errors.length > 0 && { errors: errors.map((each) => ({ ...each })) }),
    },
  };
}
