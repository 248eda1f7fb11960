// Taking image references apart. Spec: the grammar in github.com/distribution/reference.

export interface ImageReferenceParts {
  readonly repository: string;
  /** `latest` when the reference has neither tag nor digest; empty when it has a digest alone. */
  readonly tag: string;
  /** `sha256:…`, or empty. */
  readonly digest: string;
}

const BARE_ID = /^(?:sha256:)?[0-9a-f]{12,64}$/;

/** Whether a container was started from an image id instead of a name. */
export function isImageId(reference: string): boolean {
  return BARE_ID.test(reference);
}

/** `registry:5000/team/app:1.2@sha256:…` → its parts. An image id has no repository. */
export function parseImageReference(reference: string): ImageReferenceParts {
  if (reference === '' || isImageId(reference)) return { repository: '', tag: '', digest: '' };
  const at = reference.indexOf('@');
  const digest = at === -1 ? '' : reference.slice(at + 1);
  const named = at === -1 ? reference : reference.slice(0, at);
  const colon = named.lastIndexOf(':');
  if (colon > named.lastIndexOf('/')) {
    return { repository: named.slice(0, colon), tag: named.slice(colon + 1), digest };
  }
  return { repository: named, tag: digest === '' ? 'latest' : '', digest };
}

/** The digest among `repository@sha256:…` entries that belongs to this repository, else the first, else empty. */
export function digestOf(repoDigests: readonly string[], repository: string): string {
  const parsed = repoDigests.map(parseImageReference);
  const own = parsed.find((entry) => entry.repository === repository && repository !== '');
  return (own ?? parsed[0])?.digest ?? '';
}
