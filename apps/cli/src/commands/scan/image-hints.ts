// References as other scanners write them, and names of files given as images: what was meant.
import { existsSync, statSync } from 'node:fs';
import { CodedError } from '@guardcell/kit';

const ARCHIVE = 'docker-archive:FILE or oci-archive:FILE';
/** What stands before the colon elsewhere. No image of these names is in the registry that such words would go to. */
const KINDS: Readonly<Record<string, string>> = {
  'docker-daemon': 'docker:NAME',
  daemon: 'docker:NAME',
  'oci-dir': 'oci:DIR',
  'oci-layout': 'oci:DIR',
  file: ARCHIVE,
  tarball: ARCHIVE,
  'docker-tar': ARCHIVE,
  dir: 'guardcell scan fs DIR',
  sbom: 'guardcell scan sbom FILE',
  remote: 'the name alone: registries are asked for what has nothing before it',
  podman: `podman save NAME -o web.tar, then docker-archive:web.tar`,
  'containers-storage': `podman save NAME -o web.tar, then docker-archive:web.tar`,
};

/** @throws CodedError GC_USAGE for a kind of reference that only other scanners have. */
export function refuseForeignKind(reference: string): void {
  const kind = /^([a-z-]+):/.exec(reference)?.[1] ?? '';
  const here = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (here === undefined) return;
  throw new CodedError('GC_USAGE', `no kind of image is called '${kind}:'`, {
    at: reference,
    hint: `Here it is ${here}.`,
  });
}

/** The error of an image that was not found, with what was meant when a file or folder has its name. */
export function withLocalHint(error: unknown, reference: string): unknown {
  const isAbsent =
    error instanceof CodedError &&
    /^GC_(?:IMAGE_REFERENCE|IMAGE_NOT_FOUND|REGISTRY_UNREACHABLE|REGISTRY_AUTH)/.test(error.code);
  if (!isAbsent || /^(?:docker|docker-archive|oci|oci-archive|containerd):/.test(reference)) return error;
  const { code, message, at, hint } = error;
  if (!existsSync(reference)) {
    if (hint !== '') return error;
    const local = `An image of this machine is docker:${reference} or containerd:${reference}.`;
    return new CodedError(code, message, { at, hint: local, cause: error });
  }
  const meant = statSync(reference).isDirectory()
    ? `oci:${reference}, or guardcell scan fs ${reference}`
    : `docker-archive:${reference} or oci-archive:${reference}`;
  return new CodedError(code, message, {
    at,
    hint: `What lies here under this name is ${meant}.`,
    cause: error,
  });
}
