// Whoever sends keeps a pace; whoever reads may take its time.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pacedBody } from './paced-body.ts';

const SLOW = new Error('slow');
const read = (body: PassThrough, timeoutMs: number): AsyncGenerator<Buffer> =>
  pacedBody(body, timeoutMs, () => SLOW);

async function all(chunks: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return bytes;
}

test('a body is given whole, and closed behind the reader who leaves', async () => {
  const body = new PassThrough();
  body.end('abc');
  assert.equal(await all(read(body, 1000)), 3);
  const left = new PassThrough();
  left.write('abc');
  for await (const _chunk of read(left, 1000)) break;
  assert.equal(left.destroyed, true);
});

test('silence and single bytes end it, each with its own error', async () => {
  await assert.rejects(all(read(new PassThrough(), 20)), { code: 'ETIMEDOUT' });
  const drip = new PassThrough();
  const timer = setInterval(() => drip.write('a'), 5);
  try {
    await assert.rejects(all(read(drip, 100)), SLOW);
  } finally {
    clearInterval(timer);
  }
  assert.equal(drip.destroyed, true);
});

test('a reader who is slow is not taken for a slow sender', async () => {
  const body = new PassThrough();
  body.end('ab');
  const chunks = read(body, 20);
  assert.equal((await chunks.next()).value?.toString(), 'ab');
  await delay(60);
  assert.equal((await chunks.next()).done, true);
});
