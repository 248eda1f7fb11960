// Every error of this folder: one code, the target and its part in `at`.
import { CodedError, type CodedErrorOptions } from '@guardcell/kit';

export type ImageErrorCode =
  /** The reference cannot be read, or names more than one image. */
  | 'GC_IMAGE_REFERENCE'
  | 'GC_IMAGE_NOT_FOUND'
  /** Bytes are not those that the digest or the size promised. */
  | 'GC_IMAGE_DIGEST'
  | 'GC_IMAGE_PLATFORM'
  /** A manifest, index or configuration that makes no sense. */
  | 'GC_IMAGE_MANIFEST'
  /** Something that is well formed, and not a container image we read (schema 1, a Helm chart …). */
  | 'GC_IMAGE_UNSUPPORTED'
  | 'GC_IMAGE_TOO_LARGE'
  /** The archive or layout folder is broken. */
  | 'GC_IMAGE_ARCHIVE'
  /** A layer that may not be distributed: it stands at a foreign address, which is never asked. */
  | 'GC_IMAGE_FOREIGN_LAYER'
  /** dockerd or containerd does not answer, or refuses. */
  | 'GC_IMAGE_STORE'
  | 'GC_REGISTRY_AUTH'
  /** It leads to an address that the caller does not allow. */
  | 'GC_REGISTRY_ADDRESS'
  | 'GC_REGISTRY_CREDENTIALS'
  | 'GC_REGISTRY_PLAIN_HTTP'
  | 'GC_REGISTRY_RATE_LIMIT'
  | 'GC_REGISTRY_UNREACHABLE'
  /** It answers, a few bytes at a time. */
  | 'GC_REGISTRY_SLOW'
  | 'GC_REGISTRY_TLS'
  | 'GC_REGISTRY_REFUSED'
  /** The registry answered something that is not of the protocol. */
  | 'GC_REGISTRY_ANSWER';

/** An error of this package. `at` is the target, then the part: `registry/app:1, layer sha256:…`. */
export function imageFailure(
  code: ImageErrorCode,
  message: string,
  options: CodedErrorOptions = {},
): CodedError<ImageErrorCode> {
  return new CodedError(code, message, options);
}

/** Whether something thrown is one of ours. */
export function isImageFailure(thrown: unknown): thrown is CodedError<ImageErrorCode> {
  return (
    thrown instanceof CodedError &&
    (thrown.code.startsWith('GC_IMAGE_') || thrown.code.startsWith('GC_REGISTRY_'))
  );
}
