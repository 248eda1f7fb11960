// What `docker save` writes. Old form: manifest.json with `<id>/layer.tar`; since docker 25 the same beside an OCI
// layout. Both are read through manifest.json, which names configuration, layers and tags.

import { digestOfBytes, digestOfStream, isDigest, readBounded, verified } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import { type ImageConfig, parseImageConfig } from '../image-config.ts';
import type { ImageLayer, ImageSource } from '../image-source.ts';
import { isObject, listOf, parseJson, textOf, textsOf } from '../json-fields.ts';
import { MAX_CONFIG_BYTES, MAX_INDEX_ENTRIES, MAX_MANIFEST_BYTES } from '../limits.ts';
import { type Platform, platformText, suitability } from '../platform.ts';
import type { FileSet } from './file-set.ts';
import { compressionOf } from './open-archive-files.ts';

export const DOCKER_MANIFEST = 'manifest.json';
const HEX_NAME = /([0-9a-f]{64})(?:\.json|\.tar(?:\.gz)?)?$/;

export interface DockerArchiveRequest {
  readonly name: string;
  readonly files: FileSet;
  /** `name:tag` or `@number` of an image in the archive; empty: the only one. */
  readonly wanted: string;
  readonly platform: Platform | undefined;
  readonly maxBlobBytes: number;
}

interface ArchivedImage {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

async function archivedImages({ files, name }: DockerArchiveRequest): Promise<ArchivedImage[]> {
  const at = `${name}, ${DOCKER_MANIFEST}`;
  const value = parseJson(await readBounded(files.read(DOCKER_MANIFEST), MAX_MANIFEST_BYTES, at));
  const items = listOf(value);
  if (!Array.isArray(value) || items.length > MAX_INDEX_ENTRIES || !items.every(isObject)) {
    throw imageFailure('GC_IMAGE_MANIFEST', 'manifest.json does not list images', { at });
  }
  return items.map((item) => ({
    config: textOf(item['Config']),
    tags: textsOf(item['RepoTags']),
    layers: textsOf(item['Layers']),
  }));
}

function isWanted(image: ArchivedImage, at: number, wanted: string): boolean {
  if (wanted === `@${at}`) return true;
  return image.tags.some(
    (tag) => tag === wanted || tag === `${wanted}:latest` || tag === `docker.io/${wanted}`,
  );
}

function select(images: readonly ArchivedImage[], { wanted, name }: DockerArchiveRequest): ArchivedImage {
  const found = wanted === '' ? images : images.filter((image, at) => isWanted(image, at, wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const tags = images.flatMap((image) => image.tags);
  const hint = tags.length === 0 ? '' : `It has: ${tags.slice(0, 20).join(', ')}.`;
  if (only === undefined)
    throw imageFailure('GC_IMAGE_NOT_FOUND', 'the archive has no such image', { at: name, hint });
  throw imageFailure('GC_IMAGE_REFERENCE', 'the archive has more than one image: say which', {
    at: name,
    hint,
  });
}

async function startOf(files: FileSet, path: string): Promise<Uint8Array> {
  for await (const chunk of files.read(path)) return chunk;
  return new Uint8Array();
}

/** An uncompressed layer is its diffID; of a compressed one the digest stands in its name or has to be computed. */
async function describeLayer(
  request: DockerArchiveRequest,
  path: string,
  diffId: string,
): Promise<Omit<ImageLayer, 'open'>> {
  const { files, name } = request;
  const size = await files.size(path);
  const at = `${name}, layer ${diffId}`;
  if (size === undefined)
    throw imageFailure('GC_IMAGE_NOT_FOUND', `the archive lacks the layer file ${path}`, { at });
  const compression = compressionOf(await startOf(files, path));
  if (compression === 'none') {
    return { digest: diffId, diffId, size, mediaType: 'application/vnd.docker.image.rootfs.diff.tar' };
  }
  if (size > request.maxBlobBytes) {
    throw imageFailure('GC_IMAGE_TOO_LARGE', `a layer of ${size} bytes is not read`, { at });
  }
  const hex = HEX_NAME.exec(path)?.[1];
  const digest = hex === undefined ? await digestOfStream(files.read(path)) : `sha256:${hex}`;
  return { digest, diffId, size, mediaType: `application/vnd.oci.image.layer.v1.tar+${compression}` };
}

async function readConfig(
  request: DockerArchiveRequest,
  path: string,
): Promise<{ config: ImageConfig; digest: string }> {
  const at = `${request.name}, config ${path}`;
  const bytes = await readBounded(request.files.read(path), MAX_CONFIG_BYTES, at);
  const digest = digestOfBytes(bytes);
  const hex = HEX_NAME.exec(path)?.[1];
  if (hex !== undefined && digest !== `sha256:${hex}`) {
    throw imageFailure('GC_IMAGE_DIGEST', `the content has the digest ${digest}`, { at });
  }
  return { config: parseImageConfig(bytes, at), digest };
}

async function* openLayer(
  request: DockerArchiveRequest,
  path: string,
  layer: Omit<ImageLayer, 'open'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const at = `${request.name}, layer ${layer.digest}`;
  if (layer.size > request.maxBlobBytes) {
    throw imageFailure('GC_IMAGE_TOO_LARGE', `a layer of ${layer.size} bytes is not read`, { at });
  }
  yield* verified(request.files.read(path), layer, at);
}

async function read(request: DockerArchiveRequest): Promise<ImageSource> {
  const { files, name, platform } = request;
  const image = select(await archivedImages(request), request);
  const { config, digest: configDigest } = await readConfig(request, image.config);
  if (platform !== undefined && suitability(config, platform) < 0) {
    throw imageFailure('GC_IMAGE_PLATFORM', `the image is for ${platformText(config)}`, { at: name });
  }
  if (config.diffIds.length !== image.layers.length) {
    const message = `the archive lists ${image.layers.length} layers, the configuration ${config.diffIds.length}`;
    throw imageFailure('GC_IMAGE_MANIFEST', message, { at: `${name}, ${DOCKER_MANIFEST}` });
  }
  const layers: ImageLayer[] = [];
  for (const [at, path] of image.layers.entries()) {
    const layer = await describeLayer(request, path, config.diffIds[at] ?? '');
    if (!isDigest(layer.digest))
      throw imageFailure('GC_IMAGE_MANIFEST', 'a layer has no usable digest', { at: name });
    layers.push({ ...layer, open: () => openLayer(request, path, layer) });
  }
  const { tags } = image;
  return {
    name,
    digest: '',
    configDigest,
    platform: platformText(config),
    config,
    layers,
    tags,
    close: files.close,
  };
}

/** The image of an archive. Closes `files` when that fails. @throws CodedError GC_IMAGE_… */
export async function openDockerArchive(request: DockerArchiveRequest): Promise<ImageSource> {
  try {
    return await read(request);
  } catch (error) {
    await request.files.close();
    throw error;
  }
}
