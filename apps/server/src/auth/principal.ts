// Who is asking, and what their role allows.
import type { Access, Role } from '@guardcell/contract';

export interface Principal {
  readonly name: string;
  readonly role: Role;
  readonly kind: 'user' | 'api-key' | 'local';
  /** Identity for limits per session: session hash, key id, or `local`. */
  readonly sessionId: string;
  /** Empty unless signed in by cookie. */
  readonly csrfToken: string;
  /** RFC 3339; empty: never. */
  readonly expiresAt: string;
}

const RANK: Readonly<Record<Role, number>> = { viewer: 1, responder: 2, admin: 3 };

/** Whether a role may call a route that asks for `access`; every role includes the ones below it. */
export function allows(role: Role, access: Access): boolean {
  return access === 'public' || RANK[role] >= RANK[access];
}
