// One blob as a stream that goes on where it broke off. Spec: OCI distribution-spec, pulling blobs; RFC 9110 ranges.
import { imageFailure } from '../failures.ts';
import type { HttpAnswer } from './http-exchange.ts';
import type { RegistryConnection, RegistryRequest } from './registry-request.ts';
import { statusFailure } from './registry-request.ts';
import { isPassingFailure } from './retry.ts';

interface Wanted {
  readonly digest: string;
  readonly size: number;
}

async function startAt(
  connection: RegistryConnection,
  request: RegistryRequest,
  offset: number,
): Promise<{ readonly answer: HttpAnswer; readonly skip: number }> {
  const headers = {
    accept: '*/*',
    'accept-encoding': 'identity',
    ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
  };
  const answer = await connection.ask({ ...request, headers });
  if (answer.status === 206) {
    const from = Number(/^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '')?.[1] ?? Number.NaN);
    if (from === offset) return { answer, skip: 0 };
  } else if (answer.status === 200) {
    // Ranges are not supported: the beginning is read once more.
    return { answer, skip: offset };
  }
  answer.discard();
  const at = `${connection.host}${request.path}`;
  if (answer.status === 404)
    throw imageFailure('GC_IMAGE_NOT_FOUND', 'the registry does not have this part', { at });
  if (answer.status === 416)
    throw imageFailure('GC_IMAGE_DIGEST', 'the registry has less than announced', { at });
  throw statusFailure(connection.host, request, answer.status);
}

async function* without(
  body: AsyncIterable<Uint8Array>,
  skip: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = skip;
  for await (const chunk of body) {
    if (left >= chunk.byteLength) left -= chunk.byteLength;
    else {
      yield left === 0 ? chunk : chunk.subarray(left);
      left = 0;
    }
  }
}

/** Connections that bring less are few: whoever sends byte by byte would keep a scan open. */
const SHORT_BYTES = 32 * 1024;
const MOST_SHORT = 50;

/**
 * The bytes of a blob, not verified. A broken connection is continued as often as there is progress, and a few times
 * without. Never more than a chunk beyond `size`.
 * @throws CodedError GC_IMAGE_NOT_FOUND, GC_REGISTRY_SLOW, GC_REGISTRY_…
 */
export async function* blobStream(
  connection: RegistryConnection,
  repository: string,
  wanted: Wanted,
): AsyncGenerator<Uint8Array, void, undefined> {
  const request: RegistryRequest = {
    method: 'GET',
    path: `/v2/${repository}/blobs/${wanted.digest}`,
    repository,
  };
  let offset = 0;
  let fruitless = 0;
  let short = 0;
  while (offset < wanted.size || offset === 0) {
    const before = offset;
    try {
      const { answer, skip } = await startAt(connection, request, offset);
      for await (const chunk of without(answer.body, skip)) {
        offset += chunk.byteLength;
        yield chunk;
        if (offset > wanted.size) return;
      }
      if (wanted.size === 0 || offset >= wanted.size) return;
    } catch (error) {
      if (!isPassingFailure(error)) throw error;
      if (offset === before && fruitless >= connection.retries) throw error;
    }
    fruitless = offset === before ? fruitless + 1 : 0;
    if (offset - before < SHORT_BYTES) short += 1;
    if (short > MOST_SHORT)
      throw imageFailure('GC_REGISTRY_SLOW', 'the registry breaks off again and again', {
        at: `${connection.host}${request.path}`,
        hint: 'Try again when the connection is better.',
      });
    // An answer that ends early without an error, again and again: the verification will say what is missing.
    if (fruitless > connection.retries) return;
    await connection.pause(fruitless);
  }
}
