// Accounts of people.
import type { Role, UserSchema } from '@guardcell/contract';
import { type Clock, randomSecret } from '@guardcell/kit';
import type { StateStore } from '@guardcell/store';
import type { Type } from 'typebox';
import { ApiError } from '../errors.ts';
import { each, put, read } from '../stored.ts';
import type { PasswordHasher } from './password.ts';

export type UserView = Type.Static<typeof UserSchema>;

interface UserDocument {
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
  readonly createdAt: string;
  readonly lastLoginAt: string;
}

export interface Users {
  /** Makes `admin` when there is nobody yet; the password is returned this once and only its hash is kept. */
  ensureAdmin(): Promise<string | undefined>;
  /** @throws ApiError GC_BAD_CREDENTIALS. Takes equally long whether or not the user exists. */
  signIn(name: string, password: string): Promise<UserView>;
  /** @throws ApiError GC_BAD_CREDENTIALS when `current` is wrong. */
  changePassword(name: string, current: string, next: string): Promise<void>;
  list(): Promise<UserView[]>;
}

function view({ name, role, createdAt, lastLoginAt }: UserDocument): UserView {
  return { name, role, createdAt, lastLoginAt };
}

export function createUsers(state: StateStore, hasher: PasswordHasher, clock: Clock): Users {
  const now = (): string => new Date(clock.nowMs()).toISOString();

  async function checked(name: string, password: string): Promise<{ value: UserDocument; revision: number }> {
    const user = await read<UserDocument>(state, 'user', name);
    const right = await hasher.verify(password, user?.value.passwordHash);
    if (user === undefined || !right) throw new ApiError('GC_BAD_CREDENTIALS', 'name or password is wrong');
    return user;
  }

  return {
    async ensureAdmin() {
      const [anyone] = await state.list('user', { limit: 1 });
      if (anyone !== undefined) return undefined;
      const password = randomSecret(15);
      const admin: UserDocument = {
        name: 'admin',
        role: 'admin',
        passwordHash: await hasher.hash(password),
        createdAt: now(),
        lastLoginAt: '',
      };
      const result = await state.commit([put('user', admin.name, admin, 0)]);
      return result.ok ? password : undefined;
    },
    async signIn(name, password) {
      const user = await checked(name, password);
      const signedIn = { ...user.value, lastLoginAt: now() };
      // A password change in between wins; the time of the last sign-in is not worth a failure.
      await state.commit([put('user', name, signedIn, user.revision)]);
      return view(signedIn);
    },
    async changePassword(name, current, next) {
      const user = await checked(name, current);
      const changed = { ...user.value, passwordHash: await hasher.hash(next) };
      const result = await state.commit([put('user', name, changed, user.revision)]);
      if (!result.ok) throw new ApiError('GC_CONFLICT', 'the account changed in the meantime');
    },
    async list() {
      const found: UserView[] = [];
      for await (const user of each<UserDocument>(state, 'user')) found.push(view(user.value));
      return found;
    },
  };
}
