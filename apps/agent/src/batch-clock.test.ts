import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchClock } from './batch-clock.ts';

test('the clock is read once in each batch, however long nothing happened before it', () => {
  let ms = 1000;
  let reads = 0;
  const clock = batchClock(() => {
    reads++;
    return ms;
  });
  assert.equal(clock.nowMs(), 1000);
  ms = 1004;
  assert.equal(clock.nowMs(), 1000);
  clock.next();
  ms = 90_000;
  assert.equal(clock.nowMs(), 90_000);
  assert.equal(reads, 2);
});
