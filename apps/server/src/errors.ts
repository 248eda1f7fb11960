// Every error that the HTTP API answers with: its code, its status, its title. Codes of other packages that reach users are here too.
import { CodedError, type CodedErrorOptions } from '@guardcell/kit';

interface ErrorKind {
  readonly status: number;
  readonly title: string;
  /** The title in Chinese. */
  readonly zh: string;
}

const API_ERRORS = {
  GC_INVALID_REQUEST: { status: 400, title: 'The request is not valid', zh: '请求无效' },
  GC_INVALID_JSON: { status: 400, title: 'The body is not valid JSON', zh: '请求正文不是有效的 JSON' },
  GC_INVALID_CURSOR: { status: 400, title: 'The cursor is not valid', zh: '翻页游标无效' },
  GC_UNAUTHENTICATED: { status: 401, title: 'Sign in first', zh: '请先登录' },
  GC_BAD_CREDENTIALS: { status: 401, title: 'Name or password is wrong', zh: '用户名或密码不正确' },
  GC_FORBIDDEN: { status: 403, title: 'Your role does not allow this', zh: '您的角色无权这样做' },
  GC_CSRF: { status: 403, title: 'The CSRF token is missing or wrong', zh: 'CSRF 令牌缺失或有误' },
  GC_NOT_FOUND: { status: 404, title: 'There is no such thing', zh: '未找到' },
  GC_CONFLICT: { status: 409, title: 'It changed in the meantime', zh: '在此期间已发生变化' },
  GC_READ_ONLY: {
    status: 409,
    title: 'It comes from a file and cannot be changed here',
    zh: '来自文件，不能在这里修改',
  },
  GC_UNDO_IMPOSSIBLE: { status: 409, title: 'This action cannot be undone', zh: '该动作无法撤销' },
  GC_UNDO_DONE: { status: 409, title: 'This action is undone already', zh: '该动作已经撤销' },
  GC_AMBIGUOUS: { status: 409, title: 'More than one thing has this name', zh: '有多项使用此名称' },
  GC_EXISTS: { status: 409, title: 'Something of this name is there already', zh: '已有同名项' },
  GC_LAST_ADMIN: { status: 409, title: 'Somebody must stay administrator', zh: '必须保留一名管理员' },
  GC_TOO_MANY: { status: 409, title: 'There are as many as there may be', zh: '数量已达上限' },
  GC_IDEMPOTENCY_MISMATCH: {
    status: 409,
    title: 'The key was used for another request',
    zh: '该键已用于另一个请求',
  },
  GC_OWN_REQUEST: { status: 409, title: 'Somebody else must decide this', zh: '须由他人决定' },
  GC_SCAN_NO_SOURCE: { status: 409, title: 'It cannot be looked at again', zh: '无法再次扫描' },
  GC_VEX_EMPTY: { status: 409, title: 'There is nothing to state', zh: '没有可声明的内容' },
  GC_STALE: { status: 412, title: 'There is a newer version', zh: '已有更新的版本' },
  GC_BODY_TOO_LARGE: { status: 413, title: 'The body is too large', zh: '请求正文过大' },
  GC_UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Send application/json', zh: '请发送 application/json' },
  GC_HOST_NOT_ALLOWED: {
    status: 421,
    title: 'This server does not answer for that host name',
    zh: '服务器不对该主机名应答',
  },
  GC_INVALID_RULES: { status: 422, title: 'The rules have errors', zh: '规则有错误' },
  GC_REGISTRY_ADDRESS: {
    status: 422,
    title: 'No registry may be at that address',
    zh: '该地址不能用作镜像仓库',
  },
  GC_INVALID_RESPONSE_RULE: { status: 422, title: 'The response rule is not valid', zh: '响应规则无效' },
  GC_RATE_LIMITED: { status: 429, title: 'Too many requests', zh: '请求过多' },
  GC_TOO_MANY_STREAMS: { status: 429, title: 'Too many live streams', zh: '实时连接过多' },
  GC_INTERNAL: { status: 500, title: 'Something went wrong here', zh: '服务器内部出错' },
  GC_STORE_IO: { status: 503, title: 'The store cannot be read or written', zh: '无法读写存储' },
  GC_STORE_FULL: { status: 503, title: 'The disk of the store is full', zh: '存储所在磁盘已满' },
  GC_SCAN_BUSY: { status: 503, title: 'Too much is being looked at', zh: '正在进行的扫描过多' },
  GC_SCAN_HELPER: { status: 503, title: 'The process that does the work ended', zh: '执行扫描的进程已结束' },
  GC_DB_MISSING: { status: 503, title: 'There is no vulnerability database', zh: '没有漏洞数据库' },
  GC_DB_INVALID: {
    status: 503,
    title: 'The vulnerability database cannot be read',
    zh: '无法读取漏洞数据库',
  },
  GC_DB_SCHEMA: {
    status: 503,
    title: 'The vulnerability database is of another version',
    zh: '漏洞数据库的版本不符',
  },
  GC_STOPPING: { status: 503, title: 'The server is stopping', zh: '服务器正在停止' },
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
