// An event may be forgotten only when everything that came of it is safe.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCommitGate } from './commit-gate.ts';

function bench() {
  const commits: number[] = [];
  const state: { oldest: number | undefined } = { oldest: undefined };
  const gate = createCommitGate({
    commit: (batch) => commits.push(batch),
    oldestWaiting: () => state.oldest,
  });
  return { commits, state, gate };
}

test('a batch without alerts is free at once', () => {
  const { commits, gate } = bench();
  gate.batchEnded(1);
  gate.batchEnded(2);
  assert.deepEqual(commits, [1, 2]);
  assert.equal(gate.current, 3);
});

test('a batch with alerts is free when they are spooled, and not before those of earlier batches', () => {
  const { commits, gate } = bench();
  const first = gate.sent();
  gate.batchEnded(1);
  gate.batchEnded(2);
  const second = gate.sent();
  gate.batchEnded(3);
  assert.deepEqual(commits, []);
  assert.equal(gate.isQuiet(), false);
  gate.spooled(first);
  assert.deepEqual(commits, [2]);
  gate.spooled(second);
  assert.deepEqual(commits, [2, 3]);
  assert.equal(gate.isQuiet(), true);
});

test('alerts that leave in the middle of a batch hold that batch, not the one before', () => {
  const { commits, gate } = bench();
  gate.batchEnded(1);
  const message = gate.sent();
  gate.batchEnded(2);
  assert.deepEqual(commits, [1]);
  gate.spooled(message);
  assert.deepEqual(commits, [1, 2]);
});

test('an event that waits holds its batch and all after it, and its alert holds them on', () => {
  const { commits, state, gate } = bench();
  gate.batchEnded(1);
  state.oldest = 2;
  gate.batchEnded(2);
  gate.batchEnded(3);
  assert.deepEqual(commits, [1]);
  state.oldest = undefined;
  const message = gate.sent();
  gate.released();
  gate.batchEnded(4);
  assert.deepEqual(commits, [1]);
  gate.spooled(message);
  assert.deepEqual(commits, [1, 4]);
});

test('waiting that ends without an alert frees at once', () => {
  const { commits, state, gate } = bench();
  state.oldest = 1;
  gate.batchEnded(1);
  state.oldest = undefined;
  gate.released();
  assert.deepEqual(commits, [1]);
});

test('marks are bounded; what is forgotten is freed with a later one', () => {
  const { commits, state, gate } = bench();
  state.oldest = 1;
  for (let batch = 1; batch <= 10_000; batch++) gate.batchEnded(batch);
  state.oldest = undefined;
  gate.released();
  assert.deepEqual(commits, [10_000]);
});
