// Who is signed in, and what they may do.
import type { Role, Session } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from './queries.ts';

const RANK: Readonly<Record<Role, number>> = { viewer: 0, responder: 1, admin: 2 };

/** Whether a role includes what `needed` may do. */
export function roleIncludes(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && RANK[role] >= RANK[needed];
}

export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data ?? undefined;
}

export function useCan(needed: Role): boolean {
  return roleIncludes(useSession()?.user.role, needed);
}
