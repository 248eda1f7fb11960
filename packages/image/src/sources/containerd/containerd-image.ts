// An image in containerd's content store.
import { existsSync } from 'node:fs';
import { imageFailure, isImageFailure } from '../failures.ts';
import type { ImageSource } from '../image-source.ts';
import { imageOfBlobs } from '../oci/image-of-blobs.ts';
import type { OpenImageOptions, OpenRequest } from '../open-image.ts';
import { fullName, parseRegistryReference } from '../reference.ts';
import { type ContentClient, contentClient } from './content-client.ts';

const SOCKETS: readonly string[] = [
  '/run/containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
  '/run/docker/containerd/containerd.sock',
];
const NAMESPACES: readonly string[] = ['default', 'k8s.io', 'moby'];

function socketOf(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const named = given ?? env['CONTAINERD_ADDRESS'];
  const socket = named?.replace(/^unix:\/\//, '') ?? SOCKETS.find((path) => existsSync(path));
  if (socket !== undefined && existsSync(socket)) return socket;
  throw imageFailure('GC_IMAGE_STORE', 'there is no socket of containerd', {
    at: socket ?? SOCKETS.join(', '),
    hint: 'Set CONTAINERD_ADDRESS to its path.',
  });
}

function namespacesOf(
  given: readonly string[] | undefined,
  env: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  if (given !== undefined && given.length > 0) return given;
  const named = env['CONTAINERD_NAMESPACE'] ?? '';
  return named === '' ? NAMESPACES : [named];
}

/** As written, and the full name that pulling would give it. */
function namesFor(image: string): readonly string[] {
  try {
    return [...new Set([image, fullName(parseRegistryReference(image))])];
  } catch (error) {
    if (isImageFailure(error)) return [image];
    throw error;
  }
}

interface Found {
  readonly namespace: string;
  readonly digest: string;
  readonly name: string;
}

async function find(
  client: ContentClient,
  namespaces: readonly string[],
  image: string,
): Promise<Found | undefined> {
  for (const namespace of namespaces) {
    for (const name of namesFor(image)) {
      const digest = await client.target(namespace, name);
      if (digest !== undefined) return { namespace, digest, name };
    }
  }
  return undefined;
}

/** @throws CodedError GC_IMAGE_NOT_FOUND, GC_IMAGE_STORE, GC_IMAGE_… */
export async function openContainerdImage(
  image: string,
  request: OpenRequest,
  options: OpenImageOptions,
): Promise<ImageSource> {
  const namespaces = namespacesOf(options.containerdNamespaces);
  const client = contentClient(socketOf(options.containerdSocket));
  try {
    const found = await find(client, namespaces, image);
    if (found === undefined) {
      const message = `containerd does not have this image in ${namespaces.join(', ')}`;
      throw imageFailure('GC_IMAGE_NOT_FOUND', message, { at: request.name });
    }
    const { namespace, digest, name } = found;
    const store = {
      manifest: (entry: { readonly digest: string }) => client.read(namespace, entry.digest),
      blob: (entry: { readonly digest: string }) => client.read(namespace, entry.digest),
      close: async () => client.close(),
    };
    return await imageOfBlobs({ ...request, store, root: { digest }, tags: [name] });
  } catch (error) {
    client.close();
    throw error;
  }
}
