// Manifests and indexes. Spec: OCI image-spec manifest.md and image-index.md; docker's manifest schema 2.
import { isDigest } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import {
  isObject,
  type JsonObject,
  listOf,
  objectOf,
  parseJson,
  sizeOf,
  textMapOf,
  textOf,
} from '../json-fields.ts';
import { MAX_INDEX_ENTRIES, MAX_LAYERS } from '../limits.ts';
import type { Platform } from '../platform.ts';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly platform?: Platform;
}

export interface Manifest {
  readonly kind: 'manifest';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Index {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
}

/** What is asked for, in order of preference. */
export const MANIFEST_TYPES: readonly string[] = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** Docker says "foreign", OCI "nondistributable": content at an address that the image names. */
export function isForeign(mediaType: string): boolean {
  return mediaType.includes('.foreign.') || mediaType.includes('.nondistributable.');
}

function platformOf(value: unknown): Platform | undefined {
  if (!isObject(value)) return undefined;
  const { os, architecture, variant } = value as JsonObject & Record<string, unknown>;
  return { os: textOf(os), architecture: textOf(architecture), variant: textOf(variant) };
}

/** @throws CodedError GC_IMAGE_MANIFEST. */
export function descriptorOf(value: unknown, at: string): Descriptor {
  const fields = objectOf(value);
  const digest = textOf(fields['digest']);
  const size = sizeOf(fields['size']);
  if (!isDigest(digest) || size === undefined) {
    throw imageFailure('GC_IMAGE_MANIFEST', 'an entry has no usable digest or size', { at });
  }
  const platform = platformOf(fields['platform']);
  return {
    mediaType: textOf(fields['mediaType']),
    digest,
    size,
    artifactType: textOf(fields['artifactType']),
    annotations: textMapOf(fields['annotations']),
    ...(platform === undefined ? {} : { platform }),
  };
}

function descriptors(value: unknown, max: number, at: string): Descriptor[] {
  const items = listOf(value);
  if (items.length > max) {
    throw imageFailure('GC_IMAGE_TOO_LARGE', `more than ${max} entries are not read`, { at });
  }
  return items.map((item) => descriptorOf(item, at));
}

export function oldSchema(at: string): Error {
  return imageFailure('GC_IMAGE_UNSUPPORTED', 'the image has a manifest of the old schema 1', {
    at,
    hint: 'Push the image again with a current docker, podman or skopeo.',
  });
}

/** @throws CodedError GC_IMAGE_MANIFEST, GC_IMAGE_UNSUPPORTED, GC_IMAGE_TOO_LARGE. */
export function parseManifest(bytes: Uint8Array, at: string): Manifest | Index {
  const value = parseJson(bytes);
  if (!isObject(value)) throw imageFailure('GC_IMAGE_MANIFEST', 'the manifest is not a JSON object', { at });
  if (value['schemaVersion'] === 1 || Array.isArray(value['fsLayers'])) throw oldSchema(at);
  const isIndex = Array.isArray(value['manifests']);
  // Reading such a document once as this and once as that is a known way to deceive.
  if (isIndex && (value['layers'] !== undefined || value['config'] !== undefined)) {
    throw imageFailure('GC_IMAGE_MANIFEST', 'the document is a manifest and an index at once', { at });
  }
  if (isIndex) return { kind: 'index', manifests: descriptors(value['manifests'], MAX_INDEX_ENTRIES, at) };
  if (!isObject(value['config'])) {
    throw imageFailure('GC_IMAGE_MANIFEST', 'the document is neither a manifest nor an index', { at });
  }
  return {
    kind: 'manifest',
    config: descriptorOf(value['config'], at),
    layers: descriptors(value['layers'], MAX_LAYERS, at),
    annotations: textMapOf(value['annotations']),
  };
}
