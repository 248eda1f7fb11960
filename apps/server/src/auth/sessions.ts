// Sessions of the console: a random token in an HttpOnly cookie, its hash in the store, sliding expiry.
import type { Role } from '@guardcell/contract';
import { type Clock, randomSecret } from '@guardcell/kit';
import type { StateStore } from '@guardcell/store';
import { each, put, read, remove } from '../stored.ts';
import type { Principal } from './principal.ts';
import { csrfTokenOf, tokenHash } from './token-hash.ts';
import type { UserDocument } from './users.ts';

/** Without a request for this long a session ends. */
export const IDLE_MS: number = 12 * 3_600_000;
/** Sign in again after this, whatever happens. */
export const ABSOLUTE_MS: number = 7 * 86_400_000;
/** An extension is written at most this often. */
const EXTEND_EVERY_MS = 5 * 60_000;
const MAX_PER_USER = 50;

interface SessionDocument {
  readonly user: string;
  /** Of the user's password when they signed in. */
  readonly generation: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

type SessionUser = Pick<UserDocument, 'name' | 'role' | 'generation'>;

export interface Sessions {
  open(user: SessionUser): Promise<{ readonly token: string; readonly principal: Principal }>;
  /** Who the token stands for; extends the session. Undefined when it is unknown or has ended. */
  find(token: string): Promise<Principal | undefined>;
  /** Whether the session with this hash still is open; for streams that outlive their request. */
  isOpen(sessionId: string): Promise<boolean>;
  close(sessionId: string): Promise<void>;
  /** Ends every session of a user but one, which goes on under the user's new password. */
  closeOthers(user: string, keepSessionId: string, generation: string): Promise<void>;
  /** Ends every session of a user. */
  closeAll(user: string): Promise<void>;
  /** Forgets sessions that have ended. */
  sweep(): Promise<number>;
}

function principalOf(id: string, token: string, role: Role, session: SessionDocument): Principal {
  return {
    name: session.user,
    role,
    kind: 'user',
    sessionId: id,
    csrfToken: csrfTokenOf(token),
    expiresAt: new Date(session.expiresAtMs).toISOString(),
  };
}

export function createSessions(state: StateStore, clock: Clock): Sessions {
  const endOf = (createdAtMs: number): number => Math.min(clock.nowMs() + IDLE_MS, createdAtMs + ABSOLUTE_MS);

  async function ofUser(user: string): Promise<{ id: string; createdAtMs: number }[]> {
    const found: { id: string; createdAtMs: number }[] = [];
    for await (const { id, value } of each<SessionDocument>(state, 'session')) {
      if (value.user === user) found.push({ id, createdAtMs: value.createdAtMs });
    }
    return found.sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** What the user of a session may do now; undefined when it has ended, by time, by a new password or with the user. */
  async function roleOf(session: SessionDocument | undefined): Promise<Role | undefined> {
    if (session === undefined || session.expiresAtMs <= clock.nowMs()) return undefined;
    const user = (await read<UserDocument>(state, 'user', session.user))?.value;
    return user?.generation === session.generation ? user.role : undefined;
  }

  return {
    async open({ name: user, role, generation }) {
      const token = randomSecret(32);
      const id = tokenHash(token);
      const nowMs = clock.nowMs();
      const session = { user, generation, createdAtMs: nowMs, expiresAtMs: endOf(nowMs) };
      const old = await ofUser(user);
      const surplus = old.slice(0, Math.max(0, old.length + 1 - MAX_PER_USER));
      await state.commit([put('session', id, session), ...surplus.map((each) => remove('session', each.id))]);
      return { token, principal: principalOf(id, token, role, session) };
    },
    async find(token) {
      const id = tokenHash(token);
      const known = await read<SessionDocument>(state, 'session', id);
      const role = await roleOf(known?.value);
      if (known === undefined || role === undefined) return undefined;
      const expiresAtMs = endOf(known.value.createdAtMs);
      if (expiresAtMs - known.value.expiresAtMs < EXTEND_EVERY_MS) {
        return principalOf(id, token, role, known.value);
      }
      const extended = { ...known.value, expiresAtMs };
      // With a full disk nothing can be extended, but who is signed in stays signed in until the old end.
      await state.commit([put('session', id, extended, known.revision)]).catch(() => undefined);
      return principalOf(id, token, role, extended);
    },
    async isOpen(sessionId) {
      const known = await read<SessionDocument>(state, 'session', sessionId);
      return (await roleOf(known?.value)) !== undefined;
    },
    async close(sessionId) {
      await state.commit([remove('session', sessionId)]);
    },
    async closeOthers(user, keepSessionId, generation) {
      const others = (await ofUser(user)).filter((session) => session.id !== keepSessionId);
      const kept = await read<SessionDocument>(state, 'session', keepSessionId);
      await state.commit([
        ...(kept === undefined ? [] : [put('session', keepSessionId, { ...kept.value, generation })]),
        ...others.map((session) => remove('session', session.id)),
      ]);
    },
    async closeAll(user) {
      const open = await ofUser(user);
      if (open.length > 0) await state.commit(open.map((session) => remove('session', session.id)));
    },
    async sweep() {
      const ended: string[] = [];
      for await (const { id, value } of each<SessionDocument>(state, 'session')) {
        if (value.expiresAtMs <= clock.nowMs()) ended.push(id);
      }
      if (ended.length > 0) await state.commit(ended.map((id) => remove('session', id)));
      return ended.length;
    },
  };
}
