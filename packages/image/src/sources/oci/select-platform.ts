// Which image of an index is meant.
import { imageFailure } from '../failures.ts';
import { type Platform, platformText, suitability } from '../platform.ts';
import type { Descriptor } from './manifest.ts';

/** Buildkit puts attestations beside the images, for a platform that does not exist. */
function isImage({ platform, annotations }: Descriptor): boolean {
  return platform?.os !== 'unknown' && annotations['vnd.docker.reference.type'] !== 'attestation-manifest';
}

/**
 * The best entry for a platform. Without an explicit wish an only image is taken whatever it is for.
 * @throws CodedError GC_IMAGE_PLATFORM with what there is.
 */
export function selectPlatform(
  entries: readonly Descriptor[],
  wanted: Platform,
  explicit: boolean,
  at: string,
): Descriptor {
  const images = entries.filter(isImage);
  const [only] = images;
  if (only !== undefined && images.length === 1 && (!explicit || only.platform === undefined)) return only;
  const ranked = images
    .map((entry) => ({
      entry,
      rank: entry.platform === undefined ? -1 : suitability(entry.platform, wanted),
    }))
    .filter(({ rank }) => rank >= 0)
    .toSorted((a, b) => b.rank - a.rank);
  const best = ranked[0]?.entry;
  if (best !== undefined) return best;
  const offered = images.flatMap(({ platform }) => (platform === undefined ? [] : [platformText(platform)]));
  throw imageFailure('GC_IMAGE_PLATFORM', `there is no image for ${platformText(wanted)}`, {
    at,
    hint: offered.length === 0 ? 'The index lists no image.' : `It has: ${[...new Set(offered)].join(', ')}.`,
  });
}
