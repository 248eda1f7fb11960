// Unpacks zstd for `unpack-elsewhere.ts`, which waits: Node gives its output by pieces only to those who come back to the event loop.

import { parentPort, workerData } from 'node:worker_threads';
import { constants, createZstdDecompress } from 'node:zlib';
import {
  HEADER_BYTES,
  LENGTH,
  STATE,
  STATES,
  type UnpackRequest,
  type UnpackSetup,
} from './unpack-protocol.ts';

const { shared, windowLog } = workerData as UnpackSetup;
const control = new Int32Array(shared, 0, HEADER_BYTES / 4);
const room = new Uint8Array(shared, HEADER_BYTES);
const decoder = createZstdDecompress({
  chunkSize: room.length,
  params: { [constants.ZSTD_d_windowLogMax]: windowLog },
});

function tell(state: number): void {
  Atomics.store(control, STATE, state);
  Atomics.notify(control, STATE);
}

/** Goes on when the other side has taken it: nothing told later may hide it. */
function tellAndWait(state: number): void {
  tell(state);
  Atomics.wait(control, STATE, state);
}

decoder.on('data', (chunk: Buffer) => {
  for (let at = 0; at < chunk.length; at += room.length) {
    const part = chunk.subarray(at, at + room.length);
    room.set(part);
    Atomics.store(control, LENGTH, part.length);
    tellAndWait(STATES.output);
  }
});
decoder.on('end', () => tell(STATES.end));
decoder.on('error', () => tell(STATES.damage));

parentPort?.on('message', ({ input }: UnpackRequest) => {
  if (input === undefined) decoder.end();
  else
    decoder.write(input, (error) => {
      if (error === undefined || error === null) tellAndWait(STATES.hungry);
    });
});
