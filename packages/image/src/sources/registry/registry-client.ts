// What a registry can be asked for. Spec: OCI distribution-spec 1.1, docker's registry API v2.
import { digestOfBytes, type Expected, isDigest, readBounded, verified } from '../digest.ts';
import { imageFailure } from '../failures.ts';
import { MAX_MANIFEST_BYTES } from '../limits.ts';
import { type Descriptor, MANIFEST_TYPES, oldSchema } from '../oci/manifest.ts';
import { isRepository, isTag } from '../reference.ts';
import { blobStream } from './blob-stream.ts';
import { pagedTexts } from './pages.ts';
import { listReferrers } from './referrers.ts';
import type { RegistryOptions } from './registry-options.ts';
import {
  connectRegistry,
  type RegistryConnection,
  type RegistryRequest,
  statusFailure,
} from './registry-request.ts';

export interface FetchedManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface RegistryClient {
  readonly host: string;
  /** Manifest or index by tag or digest, verified. @throws CodedError GC_IMAGE_NOT_FOUND, GC_IMAGE_DIGEST, GC_REGISTRY_… */
  manifest(repository: string, tagOrDigest: string): Promise<FetchedManifest>;
  /** Of what a tag points to now, without its content; undefined when there is no such tag. */
  digestOf(repository: string, tag: string): Promise<string | undefined>;
  /** Not verified: wrap it with `verified`. Continues after broken connections. */
  blob(repository: string, entry: Pick<Descriptor, 'digest' | 'size'>): AsyncIterable<Uint8Array>;
  /** Signatures, SBOMs, VEX … that refer to a manifest; by the API or by the fallback tag. */
  referrers(repository: string, digest: string, artifactType?: string): Promise<readonly Descriptor[]>;
  /** In the registry's order, page by page. */
  tags(repository: string): AsyncIterable<string>;
  /** All repositories; many registries do not allow it. */
  repositories(): AsyncIterable<string>;
  close(): Promise<void>;
}

function manifestRequest(
  method: 'GET' | 'HEAD',
  repository: string,
  reference: string,
  at: string,
): RegistryRequest {
  if (!isRepository(repository) || !(isDigest(reference) || isTag(reference))) {
    throw imageFailure('GC_IMAGE_REFERENCE', 'this is not a name of an image', { at });
  }
  const headers = { accept: MANIFEST_TYPES.join(', ') };
  return { method, path: `/v2/${repository}/manifests/${reference}`, headers, repository };
}

async function fetchManifest(
  connection: RegistryConnection,
  repository: string,
  reference: string,
): Promise<FetchedManifest> {
  const at = `${connection.host}/${repository}, manifest ${reference}`;
  const request = manifestRequest('GET', repository, reference, at);
  const answer = await connection.ask(request);
  if (answer.status !== 200) {
    answer.discard();
    if (answer.status === 404)
      throw imageFailure('GC_IMAGE_NOT_FOUND', 'the registry does not have this image', { at });
    throw statusFailure(connection.host, request, answer.status);
  }
  const mediaType = (answer.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (mediaType.includes('.manifest.v1+') && mediaType.includes('docker')) {
    answer.discard();
    // Its digest is of the text without signatures, so that it would look damaged.
    throw oldSchema(at);
  }
  const said = answer.headers['docker-content-digest'] ?? '';
  const digest = isDigest(reference) ? reference : isDigest(said) ? said : '';
  const expected: Expected | undefined = digest === '' ? undefined : { digest, size: undefined };
  const body = expected === undefined ? answer.body : verified(answer.body, expected, at);
  const bytes = await readBounded(body, MAX_MANIFEST_BYTES, at);
  return { digest: digest === '' ? digestOfBytes(bytes) : digest, mediaType, bytes };
}

async function currentDigest(
  connection: RegistryConnection,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const request = manifestRequest('HEAD', repository, tag, `${connection.host}/${repository}:${tag}`);
  const answer = await connection.ask(request);
  answer.discard();
  if (answer.status === 404) return undefined;
  const digest = answer.headers['docker-content-digest'] ?? '';
  if (answer.status === 200 && isDigest(digest)) return digest;
  // Registries need not send the header, nor answer HEAD.
  return (await fetchManifest(connection, repository, tag)).digest;
}

/** Connects when it is first asked. @throws CodedError GC_REGISTRY_PLAIN_HTTP, GC_REGISTRY_TLS. */
export function openRegistry(host: string, options: RegistryOptions = {}): RegistryClient {
  const connection = connectRegistry(host, options);
  return {
    host,
    manifest: (repository, tagOrDigest) => fetchManifest(connection, repository, tagOrDigest),
    digestOf: (repository, tag) => currentDigest(connection, repository, tag),
    blob: (repository, entry) => blobStream(connection, repository, entry),
    referrers: (repository, digest, artifactType = '') =>
      listReferrers(connection, repository, digest, artifactType, (tag) =>
        fetchManifest(connection, repository, tag),
      ),
    tags: (repository) => pagedTexts(connection, `/v2/${repository}/tags/list?n=1000`, repository, 'tags'),
    repositories: () => pagedTexts(connection, '/v2/_catalog?n=1000', '', 'repositories'),
    close: async () => connection.close(),
  };
}
