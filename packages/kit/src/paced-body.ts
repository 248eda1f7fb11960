// Reading what somebody sends over the network: who is silent, or sends byte by byte, keeps nobody waiting for ever.
import type { Readable } from 'node:stream';

/** Whoever sends less keeps a connection open for nothing. */
export const SLOWEST_BYTES_PER_SECOND = 1024;

/**
 * The chunks of a body with a bound on the time that the other side may be silent, and on how slow it may be over as long a
 * time; the reader may take as long as it likes. The body is destroyed at the end, however that comes.
 * @throws what the body throws, an error with code ETIMEDOUT for silence, and what `tooSlow` gives.
 */
export async function* pacedBody(
  body: Readable,
  timeoutMs: number,
  tooSlow: () => Error,
): AsyncGenerator<Buffer, void, undefined> {
  const leastBytes = (SLOWEST_BYTES_PER_SECOND * timeoutMs) / 1000;
  let waiting = false;
  let waitedMs = 0;
  let bytes = 0;
  const timer = setTimeout(() => {
    if (waiting) body.destroy(Object.assign(new Error('no data in time'), { code: 'ETIMEDOUT' }));
    else timer.refresh();
  }, timeoutMs);
  try {
    const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      waiting = true;
      timer.refresh();
      const fromMs = performance.now();
      const next = await chunks.next();
      waiting = false;
      if (next.done === true) return;
      waitedMs += performance.now() - fromMs;
      bytes += next.value.byteLength;
      if (waitedMs >= timeoutMs) {
        if (bytes < leastBytes) throw tooSlow();
        waitedMs = 0;
        bytes = 0;
      }
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}
