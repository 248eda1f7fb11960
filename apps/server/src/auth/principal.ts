// Who is asking, and what their role allows.
import type { Access, KeyRole } from '@guardcell/contract';

export interface Principal {
  readonly name: string;
  readonly role: KeyRole;
  readonly kind: 'user' | 'api-key' | 'local';
  /** Of API keys: the account that made it, through other keys too; absent when none did or nobody noted it. */
  readonly madeBy?: string;
  /** Identity for limits per session: session hash, key id, or `local`. */
  readonly sessionId: string;
  /** Empty unless signed in by cookie. */
  readonly csrfToken: string;
  /** RFC 3339; empty: never. */
  readonly expiresAt: string;
}

/** Account that acts, in person or through a key that it made; empty when there is none. */
export function accountOf({ kind, name, madeBy = '' }: Principal): string {
  return kind === 'user' ? name : madeBy;
}

const RANK: Readonly<Record<KeyRole, number>> = { 'audit-ingest': 0, viewer: 1, responder: 2, admin: 3 };

/** Whether a role may call a route that asks for `access`; every role includes the ones below it. */
export function allows(role: KeyRole, access: Access): boolean {
  return access === 'public' || RANK[role] >= RANK[access];
}

/** Kubernetes audit events come from a key made for that, or from an administrator. */
export function mayIngestAudit({ role }: Principal): boolean {
  return role === 'audit-ingest' || role === 'admin';
}
