// Which versions other repositories offer, from the lists that apt keeps where they were not cleaned away.
import { stanzas } from './control.ts';
import { isDistribution } from './origin.ts';

/** `Origin` of one repository, by the beginning that all files of it have. */
export interface AptRepository {
  readonly prefix: string;
  readonly origin: string;
}

/** What one index offers: `name version`. */
export interface AptOffers {
  readonly index: string;
  readonly offers: readonly string[];
}

const FOLDER = '/var/lib/apt/lists/';
const RELEASE = /_(?:In)?Release$/;
/** Distributions' own indexes are larger; those of vendors are small, and only they are of interest. */
const MAX_INDEX_BYTES = 8 * 1024 * 1024;
const MAX_RELEASE_BYTES = 4 * 1024 * 1024;
const DISTRIBUTION_HOST = /^(?:[a-z0-9-]+\.)*(?:debian\.org|ubuntu\.com|kali\.org|raspbian\.org)_/;

const ORIGIN: ReadonlySet<string> = new Set(['origin']);
const OFFER: ReadonlySet<string> = new Set(['package', 'version']);

/** True for lists that `parseAptList` reads. */
export function isAptList(path: string, size: number): boolean {
  if (!path.startsWith(FOLDER)) return false;
  const file = path.slice(FOLDER.length);
  if (file.includes('/')) return false;
  if (RELEASE.test(file)) return size <= MAX_RELEASE_BYTES;
  return file.endsWith('_Packages') && size <= MAX_INDEX_BYTES && !DISTRIBUTION_HOST.test(file);
}

/** The repository or the offers that a list holds; undefined when it says nothing of use. */
export function parseAptList(path: string, text: string): AptRepository | AptOffers | undefined {
  const file = path.slice(FOLDER.length);
  if (RELEASE.test(file)) {
    // A signed file begins with a stanza of the signature.
    for (const stanza of stanzas(text.slice(0, 16_384), ORIGIN)) {
      const origin = stanza.get('origin');
      if (origin !== undefined) return { prefix: file.replace(RELEASE, '_'), origin: origin.slice(0, 200) };
    }
    return undefined;
  }
  const offers: string[] = [];
  for (const stanza of stanzas(text, OFFER)) {
    const name = stanza.get('package');
    const version = stanza.get('version');
    if (name !== undefined && version !== undefined) offers.push(`${name} ${version}`);
  }
  return offers.length === 0 ? undefined : { index: file, offers };
}

/**
 * `name version` → the repository that offers exactly this and is not the distribution's. Indexes whose repository
 * is not named go by their host.
 */
export function offersOfOthers(
  repositories: readonly AptRepository[],
  indexes: readonly AptOffers[],
): ReadonlyMap<string, string> {
  const offers = new Map<string, string>();
  for (const { index, offers: offered } of indexes) {
    const named = repositories.find(({ prefix }) => index.startsWith(prefix))?.origin;
    if (named !== undefined && isDistribution(named)) continue;
    // Mirrors have any host; without release file their indexes cannot be told from a vendor's.
    if (named === undefined && /_(?:debian|ubuntu)(?:-security)?_dists_/.test(index)) continue;
    const origin = named ?? index.split('_', 1)[0] ?? index;
    for (const offer of offered) offers.set(offer, origin);
  }
  return offers;
}
