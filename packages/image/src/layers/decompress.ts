// The uncompressed bytes of a layer, whatever it is stored as, with its digest and a guard against bombs.
import { createHash } from 'node:crypto';
import { Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { CodedError } from '@guardcell/kit';
import type { LayerLimits } from './limits.ts';

const CHUNK = 256 * 1024;

export interface Uncompressed {
  /**
   * Chunks of the tar, each only valid until the next is asked for; throws GC_LAYER_TOO_LARGE for bombs and
   * GC_LAYER_TRUNCATED for damaged streams.
   */
  readonly chunks: AsyncIterable<Buffer>;
  /** `sha256:…` of all chunks, once they are read. */
  digest(): string;
}

function decoderFor(head: Uint8Array): Transform | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip({ chunkSize: CHUNK });
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  // Skippable frames (0x184d2a50–5f) come first in some zstd files.
  const isSkippable =
    ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
  return isZstd || isSkippable ? createZstdDecompress({ chunkSize: CHUNK }) : undefined;
}

/** Uncompresses; `stored` is read once. */
export function uncompress(stored: AsyncIterable<Uint8Array>, limits: LayerLimits): Uncompressed {
  const hash = createHash('sha256');
  let digest = '';
  let bytesIn = 0;

  async function* counted(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
    bytesIn += first.length;
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      bytesIn += next.value.length;
      yield next.value;
    }
  }

  async function* chunks(): AsyncGenerator<Buffer> {
    const iterator = stored[Symbol.asyncIterator]();
    try {
      const first = await firstBytes(iterator);
      const decoder = decoderFor(first);
      const source = counted(first, iterator);
      let bytesOut = 0;
      for await (const chunk of decoder === undefined ? source : decoded(source, decoder)) {
        const buffer = Buffer.isBuffer(chunk)
          ? chunk
          : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
        bytesOut += buffer.length;
        guard(bytesOut, bytesIn, limits);
        hash.update(buffer);
        yield buffer;
      }
      digest = `sha256:${hash.digest('hex')}`;
    } finally {
      await iterator.return?.();
    }
  }

  return { chunks: chunks(), digest: () => digest };
}

async function firstBytes(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 4) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* decoded(source: AsyncIterable<Uint8Array>, decoder: Transform): AsyncGenerator<Buffer> {
  const input = Readable.from(source, { objectMode: false });
  let inputError: unknown;
  input.on('error', (error) => {
    inputError = error;
    decoder.destroy(error);
  });
  try {
    for await (const chunk of input.pipe(decoder)) {
      yield chunk as Buffer;
      release(chunk as Buffer);
    }
  } catch (error) {
    if (inputError !== undefined) throw inputError;
    throw new CodedError('GC_LAYER_TRUNCATED', 'the compressed layer is damaged or cut off', {
      cause: error,
    });
  } finally {
    input.destroy();
    decoder.destroy();
  }
}

/**
 * Gives the memory back now: the collector counts such buffers, but lets tens of megabytes of them wait. One that is not full is
 * still being written to by its decoder.
 */
function release({ buffer, byteOffset, length }: Buffer): void {
  if (byteOffset + length === buffer.byteLength && buffer.byteLength === CHUNK)
    (buffer as ArrayBuffer).transfer(0);
}

function guard(bytesOut: number, bytesIn: number, limits: LayerLimits): void {
  if (bytesOut > limits.bytes) {
    throw new CodedError('GC_LAYER_TOO_LARGE', `the layer has more than ${limits.bytes} bytes uncompressed`);
  }
  if (bytesOut > limits.ratioFrom && bytesOut > bytesIn * limits.ratio) {
    throw new CodedError(
      'GC_LAYER_TOO_LARGE',
      `the layer unpacks to more than ${limits.ratio} times its size; that is how bombs are made`,
    );
  }
}
