// The order of tags, and work in parallel over a stream.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { inParallel } from './in-parallel.ts';
import { newestTags } from './tag-order.ts';

test('versions are ordered by their numbers, suffixes come before the plain version, other names come last', () => {
  const tags = ['latest', 'v1.9', '1.10.0', '1.10.0-rc.9', '1.10.0-rc.10', 'main', '20240102', '2'];
  assert.deepEqual(newestTags(tags, 99), [
    '20240102',
    '2',
    '1.10.0',
    '1.10.0-rc.10',
    '1.10.0-rc.9',
    'v1.9',
    'main',
    'latest',
  ]);
  assert.deepEqual(newestTags(tags, 1), ['20240102']);
  assert.deepEqual(newestTags([], 3), []);
});

async function* numbers(taken: number[], count: number): AsyncGenerator<number, void, undefined> {
  for (let i = 0; i < count; i++) {
    taken.push(i);
    yield i;
  }
}

test('no more items are taken than are worked on, and every one gives a result', async () => {
  const taken: number[] = [];
  let running = 0;
  let most = 0;
  const results: number[] = [];
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++running);
    for (let i = item % 3; i >= 0; i--) await setImmediate();
    running -= 1;
    return item;
  };
  for await (const result of inParallel(numbers(taken, 20), 3, work)) {
    results.push(result);
    assert.ok(taken.length - results.length <= 3);
  }
  assert.equal(most, 3);
  assert.deepEqual(
    results.toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, i) => i),
  );
});

test('a reader that leaves takes nothing more, and an error of the work ends the stream', async () => {
  const taken: number[] = [];
  for await (const _ of inParallel(numbers(taken, 1000), 2, async (item) => item)) break;
  assert.ok(taken.length <= 3);
  const failing = inParallel(numbers([], 3), 2, async (item) => {
    if (item === 1) throw new Error('one is broken');
    return item;
  });
  await assert.rejects(async () => {
    for await (const item of failing) assert.notEqual(item, 1);
  }, /one is broken/);
});
