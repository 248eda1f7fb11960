// The roles, least first, as forms offer them. Types only from the contract: its schemas stay out of the bundle.
import type { KeyRole, Role } from '@guardcell/contract';

export type { KeyRole, Role };
export const ROLES = ['viewer', 'responder', 'admin'] as const satisfies readonly Role[];
/** API keys may have one that people cannot have. */
export const KEY_ROLES = ['audit-ingest', ...ROLES] as const satisfies readonly KeyRole[];
