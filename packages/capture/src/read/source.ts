// Where the bytes of a capture come from: memory, a file, a stream; raw or gzip.
import { closeSync, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { systemErrorCode } from '@guardcell/kit';
import { CaptureError } from './fault.ts';

export type CaptureSource = string | Uint8Array | AsyncIterable<Uint8Array>;

const CHUNK = 512 * 1024;
const GZIP = [0x1f, 0x8b] as const;

/** Takes unpacked bytes; returns false when no more are wanted. The bytes are valid during the call only. */
export type Sink = (bytes: Uint8Array) => boolean;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === GZIP[0] && bytes[1] === GZIP[1];
}

async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    const missing = systemErrorCode(cause) === 'ENOENT';
    throw new CaptureError(
      'GC_CAPTURE_READ',
      missing ? 'there is no such file' : 'the file cannot be opened',
      {
        at: path,
        cause,
      },
    );
  }
  try {
    const chunk = Buffer.allocUnsafeSlow(CHUNK);
    for (;;) {
      const count = readChunk(file, chunk, path);
      if (count === 0) return;
      yield chunk.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

function readChunk(file: number, chunk: Buffer, path: string): number {
  try {
    return readSync(file, chunk, 0, chunk.length, null);
  } catch (cause) {
    throw new CaptureError('GC_CAPTURE_READ', 'the file cannot be read', { at: path, cause });
  }
}

async function* memoryChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** The chunks of a source, still packed if they were. The first has at least two bytes where there are so many. */
export function sourceChunks(source: CaptureSource): AsyncIterable<Uint8Array> {
  if (typeof source === 'string') return fileChunks(source);
  return source instanceof Uint8Array ? memoryChunks(source) : source;
}

/** Unpacks while bytes arrive; what could be unpacked before a fault reaches the sink. */
export async function unpack(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  sink: Sink,
  unpackedSoFar: () => number,
): Promise<void> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const state: { isWanted: boolean; failure: unknown } = { isWanted: true, failure: undefined };
  const ended = new Promise<void>((done) => {
    // In flowing mode each piece arrives before the error that may follow it.
    gunzip.on('data', (bytes: Buffer) => {
      if (!state.isWanted) return;
      try {
        state.isWanted = sink(bytes);
      } catch (thrown) {
        state.failure = thrown;
        state.isWanted = false;
      }
    });
    gunzip.on('end', done);
    gunzip.on('error', (cause) => {
      state.failure ??= gzipFault(cause, unpackedSoFar());
      state.isWanted = false;
      done();
    });
    gunzip.on('close', done);
  });
  let chunk: IteratorResult<Uint8Array> = { done: false, value: first };
  while (chunk.done !== true && state.isWanted) {
    // A copy: the reader of the file reuses its buffer while zlib works in another thread.
    const { value } = chunk;
    await new Promise<void>((written) => {
      gunzip.write(Buffer.from(value), () => written());
    });
    chunk = await rest.next();
  }
  if (state.isWanted) gunzip.end();
  else gunzip.destroy();
  await ended;
  if (state.failure !== undefined) throw state.failure;
}

function gzipFault(cause: Error, offset: number): CaptureError {
  const isCut = cause.message === 'unexpected end of file';
  return new CaptureError(
    isCut ? 'GC_CAPTURE_TRUNCATED' : 'GC_CAPTURE_CORRUPT',
    isCut ? 'the compressed file ends too early' : 'the compressed data is damaged',
    { at: `byte ${offset}`, hint: 'Everything before was evaluated.', cause },
  );
}
