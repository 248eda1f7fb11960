// Image references as users write them. Spec of registry names: the grammar in github.com/distribution/reference.
import { isDigest } from './digest.ts';
import { imageFailure } from './failures.ts';

export interface RegistryReference {
  readonly kind: 'registry';
  /** `registry.example:5000`, `[::1]:5000`; `docker.io` when none was written. */
  readonly host: string;
  /** `library/nginx`. */
  readonly repository: string;
  /** Empty when there is a digest. */
  readonly tag: string;
  /** `sha256:…`, or empty. */
  readonly digest: string;
}

/** Another place than a registry; `text` is all that follows the prefix. */
export interface LocalReference {
  readonly kind: 'docker' | 'docker-archive' | 'oci' | 'oci-archive' | 'containerd';
  readonly text: string;
}

export type ImageReference = RegistryReference | LocalReference;

const LOCAL: readonly LocalReference['kind'][] = [
  'docker',
  'docker-archive',
  'oci',
  'oci-archive',
  'containerd',
];
const MAX_LENGTH = 4096;
const MAX_REPOSITORY = 255;
const HOST = /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::\d{1,5})?$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

function refuse(reference: string, message: string): never {
  throw imageFailure('GC_IMAGE_REFERENCE', message, {
    at: reference.slice(0, 300),
    hint: 'Write [host[:port]/]repository[:tag|@digest], or docker:, docker-archive:, oci:, oci-archive:, containerd: before a local one.',
  });
}

/** Whether this is the name of a registry, as the first part of a reference is when it has a dot, a port or is localhost. */
function isHost(text: string): boolean {
  return HOST.test(text) && (/[.:]/.test(text) || text === 'localhost' || text.toLowerCase() !== text);
}

export function isRepository(text: string): boolean {
  return text.length <= MAX_REPOSITORY && text.split('/').every((part) => PATH_PART.test(part));
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** @throws CodedError GC_IMAGE_REFERENCE. */
export function parseRegistryReference(reference: string): RegistryReference {
  const at = reference.indexOf('@');
  const digest = at === -1 ? '' : reference.slice(at + 1);
  if (at !== -1 && !isDigest(digest)) refuse(reference, 'what follows the @ is not a digest');
  const named = at === -1 ? reference : reference.slice(0, at);
  const slash = named.indexOf('/');
  const first = slash === -1 ? '' : named.slice(0, slash);
  const written = isHost(first) ? first : '';
  const rest = written === '' ? named : named.slice(slash + 1);
  const colon = rest.lastIndexOf(':');
  const tag = colon === -1 ? '' : rest.slice(colon + 1);
  const path = colon === -1 ? rest : rest.slice(0, colon);
  if (colon !== -1 && !isTag(tag)) refuse(reference, 'what follows the colon is not a tag');
  const host = written === '' || written === 'index.docker.io' ? 'docker.io' : written.toLowerCase();
  const repository = host === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  if (!isRepository(repository)) refuse(reference, 'this is not a name of an image');
  return { kind: 'registry', host, repository, tag: digest === '' ? tag || 'latest' : '', digest };
}

/** @throws CodedError GC_IMAGE_REFERENCE. */
export function parseReference(reference: string): ImageReference {
  if (reference.length > MAX_LENGTH || reference === '' || reference.includes('\0')) {
    refuse(reference, 'a reference has 1 to 4096 characters');
  }
  for (const kind of LOCAL) {
    if (!reference.startsWith(`${kind}:`)) continue;
    const text = reference.slice(kind.length + 1);
    if (text === '') refuse(reference, `${kind}: needs a name after the colon`);
    return { kind, text };
  }
  return parseRegistryReference(reference);
}

/** `docker.io/library/nginx:latest`: the full name, as containerd keeps it. */
export function fullName({ host, repository, tag, digest }: RegistryReference): string {
  return digest === '' ? `${host}/${repository}:${tag}` : `${host}/${repository}@${digest}`;
}
