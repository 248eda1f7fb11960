// Unpacks large zstd files by pieces in a thread of their own and waits for each piece: analyzers answer at once, and Node's zlib
// gives pieces only to those who come back to the event loop.
import { Worker } from 'node:worker_threads';
import { type FileContent, WINDOW_BYTES } from '../content/file-content.ts';
import {
  HEADER_BYTES,
  LENGTH,
  STATE,
  STATES,
  type UnpackRequest,
  type UnpackSetup,
} from './unpack-protocol.ts';

/** Of one piece of output, and of one of input. */
const PIECE_BYTES = 256 * 1024;
/** A piece takes milliseconds; this is for machines that stand still. */
const ANSWER_MS = 60_000;

/**
 * All frames of a zstd file. False when it is damaged, needs a window of more than 2 to the `windowLog` bytes, or the thread does not
 * answer; what came before was written.
 * @throws what `write` throws.
 */
export function unzstdPieces(
  content: FileContent,
  windowLog: number,
  write: (piece: Buffer) => void,
): boolean {
  const shared = new SharedArrayBuffer(HEADER_BYTES + PIECE_BYTES);
  const control = new Int32Array(shared, 0, HEADER_BYTES / 4);
  const room = Buffer.from(shared, HEADER_BYTES);
  const workerData: UnpackSetup = { shared, windowLog };
  const worker = new Worker(new URL('./unpack-worker.ts', import.meta.url), { workerData });
  worker.unref();
  worker.on('error', () => undefined);
  let at = 0;

  function feed(): void {
    const input = Uint8Array.from(content.window(at, Math.min(PIECE_BYTES, WINDOW_BYTES)));
    at += input.length;
    const request: UnpackRequest = input.length === 0 ? {} : { input };
    worker.postMessage(request, [input.buffer]);
  }

  try {
    feed();
    for (;;) {
      if (Atomics.wait(control, STATE, STATES.waiting, ANSWER_MS) === 'timed-out') return false;
      const state = Atomics.load(control, STATE);
      if (state === STATES.end) return true;
      if (state === STATES.damage) return false;
      if (state === STATES.output) write(room.subarray(0, Atomics.load(control, LENGTH)));
      Atomics.store(control, STATE, STATES.waiting);
      Atomics.notify(control, STATE);
      if (state === STATES.hungry) feed();
    }
  } finally {
    void worker.terminate();
  }
}
