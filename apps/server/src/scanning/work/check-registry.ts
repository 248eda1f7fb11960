// Tries a registry as it would be saved: can it be reached, may it be read, what does it hold.
import { openRegistry, type RegistryClient } from '@guardcell/image';
import { errorFacts } from '@guardcell/kit';
import { globMatches } from '@guardcell/vuln';
import type { Work } from '../helper/protocol.ts';
import type { RegistrySelectionInput } from '../helper/work-types.ts';
import { withRegistry } from './registry-access.ts';

const SHOWN = 20;
const LOOKED_AT = 20_000;
const TIMEOUT_MS = 20_000;

function below(prefix: string, glob: string): string {
  return prefix === '' || glob === prefix || glob.startsWith(`${prefix}/`) ? glob : `${prefix}/${glob}`;
}

function isWanted(name: string, { prefix, repositories, exclude }: RegistrySelectionInput): boolean {
  if (prefix !== '' && name !== prefix && !name.startsWith(`${prefix}/`)) return false;
  if (exclude.some((glob) => globMatches(below(prefix, glob), name))) return false;
  return repositories.length === 0 || repositories.some((glob) => globMatches(below(prefix, glob), name));
}

async function firstRepositories(
  client: RegistryClient,
  selection: RegistrySelectionInput,
): Promise<readonly string[]> {
  const globs = selection.repositories.map((glob) => below(selection.prefix, glob));
  const isNamed = globs.length > 0 && globs.every((glob) => !/[*?]/.test(glob));
  const found: string[] = [];
  if (isNamed) {
    // Registries that list nothing are asked for what is named.
    for (const name of globs.slice(0, SHOWN)) {
      for await (const _tag of client.tags(name)) break;
      found.push(name);
    }
    return found;
  }
  let looked = 0;
  for await (const name of client.repositories()) {
    looked += 1;
    if (isWanted(name, selection)) found.push(name);
    if (found.length >= SHOWN || looked >= LOOKED_AT) break;
  }
  return found;
}

export const checkRegistry: Work<'checkRegistry'> = async ({ access, selection }, { signal }) => {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    return await withRegistry(access, bounded, async (options) => {
      const client = openRegistry(access.host, { ...options, retries: 1, timeoutMs: TIMEOUT_MS / 2 });
      try {
        const repositories = await firstRepositories(client, selection);
        const detail =
          repositories.length === 0
            ? 'the registry answers; no repository passes the filters'
            : 'the registry answers';
        return { ok: true, code: '', detail, repositories: [...repositories] };
      } finally {
        await client.close();
      }
    });
  } catch (thrown) {
    signal.throwIfAborted();
    const { code, message, hint } = errorFacts(thrown);
    const isSlow = bounded.aborted;
    return {
      ok: false,
      code: isSlow ? 'GC_REGISTRY_TIMEOUT' : code,
      detail: isSlow
        ? `no answer within ${TIMEOUT_MS / 1000} s`
        : [message, hint].filter((each) => each !== '').join('. '),
      repositories: [],
    };
  }
};
