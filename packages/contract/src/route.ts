// The shape of a route, and the parts that many of them share.
import { type TSchema, Type } from 'typebox';

export type Access = 'public' | 'viewer' | 'responder' | 'admin';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the server's root, parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  /** The least role that may call it. */
  readonly access: Access;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Undefined: no content (204), or a stream. */
  readonly response?: TSchema;
  readonly status: number;
  /** `text/event-stream` for streams. */
  readonly produces?: string;
  /** Changes nothing although it is no GET: not kept in the audit trail. */
  readonly readOnly?: boolean;
  /** Headers that the caller may send, with what they do. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const IF_MATCH =
  'The `ETag` of the version that was read: the write is refused with 412 when there is a newer one. `*`: it must exist.';
export const LIMIT = Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 }));
/** Holds the sort key of an item, which may be long names. */
export const CURSOR = Type.Optional(Type.String({ maxLength: 4000 }));

export function get(path: string, summary: string, response: TSchema, query?: TSchema): Route {
  return { method: 'GET', path, summary, access: 'viewer', status: 200, response, ...(query && { query }) };
}
