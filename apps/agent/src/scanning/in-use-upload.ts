// What the server is told of packages in use: evidence joined with the files of packages, for every container where it can be.
import type { InUseUpload } from '@guardcell/contract';
import { packagesInUse } from '@guardcell/vuln/in-use';
import type { ContainerEvidence, Evidence } from './evidence.ts';
import type { OwnershipStore } from './ownership-store.ts';
import { HOST_KEY } from './scan-plan.ts';

type Upload = InUseUpload['containers'][number];

export interface VersionedUpload {
  readonly upload: Upload;
  /** Of the evidence that it is made of. */
  readonly version: number;
}

/** Files that no package owns are kept for a while: the next scan may find whose they are. */
const UNOWNED_KEPT = 1000;
const CONTAINERS_PER_UPLOAD = 100;
const PURL_MAX = 2000;
const EXAMPLE_MAX = 500;
const PACKAGES_MAX = 50_000;

/** Key of the index that says whose the files of a container are; undefined while its image is not known. */
export function indexKey({ id, image }: Pick<ContainerEvidence, 'id' | 'image'>): string | undefined {
  if (id === HOST_KEY) return HOST_KEY;
  return image === undefined ? undefined : image.manifestDigest || image.imageId || `container:${id}`;
}

function packagesOf(
  one: ContainerEvidence,
  evidence: Evidence,
  owners: OwnershipStore,
): Upload['packages'] | undefined {
  const key = indexKey(one);
  const index = key === undefined ? undefined : owners.open(key);
  if (index === undefined) return undefined;
  const inUse = packagesInUse(index, one.files());
  // One file says that a package is in use; the others need no memory any more.
  const kept = new Set(inUse.map(({ example }) => example));
  let unowned = 0;
  for (const { path } of one.files()) {
    if (unowned < UNOWNED_KEPT && index.ownersOf(path).length === 0) {
      kept.add(path);
      unowned++;
    }
  }
  evidence.keepOnly(one.id, kept);
  return inUse
    .filter(({ purl }) => purl.length <= PURL_MAX)
    .slice(0, PACKAGES_MAX)
    .map(({ purl, grade, lastMs, example }) => ({
      purl,
      grade,
      lastAt: new Date(grade === 'unknown' ? one.fromMs : lastMs).toISOString(),
      example: example.slice(0, EXAMPLE_MAX),
    }));
}

/**
 * Containers where something changed and whose packages are known, some at a time. Containers that are gone and were never
 * scanned are forgotten: nobody can say what their files were.
 */
export function nextInUse(
  evidence: Evidence,
  owners: OwnershipStore,
  nowMs: number,
): readonly VersionedUpload[] {
  const uploads: VersionedUpload[] = [];
  for (const one of evidence.list()) {
    if (!one.isChanged || uploads.length >= CONTAINERS_PER_UPLOAD) continue;
    const packages = packagesOf(one, evidence, owners);
    if (packages === undefined) {
      if (one.isGone) evidence.forget(one.id);
      continue;
    }
    const upload: Upload = {
      containerId: one.id,
      manifestDigest: one.image?.manifestDigest ?? '',
      imageId: one.image?.imageId ?? '',
      from: new Date(one.fromMs).toISOString(),
      to: new Date(nowMs).toISOString(),
      lost: one.lost,
      packages,
    };
    uploads.push({ upload, version: one.version });
  }
  return uploads;
}
