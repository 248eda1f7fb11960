// OCI image layouts, as folders and inside archives. Spec: OCI image-layout.md.

import type { FileSet } from '../archive/file-set.ts';
import { digestOfBytes, isDigest, readBounded } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import type { ImageSource } from '../image-source.ts';
import { MAX_MANIFEST_BYTES } from '../limits.ts';
import type { Platform } from '../platform.ts';
import { type BlobStore, imageOfBlobs } from './image-of-blobs.ts';
import { type Descriptor, parseManifest } from './manifest.ts';

const INDEX = 'index.json';
const REF_NAME = 'org.opencontainers.image.ref.name';
const FULL_NAME = 'io.containerd.image.name';

export interface LayoutRequest {
  readonly name: string;
  readonly files: FileSet;
  /** Tag, full name or digest of an entry; empty: the only image there is. */
  readonly wanted: string;
  readonly platform: Platform | undefined;
  readonly maxBlobBytes: number;
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function storeOf(files: FileSet): BlobStore {
  return {
    manifest: ({ digest }) => files.read(blobPath(digest)),
    blob: ({ digest }) => files.read(blobPath(digest)),
    close: files.close,
  };
}

function namesOf({ annotations }: Descriptor): string[] {
  return [annotations[REF_NAME], annotations[FULL_NAME]].filter((name) => name !== undefined);
}

function isNamed(entry: Descriptor, wanted: string): boolean {
  if (entry.digest === wanted) return true;
  return namesOf(entry).some((name) => name === wanted || name.endsWith(`:${wanted}`));
}

function distinct(entries: readonly Descriptor[]): Descriptor[] {
  return [...new Map(entries.map((entry) => [entry.digest, entry])).values()];
}

/** The entries that are meant: one, or one image for several platforms. */
function selectEntries(entries: readonly Descriptor[], { wanted, name }: LayoutRequest): Descriptor[] {
  const known = [...new Set(entries.flatMap(namesOf))];
  const hint = known.length === 0 ? '' : `It has: ${known.slice(0, 20).join(', ')}.`;
  const found = distinct(wanted === '' ? entries : entries.filter((entry) => isNamed(entry, wanted)));
  if (found.length === 0) {
    const message = wanted === '' ? 'the layout has no image' : `the layout has no image ${wanted}`;
    throw imageFailure('GC_IMAGE_NOT_FOUND', message, { at: name, hint });
  }
  const names = new Set(found.map((entry) => namesOf(entry)[0] ?? ''));
  if (wanted === '' && names.size > 1) {
    throw imageFailure('GC_IMAGE_REFERENCE', 'the layout has more than one image: say which', {
      at: name,
      hint,
    });
  }
  return found;
}

/** The layout's image. Closes `files` when that fails. @throws CodedError GC_IMAGE_… */
export async function openLayout(request: LayoutRequest): Promise<ImageSource> {
  const { files, name, wanted } = request;
  const store = storeOf(files);
  let root: { readonly digest: string; readonly bytes?: Uint8Array };
  let tags: readonly string[] = [];
  try {
    if ((await files.size(INDEX)) === undefined) {
      throw imageFailure('GC_IMAGE_NOT_FOUND', 'this is not an OCI image layout: it has no index.json', {
        at: name,
      });
    }
    const at = `${name}, ${INDEX}`;
    const bytes = await readBounded(files.read(INDEX), MAX_MANIFEST_BYTES, at);
    const index = parseManifest(bytes, at);
    if (index.kind !== 'index') throw imageFailure('GC_IMAGE_MANIFEST', 'index.json is not an index', { at });
    const isNestedDigest = isDigest(wanted) && !index.manifests.some((entry) => entry.digest === wanted);
    if (isNestedDigest) root = { digest: wanted };
    else {
      const found = selectEntries(index.manifests, request);
      const [only] = found;
      tags = found.flatMap(namesOf);
      // Entries for several platforms: the index file itself is then the index of the image.
      root =
        found.length === 1 && only !== undefined
          ? { digest: only.digest }
          : { digest: digestOfBytes(bytes), bytes };
    }
  } catch (error) {
    await files.close();
    throw error;
  }
  const { platform, maxBlobBytes } = request;
  return imageOfBlobs({ name, store, root, platform, maxBlobBytes, tags });
}
