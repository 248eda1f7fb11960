// How helper processes speak to a registry that an administrator has named, and where they do not go.
import { lookup } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegistryOptions } from '@guardcell/image';
import { CodedError } from '@guardcell/kit';
import type { RegistryAccess } from '../helper/work-types.ts';
import { isForbiddenAddress } from '../registry-address.ts';

/** @throws CodedError GC_REGISTRY_ADDRESS for names that lead to addresses where no registry may be. */
async function checkPlace({ host }: RegistryAccess): Promise<void> {
  const { hostname } = new URL(`https://${host}`);
  const plain = hostname.replace(/^\[|\]$/g, '');
  // A name that nobody knows is told by the connection, with its own words.
  const found = await lookup(plain, { all: true }).catch(() => []);
  const wrong = found.find(({ address }) => isForbiddenAddress(address));
  if (wrong === undefined) return;
  throw new CodedError(
    'GC_REGISTRY_ADDRESS',
    'the name of the registry leads to an address that is not allowed',
    {
      at: `${host} → ${wrong.address}`,
      hint: 'Link-local addresses belong to the machine and its cloud, not to registries.',
    },
  );
}

/**
 * Runs `work` with the options for the registry. What is needed as files is in a folder of its own and removed.
 * Docker's configuration is never asked: it belongs to whoever runs the server.
 */
export async function withRegistry<Result>(
  access: RegistryAccess,
  signal: AbortSignal,
  work: (options: RegistryOptions) => Promise<Result>,
): Promise<Result> {
  await checkPlace(access);
  const folder = await mkdtemp(join(tmpdir(), 'guardcell-registry-'));
  try {
    const authFile = join(folder, 'config.json');
    await writeFile(authFile, '{}', { mode: 0o600 });
    const caFile = join(folder, 'ca.pem');
    if (access.ca !== '') await writeFile(caFile, access.ca, { mode: 0o600 });
    const { username, password } = access;
    return await work({
      authFile,
      signal,
      // Names may lead elsewhere by now, and registries name further places: for tokens, for content.
      mayConnect: (address) => !isForbiddenAddress(address),
      ...(access.ca !== '' && { tls: { caFile } }),
      ...(username !== '' && { credentials: { username, password } }),
      // Whether it may be was decided when the registry was saved.
      ...(access.plainHttp && { plainHttp: true, plainHttpAnywhere: true }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
