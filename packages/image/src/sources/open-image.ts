// The one door to images: a reference in, an image out.
import { lstatSync } from 'node:fs';
import { DOCKER_MANIFEST, openDockerArchive } from './archive/docker-archive.ts';
import { folderFiles } from './archive/file-set.ts';
import { openArchiveFiles } from './archive/open-archive-files.ts';
import { imageFailure } from './failures.ts';
import type { ImageSource } from './image-source.ts';
import { DEFAULT_MAX_BLOB_BYTES, DEFAULT_MAX_SPOOL_BYTES } from './limits.ts';
import { openLayout } from './oci/layout.ts';
import { type Platform, parsePlatform } from './platform.ts';
import { parseReference } from './reference.ts';
import type { RegistryOptions } from './registry/registry-options.ts';

export interface OpenImageOptions {
  /** `linux/arm64`; without it what suits this machine. */
  readonly platform?: string;
  /** Larger layers are refused with GC_IMAGE_TOO_LARGE when they are opened. */
  readonly maxBlobBytes?: number;
  /** Bound of a temporary copy (docker's store, compressed archives). */
  readonly maxSpoolBytes?: number;
  readonly registry?: RegistryOptions;
  /** `unix:///var/run/docker.sock`, `tcp://host:2376`; without it DOCKER_HOST or the usual socket. */
  readonly dockerHost?: string;
  /** Socket of containerd; without it CONTAINERD_ADDRESS or the usual ones. */
  readonly containerdSocket?: string;
  /** Namespaces of containerd to look in; without it CONTAINERD_NAMESPACE or default, k8s.io, moby. */
  readonly containerdNamespaces?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What every way of opening gets. */
export interface OpenRequest {
  /** As the user wrote it. */
  readonly name: string;
  readonly platform: Platform | undefined;
  readonly maxBlobBytes: number;
  readonly maxSpoolBytes: number;
  readonly signal: AbortSignal | undefined;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** `PATH[:wanted|@digest]`, where a path that exists wins: names of files may have colons. */
function splitPath(text: string): { readonly path: string; readonly wanted: string } {
  if (exists(text)) return { path: text, wanted: '' };
  for (let at = text.length - 1; at > 0; at--) {
    const mark = text[at];
    if ((mark === ':' || mark === '@') && exists(text.slice(0, at))) {
      const isNumber = /^@\d+$/.test(text.slice(at));
      return { path: text.slice(0, at), wanted: text.slice(isNumber ? at : at + 1) };
    }
  }
  return { path: text, wanted: '' };
}

async function openArchive(
  kind: 'docker-archive' | 'oci-archive',
  text: string,
  request: OpenRequest,
): Promise<ImageSource> {
  const { path, wanted } = splitPath(text);
  const files = await openArchiveFiles(path, request.maxSpoolBytes, request.signal);
  const isDocker = (await files.size(DOCKER_MANIFEST)) !== undefined;
  const isLayout = (await files.size('index.json')) !== undefined;
  if (!isDocker && !isLayout) {
    await files.close();
    throw imageFailure(
      'GC_IMAGE_ARCHIVE',
      'the archive has neither manifest.json nor index.json: it is not an image',
      {
        at: request.name,
      },
    );
  }
  // Since docker 25 both forms stand in one archive; the prefix says which is meant.
  const asDocker = kind === 'docker-archive' ? isDocker : !isLayout;
  return (asDocker ? openDockerArchive : openLayout)({ ...request, files, wanted });
}

/**
 * Opens an image: `docker:NAME`, `docker-archive:FILE`, `oci:DIR`, `oci-archive:FILE`, `containerd:NAME`, else a
 * registry reference. Reads manifest and configuration; close it in the end.
 * @throws CodedError GC_IMAGE_…, GC_REGISTRY_… with the target and its part in `at`.
 */
export async function openImage(reference: string, options: OpenImageOptions = {}): Promise<ImageSource> {
  const parsed = parseReference(reference);
  const request: OpenRequest = {
    name: reference,
    platform: options.platform === undefined ? undefined : parsePlatform(options.platform),
    maxBlobBytes: options.maxBlobBytes ?? DEFAULT_MAX_BLOB_BYTES,
    maxSpoolBytes: options.maxSpoolBytes ?? DEFAULT_MAX_SPOOL_BYTES,
    signal: options.signal,
  };
  // Each way is loaded when it is used: gRPC alone costs a tenth of a second.
  switch (parsed.kind) {
    case 'docker-archive':
    case 'oci-archive':
      return openArchive(parsed.kind, parsed.text, request);
    case 'oci': {
      const { path, wanted } = splitPath(parsed.text);
      return openLayout({ ...request, files: folderFiles(path), wanted });
    }
    case 'docker': {
      const { openDockerImage } = await import('./docker/docker-image.ts');
      return openDockerImage(parsed.text, request, options);
    }
    case 'containerd': {
      const { openContainerdImage } = await import('./containerd/containerd-image.ts');
      return openContainerdImage(parsed.text, request, options);
    }
    case 'registry': {
      const { openRegistryImage } = await import('./registry/registry-image.ts');
      return openRegistryImage(parsed, request, options);
    }
  }
}
