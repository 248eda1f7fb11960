// The roles, least first, as forms offer them. Types only from the contract: its schemas stay out of the bundle.
import type { Role } from '@guardcell/contract';

export type { Role };
export const ROLES = ['viewer', 'responder', 'admin'] as const satisfies readonly Role[];
