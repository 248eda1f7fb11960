// Scans the selected images of a registry and hands over each report when it is ready. Vulnerabilities are matched later,
// from what is stored: so they are right whatever database comes.
import { openLayerCache } from '@guardcell/image';
import { CodedError } from '@guardcell/kit';
import { SCAN_PARTS, type ScanPart, scanRegistry } from '@guardcell/scan';
import type { Work } from '../helper/protocol.ts';
import type { ListedImage, RegistrySelectionInput } from '../helper/work-types.ts';
import { withRegistry } from './registry-access.ts';

const PARTS: ReadonlySet<ScanPart> = new Set(SCAN_PARTS.filter((part) => part !== 'vulnerabilities'));
/** Two cores are typical, and one of them belongs to others. */
const PARALLEL = 1;
/** Beyond this a registry is hostile, or somebody means only a part of it. */
const MAX_REPOSITORIES = 20_000;
const MAX_IMAGES = 200_000;
/** A registry that fails so often in a row is not asked on. */
const MAX_FAILURES = 100;

function tooMuch(what: string): CodedError {
  return new CodedError('GC_REGISTRY_TOO_LARGE', `the registry has more than ${what}`, {
    hint: 'Name the repositories that are to be scanned, or only the newest tags.',
  });
}

export function selectionOf(input: RegistrySelectionInput): {
  readonly prefix?: string;
  readonly repositories: readonly string[];
  readonly exclude: readonly string[];
  readonly tags: readonly string[];
  readonly newest?: number;
} {
  return {
    repositories: input.repositories,
    exclude: input.exclude,
    tags: input.tags,
    ...(input.prefix !== '' && { prefix: input.prefix }),
    ...(input.newestTags > 0 && { newest: input.newestTags }),
  };
}

export const scanRegistryWork: Work<'scanRegistry'> = async (input, { ask, signal }) => {
  const { access, selection, cacheDir } = input;
  const cache = openLayerCache({ directory: cacheDir });
  await withRegistry(access, signal, async (registry) => {
    let counted = '';
    const progress = { images: 0, done: 0 };
    const results = scanRegistry(access.host, {
      selection: selectionOf(selection),
      only: PARTS,
      parallel: PARALLEL,
      cache,
      signal,
      image: { registry },
      isKnown: async ({ reference, digest, tags }) => {
        await tell();
        return ask({ kind: 'known', image: { reference, digest, tags } });
      },
      onProgress({ repositories, images, done }) {
        if (repositories > MAX_REPOSITORIES) throw tooMuch(`${MAX_REPOSITORIES} repositories`);
        if (images > MAX_IMAGES) throw tooMuch(`${MAX_IMAGES} images`);
        Object.assign(progress, { images, done });
      },
    });
    async function tell(): Promise<void> {
      const now = `${progress.images} ${progress.done}`;
      if (now === counted) return;
      counted = now;
      await ask({ kind: 'progress', ...progress });
    }
    let failures = 0;
    for await (const result of results) {
      await tell();
      const isFailure = result.outcome === 'unlisted' || result.outcome === 'failed';
      failures = isFailure ? failures + 1 : 0;
      if (isFailure && failures > MAX_FAILURES) {
        const { code, message, at } = result.problem;
        throw new CodedError(
          'GC_REGISTRY_FAILING',
          `the registry fails again and again: ${code} ${message}`,
          { at },
        );
      }
      if (result.outcome === 'unlisted') {
        await ask({ kind: 'failed', reference: result.reference, problem: result.problem });
        continue;
      }
      const { reference, digest, tags } = result;
      const image: ListedImage = { reference, digest, tags };
      if (result.outcome === 'scanned') await ask({ kind: 'scanned', image, report: result.report });
      else if (result.outcome === 'failed') await ask({ kind: 'failed', reference, problem: result.problem });
      else await ask({ kind: 'skipped', image });
    }
    await tell();
  });
  return undefined;
};
