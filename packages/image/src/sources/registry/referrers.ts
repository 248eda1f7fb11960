// What refers to a manifest: signatures, SBOMs, VEX. Spec: OCI distribution-spec 1.1, listing referrers.
import { isDigest } from '../digest.ts';
import { imageFailure, isImageFailure } from '../failures.ts';
import { listOf } from '../json-fields.ts';
import { MAX_INDEX_ENTRIES } from '../limits.ts';
import { type Descriptor, descriptorOf, MANIFEST_TYPES, parseManifest } from '../oci/manifest.ts';
import { pages } from './pages.ts';
import type { RegistryConnection } from './registry-request.ts';

/** Registries without the API keep an index under this tag. */
function fallbackTag(digest: string): string {
  return digest.replace(':', '-').slice(0, 128);
}

async function byApi(
  connection: RegistryConnection,
  repository: string,
  digest: string,
  artifactType: string,
): Promise<Descriptor[] | undefined> {
  const query = artifactType === '' ? '' : `?artifactType=${encodeURIComponent(artifactType)}`;
  const path = `/v2/${repository}/referrers/${digest}${query}`;
  const headers = { accept: MANIFEST_TYPES[1] ?? '' };
  const at = `${connection.host}${path}`;
  let found: Descriptor[] | undefined;
  for await (const { page } of pages(connection, { method: 'GET', path, headers, repository }, true)) {
    found = [...(found ?? []), ...listOf(page['manifests']).map((entry) => descriptorOf(entry, at))];
    if (found.length > MAX_INDEX_ENTRIES) {
      throw imageFailure('GC_IMAGE_TOO_LARGE', `more than ${MAX_INDEX_ENTRIES} referrers are not read`, {
        at,
      });
    }
  }
  return found;
}

async function byTag(
  at: string,
  digest: string,
  manifest: (tag: string) => Promise<{ readonly bytes: Uint8Array }>,
): Promise<readonly Descriptor[]> {
  try {
    const index = parseManifest((await manifest(fallbackTag(digest))).bytes, at);
    return index.kind === 'index' ? index.manifests : [];
  } catch (error) {
    if (isImageFailure(error) && error.code === 'GC_IMAGE_NOT_FOUND') return [];
    throw error;
  }
}

/** @throws CodedError GC_IMAGE_…, GC_REGISTRY_… */
export async function listReferrers(
  connection: RegistryConnection,
  repository: string,
  digest: string,
  artifactType: string,
  manifest: (tag: string) => Promise<{ readonly bytes: Uint8Array }>,
): Promise<readonly Descriptor[]> {
  const at = `${connection.host}/${repository}, referrers of ${digest}`;
  if (!isDigest(digest)) throw imageFailure('GC_IMAGE_REFERENCE', 'this is not a digest', { at });
  const found =
    (await byApi(connection, repository, digest, artifactType)) ?? (await byTag(at, digest, manifest));
  // Registries may ignore the filter.
  return artifactType === '' ? found : found.filter((entry) => entry.artifactType === artifactType);
}
