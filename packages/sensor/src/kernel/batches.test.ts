import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batches } from './batches.ts';

function fakeRing(): { position: number; released: number; release(to: number): void } {
  return {
    position: 0,
    released: 0,
    release(to) {
      this.released = Math.max(this.released, to);
    },
  };
}

test('a commit frees what was handed over up to the end of that batch, and no more', () => {
  const ring = fakeRing();
  const delivered = batches(ring, 1000);
  ring.position = 100;
  assert.equal(delivered.end(), 1);
  ring.position = 150;
  assert.equal(delivered.end(), 2);
  ring.position = 160;
  delivered.commit(1);
  assert.equal(ring.released, 100);
  assert.equal(delivered.uncommittedBytes, 60);
  delivered.commit();
  assert.equal(ring.released, 150, 'what was read after the last batch ended is not free');
  delivered.commit(1);
  delivered.commit(99);
  assert.equal(ring.released, 150);
});

test('what fills half of the ring is committed unasked, and counted', () => {
  const ring = fakeRing();
  const delivered = batches(ring, 1000);
  ring.position = 500;
  delivered.end();
  delivered.relieve();
  assert.deepEqual([ring.released, delivered.forcedCommits], [0, 0]);
  ring.position = 501;
  delivered.end();
  delivered.relieve();
  assert.deepEqual([ring.released, delivered.forcedCommits], [501, 1]);
});

test('a consumer that never commits costs bounded memory', () => {
  const ring = fakeRing();
  const delivered = batches(ring, 1e9);
  for (let batch = 1; batch <= 10_000; batch++) {
    ring.position = batch;
    delivered.end();
  }
  delivered.commit(1);
  assert.equal(ring.released, 0, 'the mark of an old batch is gone, so it waits for a newer one');
  delivered.commit(8000);
  assert.equal(ring.released, 8000);
});
