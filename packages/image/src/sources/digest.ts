// Content digests: reading them, and streams that end with an error when their bytes are not the promised ones.
import { createHash, type Hash } from 'node:crypto';
import { imageFailure } from './failures.ts';

const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** Only these are used in paths and addresses, so that a digest can never be one. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** `sha256:…` of these bytes. */
export function digestOfBytes(bytes: Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** `sha256:…` of everything in a stream. */
export async function digestOfStream(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}

/** The hash that a digest was made with. The digest must have passed `isDigest`. */
function hashOfDigest(digest: string): Hash {
  return createHash(digest.slice(0, digest.indexOf(':')));
}

export interface Expected {
  readonly digest: string;
  /** Undefined when nobody said how many bytes there are. */
  readonly size: number | undefined;
}

/**
 * Hands the bytes on and throws GC_IMAGE_DIGEST at the end when they are not what was expected: whoever made
 * something of them has to discard it. Stops at once when there are more bytes than expected.
 */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  expected: Expected,
  at: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = hashOfDigest(expected.digest);
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (expected.size !== undefined && bytes > expected.size) {
      throw imageFailure('GC_IMAGE_DIGEST', `more than the announced ${expected.size} bytes`, { at });
    }
    hash.update(chunk);
    yield chunk;
  }
  if (expected.size !== undefined && bytes < expected.size) {
    const message = `only ${bytes} of ${expected.size} bytes: the content was cut off`;
    throw imageFailure('GC_IMAGE_DIGEST', message, { at });
  }
  const actual = `${expected.digest.slice(0, expected.digest.indexOf(':'))}:${hash.digest('hex')}`;
  if (actual !== expected.digest) {
    throw imageFailure('GC_IMAGE_DIGEST', `the content has the digest ${actual}`, {
      at,
      hint: 'The content was damaged on the way or replaced; nothing of it is used.',
    });
  }
}

/** All bytes of a stream. @throws CodedError GC_IMAGE_TOO_LARGE beyond `maxBytes`. */
export async function readBounded(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  at: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw imageFailure('GC_IMAGE_TOO_LARGE', `more than ${maxBytes} bytes are not read`, { at });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
