// An image in docker's store. Its description comes from the API at once; the export (docker gives all layers or
// none) is only made when a layer is opened, so that a scan whose layers are known needs none.
import { openDockerArchive } from '../archive/docker-archive.ts';
import { spool } from '../archive/spool.ts';
import { tarFiles } from '../archive/tar-files.ts';
import { isDigest } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import { type ImageConfig, imageConfigOf } from '../image-config.ts';
import type { ImageLayer, ImageSource } from '../image-source.ts';
import { isObject, type JsonObject, listOf, objectOf, sizeOf, textOf, textsOf } from '../json-fields.ts';
import type { OpenImageOptions, OpenRequest } from '../open-image.ts';
import { platformText, suitability } from '../platform.ts';
import { type DockerEngine, dockerEngine } from './docker-engine.ts';

function pathOf(name: string): string {
  return `/images/${name.split('/').map(encodeURIComponent).join('/')}`;
}

/** The engine lists the newest step first and marks empty layers by their size alone. */
function historyOf(value: unknown): JsonObject[] {
  return listOf(value)
    .map(objectOf)
    .map((step) => ({
      created: new Date((sizeOf(step['Created']) ?? 0) * 1000).toISOString(),
      created_by: textOf(step['CreatedBy']),
      comment: textOf(step['Comment']),
      empty_layer: step['Size'] === 0,
    }))
    .toReversed();
}

function configOf(facts: JsonObject, history: unknown, at: string): ImageConfig {
  const value = {
    os: facts['Os'],
    architecture: facts['Architecture'],
    variant: facts['Variant'],
    created: facts['Created'],
    author: facts['Author'],
    rootfs: { diff_ids: listOf(objectOf(facts['RootFS'])['Layers']) },
    config: facts['Config'],
    history: historyOf(history),
  };
  return imageConfigOf(value, at);
}

/** The digest of the manifest that the image was pulled with, when there is exactly one. */
function pulledDigest(facts: JsonObject): string {
  const digests = textsOf(facts['RepoDigests']).map((name) => name.slice(name.indexOf('@') + 1));
  const [only = ''] = new Set(digests);
  return new Set(digests).size === 1 && isDigest(only) ? only : '';
}

async function exported(engine: DockerEngine, id: string, request: OpenRequest): Promise<ImageSource> {
  const copy = await spool(
    engine.stream(`${pathOf(id)}/get`),
    request.maxSpoolBytes,
    request.name,
    request.signal,
  );
  try {
    const files = await tarFiles(copy.file, copy.remove);
    return await openDockerArchive({ ...request, files, wanted: '' });
  } catch (error) {
    await copy.remove();
    throw error;
  }
}

interface Export {
  open(): Promise<ImageSource>;
  close(): Promise<void>;
}

/** One export, made when it is first needed. */
function lazyExport(make: () => Promise<ImageSource>): Export {
  let made: Promise<ImageSource> | undefined;
  let closed = false;
  return {
    open: async () => {
      if (closed) throw imageFailure('GC_IMAGE_STORE', 'the image was closed already');
      made ??= make();
      return made;
    },
    close: async () => {
      closed = true;
      await (await made?.catch(() => undefined))?.close();
    },
  };
}

function layersOf(config: ImageConfig, archive: Export, name: string): ImageLayer[] {
  async function* open(at: number, diffId: string): AsyncGenerator<Uint8Array, void, undefined> {
    const layer = (await archive.open()).layers[at];
    if (layer?.diffId !== diffId) {
      throw imageFailure('GC_IMAGE_DIGEST', 'docker exported another image', {
        at: `${name}, layer ${diffId}`,
      });
    }
    yield* layer.open();
  }
  return config.diffIds.map((diffId, at) => ({
    digest: diffId,
    diffId,
    size: 0,
    mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
    open: () => open(at, diffId),
  }));
}

/** @throws CodedError GC_IMAGE_NOT_FOUND, GC_IMAGE_STORE, GC_IMAGE_PLATFORM, GC_IMAGE_MANIFEST. */
export async function openDockerImage(
  image: string,
  request: OpenRequest,
  options: OpenImageOptions,
): Promise<ImageSource> {
  const { name, platform } = request;
  if (/[\s?#]|\.\./.test(image))
    throw imageFailure('GC_IMAGE_REFERENCE', 'this is not a name of an image', { at: name });
  const engine = dockerEngine(options.dockerHost, options.signal);
  const answer = await engine.json(`${pathOf(image)}/json`);
  const facts = objectOf(answer);
  const id = textOf(facts['Id']);
  if (id === '') {
    const hint = 'See docker images, or leave out docker: to ask the registry.';
    throw imageFailure('GC_IMAGE_NOT_FOUND', 'docker does not have this image', { at: name, hint });
  }
  const archive = lazyExport(() => exported(engine, id, request));
  const history = await engine.json(`${pathOf(id)}/history`);
  const config = configOf(facts, history, `${name}, config ${id}`);
  const steps = config.history.filter((step) => !step.emptyLayer).length;
  const digest = pulledDigest(facts);
  const tags = textsOf(facts['RepoTags']);
  // With containerd's store layers are compressed, and the id is not the configuration's digest.
  const isPlainStore = !isObject(facts['Descriptor']) && steps === config.diffIds.length;
  if (!isPlainStore) return { ...(await archive.open()), name, digest, tags, close: archive.close };
  if (platform !== undefined && suitability(config, platform) < 0) {
    throw imageFailure('GC_IMAGE_PLATFORM', `the image is for ${platformText(config)}`, { at: name });
  }
  return {
    name,
    digest,
    configDigest: id,
    platform: platformText(config),
    config,
    layers: layersOf(config, archive, name),
    tags,
    close: archive.close,
  };
}
