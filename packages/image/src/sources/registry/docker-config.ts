// Credentials from docker's and podman's configuration files. Spec: docker's config.json, containers-auth.json(5).
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemErrorCode } from '@guardcell/kit';
import { imageFailure } from '../failures.ts';
import { isObject, type JsonObject, objectOf, parseJson, textOf } from '../json-fields.ts';
import { askCredentialHelper } from './credential-helper.ts';
import type { RegistryOptions } from './registry-options.ts';

const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
const HUB_KEY = 'https://index.docker.io/v1/';

/** What a configuration has for a registry. */
export type StoredCredentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity-token'; readonly token: string }
  | { readonly kind: 'registry-token'; readonly token: string };

type Environment = NonNullable<RegistryOptions['env']>;

/** The files that are asked, in this order. */
function configFiles(authFile: string | undefined, env: Environment): readonly string[] {
  if (authFile !== undefined) return [authFile];
  const runtime = env['XDG_RUNTIME_DIR'];
  const home = env['HOME'] ?? homedir();
  return [
    ...(env['REGISTRY_AUTH_FILE'] === undefined ? [] : [env['REGISTRY_AUTH_FILE']]),
    join(env['DOCKER_CONFIG'] ?? join(home, '.docker'), 'config.json'),
    ...(runtime === undefined ? [] : [join(runtime, 'containers', 'auth.json')]),
  ];
}

function readConfig(file: string): JsonObject {
  let bytes: Buffer;
  try {
    const facts = statSync(file);
    if (!facts.isFile() || facts.size > MAX_CONFIG_BYTES)
      throw new Error('not a regular file of a sensible size');
    bytes = readFileSync(file);
  } catch (error) {
    throw imageFailure('GC_REGISTRY_CREDENTIALS', 'the file with credentials cannot be read', {
      at: file,
      cause: error,
    });
  }
  const value = parseJson(bytes);
  if (isObject(value)) return value;
  throw imageFailure('GC_REGISTRY_CREDENTIALS', 'the file with credentials is not a JSON object', {
    at: file,
  });
}

/** `https://host/v1/` → `host`; podman's `host/team` keeps its path. */
function normalKey(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');
}

/** Keys that hold for a repository, most exact first: `host/team/app`, `host/team`, `host`. */
function keysFor(host: string, repository: string): readonly string[] {
  const parts = repository === '' ? [] : repository.split('/');
  const exact = parts.map((_, at) => `${host}/${parts.slice(0, parts.length - at).join('/')}`);
  return [...exact, host, ...(host === 'docker.io' ? ['index.docker.io', 'registry-1.docker.io'] : [])];
}

function fromEntry(entry: JsonObject): StoredCredentials | undefined {
  const registryToken = textOf(entry['registrytoken']);
  if (registryToken !== '') return { kind: 'registry-token', token: registryToken };
  const identity = textOf(entry['identitytoken']);
  if (identity !== '') return { kind: 'identity-token', token: identity };
  const joined = Buffer.from(textOf(entry['auth']), 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = joined.indexOf(':');
  if (colon > 0)
    return { kind: 'password', username: joined.slice(0, colon), password: joined.slice(colon + 1) };
  const username = textOf(entry['username']);
  return username === '' ? undefined : { kind: 'password', username, password: textOf(entry['password']) };
}

function fromAuths(config: JsonObject, keys: readonly string[]): StoredCredentials | undefined {
  const entries = new Map(
    Object.entries(objectOf(config['auths'])).map(([key, entry]) => [normalKey(key), entry]),
  );
  for (const key of keys) {
    const found = fromEntry(objectOf(entries.get(key)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A configuration that was copied from elsewhere may name a store that this machine lacks: nothing is kept there. */
async function askStore(
  name: string,
  server: string,
  env: Environment,
): Promise<StoredCredentials | undefined> {
  try {
    return await askCredentialHelper(name, server, env);
  } catch (error) {
    if (error instanceof Error && systemErrorCode(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The credentials for a repository; undefined when no configuration has any.
 * @throws CodedError GC_REGISTRY_CREDENTIALS for a file that cannot be read or a helper that fails.
 */
export async function storedCredentials(
  host: string,
  repository: string,
  options: RegistryOptions,
): Promise<StoredCredentials | undefined> {
  const env = options.env ?? process.env;
  const files = configFiles(options.authFile, env);
  const present = options.authFile === undefined ? files.filter((file) => existsSync(file)) : files;
  const keys = keysFor(host, repository);
  for (const file of present) {
    const config = readConfig(file);
    const helper = textOf(objectOf(config['credHelpers'])[host]);
    const server = host === 'docker.io' ? HUB_KEY : host;
    const fromHelper = helper === '' ? undefined : await askCredentialHelper(helper, server, env);
    const found = fromHelper ?? fromAuths(config, keys);
    if (found !== undefined) return found;
    const store = textOf(config['credsStore']);
    const fromStore = store === '' || helper !== '' ? undefined : await askStore(store, server, env);
    if (fromStore !== undefined) return fromStore;
  }
  return undefined;
}
