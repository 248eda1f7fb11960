// What went wrong with a request, in the form the screens show: code, text, hint, request id.

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly requestId: string;
  /** From `Retry-After`, in seconds; 0 when the server did not say. */
  readonly retryAfterSeconds: number;
  /** Messages for single fields, by JSON pointer. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(facts: {
    status: number;
    code: string;
    message: string;
    hint?: string;
    requestId?: string;
    retryAfterSeconds?: number;
    fields?: Readonly<Record<string, string>>;
  }) {
    super(facts.message);
    this.status = facts.status;
    this.code = facts.code;
    this.hint = facts.hint ?? '';
    this.requestId = facts.requestId ?? '';
    this.retryAfterSeconds = facts.retryAfterSeconds ?? 0;
    this.fields = facts.fields ?? {};
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fieldMessages(value: unknown): Record<string, string> {
  const fields: Record<string, string> = {};
  if (!Array.isArray(value)) return fields;
  for (const entry of value as unknown[]) {
    if (typeof entry !== 'object' || entry === null) continue;
    const { pointer, message } = entry as Record<string, unknown>;
    if (typeof pointer === 'string') fields[pointer] = text(message);
  }
  return fields;
}

/** Reads an RFC 9457 problem leniently: a proxy's HTML error page still gives a useful error. */
export function errorOfResponse(status: number, body: unknown, retryAfter: string | null): ApiError {
  const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return new ApiError({
    status,
    code: text(problem['code']) || `HTTP_${status}`,
    message: text(problem['detail']) || text(problem['title']) || `HTTP ${status}`,
    hint: text(problem['hint']),
    requestId: text(problem['requestId']),
    retryAfterSeconds: Math.max(0, Math.ceil(Number(retryAfter ?? 0)) || 0),
    fields: fieldMessages(problem['errors']),
  });
}

/** Status 0: the server could not be reached at all. */
export function unreachable(cause: unknown): ApiError {
  const error = new ApiError({ status: 0, code: 'GC_UNREACHABLE', message: 'The server did not answer.' });
  error.cause = cause;
  return error;
}
