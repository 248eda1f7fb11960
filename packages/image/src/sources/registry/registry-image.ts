// An image in a registry.
import type { ImageSource } from '../image-source.ts';
import { type BlobStore, imageOfBlobs } from '../oci/image-of-blobs.ts';
import type { OpenImageOptions, OpenRequest } from '../open-image.ts';
import { fullName, type RegistryReference } from '../reference.ts';
import { openRegistry, type RegistryClient } from './registry-client.ts';

function storeOf(client: RegistryClient, repository: string): BlobStore {
  return {
    manifest: async function* manifest({ digest }) {
      yield (await client.manifest(repository, digest)).bytes;
    },
    blob: (entry) => client.blob(repository, entry),
    close: client.close,
  };
}

/** @throws CodedError GC_IMAGE_…, GC_REGISTRY_… */
export async function openRegistryImage(
  reference: RegistryReference,
  request: OpenRequest,
  options: OpenImageOptions,
): Promise<ImageSource> {
  const { host, repository, tag, digest } = reference;
  const client = openRegistry(host, {
    ...options.registry,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    const root = await client.manifest(repository, digest === '' ? tag : digest);
    const tags = tag === '' ? [] : [fullName(reference)];
    return await imageOfBlobs({ ...request, store: storeOf(client, repository), root, tags });
  } catch (error) {
    await client.close();
    throw error;
  }
}
