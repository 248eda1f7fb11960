// Registries that administrators have named. Passwords are files of their own, so that no answer, log or copy of the
// state store holds one.
import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryInput } from '@guardcell/contract';
import { type Clock, randomSecret } from '@guardcell/kit';
import type { StateStore } from '@guardcell/store';
import { writePrivate } from '../data-dir.ts';
import { ApiError, notFound } from '../errors.ts';
import { checkMatch, entityTag, stale } from '../http/entity-tag.ts';
import { each, put, read, remove, type Stored } from '../stored.ts';
import type { RegistryAccess, RegistrySelectionInput } from './helper/work-types.ts';
import { registryAddress } from './registry-address.ts';

export interface RegistryDocument extends Omit<RegistryInput, 'password'> {
  readonly name: string;
  /** Name of the file with the password; empty: none. */
  readonly secret: string;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface Registries {
  list(): Promise<RegistryDocument[]>;
  get(name: string): Promise<{ readonly registry: RegistryDocument; readonly tag: string } | undefined>;
  /** @throws ApiError GC_INVALID_REQUEST, GC_REGISTRY_ADDRESS, GC_STALE, GC_TOO_MANY. */
  put(
    name: string,
    input: RegistryInput,
    by: string,
    ifMatch?: string,
  ): Promise<{ readonly registry: RegistryDocument; readonly tag: string; readonly isNew: boolean }>;
  /** @throws ApiError GC_NOT_FOUND. */
  delete(name: string): Promise<void>;
  /** How it is spoken to, with its password. */
  access(registry: RegistryDocument): Promise<RegistryAccess>;
  /** As it would be saved. @throws as `put`. */
  accessOf(name: string, input: RegistryInput): Promise<RegistryAccess>;
}

const MAX_REGISTRIES = 200;
const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/;

export function selectionOf(registry: Omit<RegistryInput, 'password'>): RegistrySelectionInput {
  const { prefix } = registryAddress(registry.url, registry.allowInsecure);
  const { repositories, exclude, tags, newestTags } = registry;
  return { prefix, repositories, exclude, tags, newestTags };
}

function invalid(pointer: string, message: string): ApiError {
  return new ApiError('GC_INVALID_REQUEST', `${pointer} ${message}`, { errors: [{ pointer, message }] });
}

function checkCertificates(ca: string): void {
  if (ca === '') return;
  const blocks = ca.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw invalid('/ca', 'must hold certificates in PEM');
  for (const block of blocks) {
    try {
      void new X509Certificate(block);
    } catch {
      throw invalid('/ca', 'holds a certificate that cannot be read');
    }
  }
}

/** Opens the list; files of passwords that no registry names any more are removed. */
export async function openRegistries(
  state: StateStore,
  secretsDir: string,
  clock: Clock,
): Promise<Registries> {
  // A folder below: response rules take signing keys from the folder itself.
  const dir = join(secretsDir, 'registries');
  let last: Promise<unknown> = Promise.resolve();

  async function all(): Promise<RegistryDocument[]> {
    const found: RegistryDocument[] = [];
    for await (const { value } of each<RegistryDocument>(state, 'registry')) found.push(value);
    return found;
  }

  async function sweep(): Promise<void> {
    const named = new Set((await all()).map(({ secret }) => secret));
    for (const file of await readdir(dir).catch(() => [])) {
      if (!named.has(file)) await rm(join(dir, file), { force: true });
    }
  }
  await sweep();

  /** One write at a time: a password must not be lost between two of them. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  function check(name: string, input: RegistryInput): void {
    if (!NAME.test(name)) {
      throw new ApiError('GC_INVALID_REQUEST', 'the name must be of lower case letters, digits and . _ -');
    }
    registryAddress(input.url, input.allowInsecure);
    checkCertificates(input.ca);
    if (input.username === '' && (input.password ?? '') !== '') {
      throw invalid('/username', 'must be given with a password');
    }
    if (/[\r\n:]/.test(input.username)) throw invalid('/username', 'must have no colon and no line break');
  }

  /** Whether the password that is kept goes on: it is for one user at one address alone. */
  function keepsSecret(before: RegistryDocument | undefined, input: RegistryInput): boolean {
    if (before === undefined || before.secret === '' || input.password !== undefined) return false;
    if (input.username === '') return false;
    const origin = (of: Pick<RegistryInput, 'url' | 'allowInsecure'>): string =>
      registryAddress(of.url, of.allowInsecure).origin;
    if (origin(before) === origin(input) && before.username === input.username) return true;
    throw invalid('/password', 'must be given again when the address or the user changes');
  }

  async function passwordOf({ secret }: RegistryDocument): Promise<string> {
    return secret === '' ? '' : readFile(join(dir, secret), 'utf8');
  }

  function accessWith(registry: Omit<RegistryInput, 'password'>, password: string): RegistryAccess {
    const { host, plainHttp } = registryAddress(registry.url, registry.allowInsecure);
    return { host, plainHttp, username: registry.username, password, ca: registry.ca };
  }

  const found = (name: string): Promise<Stored<RegistryDocument> | undefined> =>
    read<RegistryDocument>(state, 'registry', name);

  return {
    list: all,
    async get(name) {
      const stored = await found(name);
      return stored && { registry: stored.value, tag: entityTag(stored.revision) };
    },
    put: (name, input, by, ifMatch) =>
      alone(async () => {
        check(name, input);
        const before = await found(name);
        checkMatch(ifMatch, before === undefined ? undefined : entityTag(before.revision));
        if (before === undefined && (await all()).length >= MAX_REGISTRIES) {
          throw new ApiError('GC_TOO_MANY', `there are ${MAX_REGISTRIES} registries already`);
        }
        const keeps = keepsSecret(before?.value, input);
        const { password = '', ...rest } = input;
        let secret = keeps ? (before?.value.secret ?? '') : '';
        if (password !== '') {
          secret = `${name}-${randomSecret(9)}`;
          await mkdir(dir, { recursive: true, mode: 0o700 });
          await writePrivate(join(dir, secret), password);
        }
        const registry: RegistryDocument = {
          ...rest,
          name,
          secret,
          createdAt: before?.value.createdAt ?? new Date(clock.nowMs()).toISOString(),
          createdBy: before?.value.createdBy ?? by,
        };
        const result = await state.commit([put('registry', name, registry, before?.revision ?? 0)]);
        if (!result.ok) throw stale();
        if (before !== undefined && before.value.secret !== '' && before.value.secret !== secret) {
          await rm(join(dir, before.value.secret), { force: true });
        }
        return { registry, tag: entityTag(result.revision), isNew: before === undefined };
      }),
    delete: (name) =>
      alone(async () => {
        const before = await found(name);
        if (before === undefined) throw notFound('registry', name);
        await state.commit([remove('registry', name), remove('registry-run', name)]);
        if (before.value.secret !== '') await rm(join(dir, before.value.secret), { force: true });
      }),
    access: async (registry) => accessWith(registry, await passwordOf(registry)),
    async accessOf(name, input) {
      check(name, input);
      const before = await found(name);
      const keeps = keepsSecret(before?.value, input);
      const password =
        keeps && before !== undefined ? await passwordOf(before.value) : (input.password ?? '');
      return accessWith(input, password);
    },
  };
}
