// Accounts of people.
import type { Role, UserSchema } from '@guardcell/contract';
import { type Clock, randomSecret } from '@guardcell/kit';
import type { StateStore } from '@guardcell/store';
import type { Type } from 'typebox';
import { ApiError, notFound } from '../errors.ts';
import { each, put, read, type Stored } from '../stored.ts';
import type { FirstPassword } from './first-password.ts';
import type { PasswordHasher } from './password.ts';

export type UserView = Type.Static<typeof UserSchema>;

export interface UserDocument {
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
  /** Changes with the password: sessions opened with another one have ended. */
  readonly generation: string;
  readonly createdAt: string;
  readonly lastLoginAt: string;
}

/** A user as a session needs them. */
export interface SignedIn extends UserView {
  readonly generation: string;
}

export interface Users {
  /**
   * Makes `admin` when there is nobody yet. Returns that password until somebody has taken note of it (see
   * first-password.ts); the store keeps only its hash.
   */
  ensureAdmin(first: FirstPassword): Promise<string | undefined>;
  /** @throws ApiError GC_BAD_CREDENTIALS. Takes equally long whether or not the user exists. */
  signIn(name: string, password: string): Promise<SignedIn>;
  /** Returns the new generation. @throws ApiError GC_BAD_CREDENTIALS when `current` is wrong. */
  changePassword(name: string, current: string, next: string): Promise<string>;
  list(): Promise<UserView[]>;
  exists(name: string): Promise<boolean>;
  /** `password` is the one made when none was given, else empty. @throws ApiError GC_EXISTS, GC_TOO_MANY. */
  create(name: string, role: Role, given?: string): Promise<{ user: UserView; password: string }>;
  /** @throws ApiError GC_NOT_FOUND, GC_LAST_ADMIN. */
  setRole(name: string, role: Role): Promise<UserView>;
  /** Ends the sessions of the user. @throws ApiError GC_NOT_FOUND. */
  resetPassword(name: string, given?: string): Promise<{ user: UserView; password: string }>;
  /** @throws ApiError GC_NOT_FOUND, GC_LAST_ADMIN. */
  delete(name: string): Promise<void>;
}

const MAX_USERS = 1000;

function view({ name, role, createdAt, lastLoginAt }: UserDocument): UserView {
  return { name, role, createdAt, lastLoginAt };
}

function conflict(): ApiError {
  return new ApiError('GC_CONFLICT', 'the account changed in the meantime');
}

export function createUsers(state: StateStore, hasher: PasswordHasher, clock: Clock): Users {
  const now = (): string => new Date(clock.nowMs()).toISOString();
  let last: Promise<unknown> = Promise.resolve();

  /** Changes one after the other: two administrators who demote each other must not both succeed. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function all(): Promise<UserDocument[]> {
    const found: UserDocument[] = [];
    for await (const user of each<UserDocument>(state, 'user')) found.push(user.value);
    return found;
  }

  async function needed(name: string): Promise<Stored<UserDocument>> {
    const user = await read<UserDocument>(state, 'user', name);
    if (user === undefined) throw notFound('user', name);
    return user;
  }

  async function needAnotherAdmin(name: string): Promise<void> {
    if ((await all()).some((user) => user.role === 'admin' && user.name !== name)) return;
    throw new ApiError('GC_LAST_ADMIN', `"${name}" is the last administrator`, {
      hint: 'Make somebody else administrator first.',
    });
  }

  async function checked(name: string, password: string): Promise<Stored<UserDocument>> {
    const user = await read<UserDocument>(state, 'user', name);
    const right = await hasher.verify(password, user?.value.passwordHash);
    if (user === undefined || !right) throw new ApiError('GC_BAD_CREDENTIALS', 'name or password is wrong');
    return user;
  }

  async function withPassword(user: UserDocument, password: string): Promise<UserDocument> {
    return { ...user, passwordHash: await hasher.hash(password), generation: randomSecret(12) };
  }

  async function make(name: string, role: Role, password: string): Promise<UserDocument> {
    const base = { name, role, passwordHash: '', generation: '', createdAt: now(), lastLoginAt: '' };
    return withPassword(base, password);
  }

  return {
    async ensureAdmin(first) {
      const [anyone] = await state.list('user', { limit: 1 });
      const kept = await first.read();
      if (anyone !== undefined) return kept;
      const password = kept ?? randomSecret(15);
      // Kept before the account is there: dying in between costs nothing, the other way round it would cost the password.
      await first.keep(password);
      const result = await state.commit([put('user', 'admin', await make('admin', 'admin', password), 0)]);
      return result.ok ? password : undefined;
    },
    async signIn(name, password) {
      const user = await checked(name, password);
      const signedIn = { ...user.value, lastLoginAt: now() };
      const result = await state.commit([put('user', name, signedIn, user.revision)]);
      if (result.ok) return { ...view(signedIn), generation: signedIn.generation };
      // Something changed while the password was checked: a second sign-in does not matter, a new password does.
      const fresh = (await read<UserDocument>(state, 'user', name))?.value;
      if (fresh === undefined || fresh.generation !== user.value.generation) {
        throw new ApiError('GC_BAD_CREDENTIALS', 'name or password is wrong');
      }
      return { ...view(fresh), generation: fresh.generation };
    },
    async changePassword(name, current, next) {
      const user = await checked(name, current);
      const changed = await withPassword(user.value, next);
      const result = await state.commit([put('user', name, changed, user.revision)]);
      if (!result.ok) throw conflict();
      return changed.generation;
    },
    list: async () => (await all()).map(view),
    exists: async (name) => (await state.get('user', name)) !== undefined,
    create: (name, role, given) =>
      alone(async () => {
        if ((await all()).length >= MAX_USERS)
          throw new ApiError('GC_TOO_MANY', `there are ${MAX_USERS} users`);
        const password = given ?? randomSecret(15);
        const user = await make(name, role, password);
        const result = await state.commit([put('user', name, user, 0)]);
        if (!result.ok) throw new ApiError('GC_EXISTS', `there is a user "${name}" already`);
        return { user: view(user), password: given === undefined ? password : '' };
      }),
    setRole: (name, role) =>
      alone(async () => {
        const user = await needed(name);
        if (role !== 'admin' && user.value.role === 'admin') await needAnotherAdmin(name);
        const changed = { ...user.value, role };
        const result = await state.commit([put('user', name, changed, user.revision)]);
        if (!result.ok) throw conflict();
        return view(changed);
      }),
    resetPassword: (name, given) =>
      alone(async () => {
        const user = await needed(name);
        const password = given ?? randomSecret(15);
        const changed = await withPassword(user.value, password);
        const result = await state.commit([put('user', name, changed, user.revision)]);
        if (!result.ok) throw conflict();
        return { user: view(changed), password: given === undefined ? password : '' };
      }),
    delete: (name) =>
      alone(async () => {
        const user = await needed(name);
        if (user.value.role === 'admin') await needAnotherAdmin(name);
        const gone = { op: 'delete', kind: 'user', id: name, ifRevision: user.revision } as const;
        if (!(await state.commit([gone])).ok) throw conflict();
      }),
  };
}
