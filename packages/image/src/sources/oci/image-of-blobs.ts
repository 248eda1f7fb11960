// An image from a place that keeps manifests and blobs by digest: registry, layout, archive, containerd.
import { type Expected, isDigest, readBounded, verified } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import { type ImageConfig, parseImageConfig } from '../image-config.ts';
import type { ImageLayer, ImageSource } from '../image-source.ts';
import { MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES } from '../limits.ts';
import { hostPlatform, type Platform, platformText, suitability } from '../platform.ts';
import { type Descriptor, isForeign, type Manifest, parseManifest } from './manifest.ts';
import { selectPlatform } from './select-platform.ts';

const MAX_INDEX_DEPTH = 4;
const CONFIG_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
  // Written by some older builders.
  'application/octet-stream',
  '',
]);

/** Where bytes come from; they are verified here, not there. */
export interface BlobStore {
  /** The bytes of a manifest, by digest. */
  manifest(entry: Pick<Descriptor, 'digest' | 'size' | 'mediaType'>): AsyncIterable<Uint8Array>;
  blob(entry: Pick<Descriptor, 'digest' | 'size'>): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export interface BlobImageRequest {
  /** As the user wrote it. */
  readonly name: string;
  readonly store: BlobStore;
  /** Manifest or index to begin with; its bytes when they are at hand already (and verified). */
  readonly root: { readonly digest: string; readonly bytes?: Uint8Array };
  /** Undefined: what suits this machine. */
  readonly platform: Platform | undefined;
  readonly maxBlobBytes: number;
  readonly tags?: readonly string[];
}

interface FoundManifest {
  readonly digest: string;
  readonly manifest: Manifest;
}

function manifestBytes(
  store: BlobStore,
  entry: Pick<Descriptor, 'digest' | 'mediaType'>,
  size: number | undefined,
  at: string,
): Promise<Uint8Array> {
  if (size !== undefined && size > MAX_MANIFEST_BYTES) {
    throw imageFailure('GC_IMAGE_TOO_LARGE', `a manifest of ${size} bytes is not read`, { at });
  }
  const expected: Expected = { digest: entry.digest, size };
  const bytes = store.manifest({ ...entry, size: size ?? 0 });
  return readBounded(verified(bytes, expected, at), MAX_MANIFEST_BYTES, at);
}

async function findManifest(request: BlobImageRequest): Promise<FoundManifest> {
  const { name, store, root, platform } = request;
  const wanted = platform ?? hostPlatform();
  let digest = root.digest;
  if (!isDigest(digest))
    throw imageFailure('GC_IMAGE_MANIFEST', 'the manifest has no usable digest', { at: name });
  let bytes =
    root.bytes ??
    (await manifestBytes(store, { digest, mediaType: '' }, undefined, `${name}, manifest ${digest}`));
  for (let depth = 0; depth < MAX_INDEX_DEPTH; depth++) {
    const at = `${name}, manifest ${digest}`;
    const document = parseManifest(bytes, at);
    if (document.kind === 'manifest') return { digest, manifest: document };
    const entry = selectPlatform(document.manifests, wanted, platform !== undefined, at);
    digest = entry.digest;
    bytes = await manifestBytes(store, entry, entry.size, `${name}, manifest ${digest}`);
  }
  throw imageFailure('GC_IMAGE_MANIFEST', `indexes are nested deeper than ${MAX_INDEX_DEPTH}`, { at: name });
}

async function* openLayer(
  request: BlobImageRequest,
  layer: Descriptor,
): AsyncGenerator<Uint8Array, void, undefined> {
  const at = `${request.name}, layer ${layer.digest}`;
  if (isForeign(layer.mediaType)) {
    throw imageFailure(
      'GC_IMAGE_FOREIGN_LAYER',
      'the layer is not part of the image: it names a foreign address',
      {
        at,
        hint: 'Foreign layers are never fetched; what they hold is not looked at.',
      },
    );
  }
  if (layer.size > request.maxBlobBytes) {
    throw imageFailure('GC_IMAGE_TOO_LARGE', `a layer of ${layer.size} bytes is not read`, { at });
  }
  yield* verified(request.store.blob(layer), layer, at);
}

function checkPlatform(config: ImageConfig, platform: Platform | undefined, name: string): void {
  if (platform === undefined || suitability(config, platform) >= 0) return;
  throw imageFailure('GC_IMAGE_PLATFORM', `the image is for ${platformText(config)}`, { at: name });
}

async function readConfig(request: BlobImageRequest, entry: Descriptor): Promise<ImageConfig> {
  const at = `${request.name}, config ${entry.digest}`;
  if (!CONFIG_TYPES.has(entry.mediaType)) {
    throw imageFailure('GC_IMAGE_UNSUPPORTED', `this is not a container image: ${entry.mediaType}`, { at });
  }
  if (entry.size > MAX_CONFIG_BYTES) {
    throw imageFailure('GC_IMAGE_TOO_LARGE', `a configuration of ${entry.size} bytes is not read`, { at });
  }
  return parseImageConfig(
    await readBounded(verified(request.store.blob(entry), entry, at), MAX_CONFIG_BYTES, at),
    at,
  );
}

/**
 * Reads manifest and configuration; layers are read when they are opened. Closes the store when that fails.
 * @throws CodedError GC_IMAGE_…, GC_REGISTRY_…
 */
export async function imageOfBlobs(request: BlobImageRequest): Promise<ImageSource> {
  const { name, store, platform, tags = [] } = request;
  try {
    const { digest, manifest } = await findManifest(request);
    const config = await readConfig(request, manifest.config);
    checkPlatform(config, platform, name);
    if (config.diffIds.length !== manifest.layers.length) {
      const message = `the manifest lists ${manifest.layers.length} layers, the configuration ${config.diffIds.length}`;
      throw imageFailure('GC_IMAGE_MANIFEST', message, { at: `${name}, manifest ${digest}` });
    }
    const layers = manifest.layers.map((layer, at): ImageLayer => {
      const { size, mediaType } = layer;
      const diffId = config.diffIds[at] ?? '';
      return { digest: layer.digest, diffId, size, mediaType, open: () => openLayer(request, layer) };
    });
    const configDigest = manifest.config.digest;
    return {
      name,
      digest,
      configDigest,
      platform: platformText(config),
      config,
      layers,
      tags,
      close: store.close,
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
