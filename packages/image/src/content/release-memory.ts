// Gives memory back at once: the collector counts large buffers, but lets hundreds of megabytes of them wait.

/** Node keeps small buffers together, in one that is somewhat larger than its `poolSize`. */
const OWN_MEMORY = 2 * Buffer.poolSize;

/** Of a buffer that nobody else looks into: no view of something larger. Small ones stay. */
export function releaseMemory({ buffer, byteOffset }: Buffer): void {
  if (byteOffset === 0 && buffer.byteLength > OWN_MEMORY && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
