import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AppendQueue, createAppendQueue } from './append-queue.ts';

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

interface Bench {
  readonly queue: AppendQueue<number>;
  /** What was written together. */
  readonly written: number[][];
  /** Lets the write under way end. */
  release(error?: Error): Promise<void>;
}

function bench(mostItems = 5, mostChars = 100): Bench {
  const written: number[][] = [];
  let settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  const queue = createAppendQueue<number>({
    mostItems,
    mostChars,
    async write(items) {
      written.push([...items]);
      await new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
      });
      return items.map((item) => item * 10);
    },
  });
  return {
    queue,
    written,
    async release(error) {
      await turn();
      if (error === undefined) settle?.resolve();
      else settle?.reject(error);
      await turn();
    },
  };
}

const add = (queue: AppendQueue<number>, ...items: number[]): Promise<readonly number[]> =>
  queue.add({ items, chars: items.length * 10 });

test('what arrives during a write goes together into the next one, with its own results', async () => {
  const { queue, written, release } = bench();
  const first = add(queue, 1);
  await turn();
  const others = [add(queue, 2), add(queue, 3, 4), add(queue, 5)];
  await release();
  await release();
  assert.deepEqual(await Promise.all([first, ...others]), [[10], [20], [30, 40], [50]]);
  assert.deepEqual(written, [[1], [2, 3, 4, 5]]);
});

test('a write takes no more items than it may, but a large batch whole', async () => {
  const { queue, written, release } = bench(3);
  const all = [add(queue, 1), add(queue, 2, 3), add(queue, 4, 5), add(queue, 6, 7, 8, 9)];
  for (let i = 0; i < 3; i++) await release();
  await Promise.all(all);
  assert.deepEqual(written, [
    [1, 2, 3],
    [4, 5],
    [6, 7, 8, 9],
  ]);
});

test('a failed write fails all that it carried and not the next', async () => {
  const { queue, release } = bench();
  const first = add(queue, 1);
  await turn();
  const second = add(queue, 2);
  const failed = assert.rejects(first, /disk/);
  await release(new Error('disk'));
  await release();
  await failed;
  assert.deepEqual(await second, [20]);
});

test('too much waiting is refused until some was written', async () => {
  const { queue, release } = bench(5, 25);
  const first = add(queue, 1, 2);
  await assert.rejects(add(queue, 3), { code: 'GC_STORE_BUSY' });
  await release();
  await first;
  const later = add(queue, 3);
  await release();
  assert.deepEqual(await later, [30]);
});

test('lone work waits for the write under way and holds up the next', async () => {
  const { queue, written, release } = bench();
  const first = add(queue, 1);
  await turn();
  let seen = -1;
  const lone = queue.alone(async () => {
    seen = written.length;
  });
  const second = add(queue, 2);
  await release();
  await release();
  await Promise.all([first, lone, second]);
  assert.equal(seen, 1);
});

test('closing lets the write under way end and refuses the rest', async () => {
  const { queue, release } = bench();
  const first = add(queue, 1);
  await release();
  const under = add(queue, 2);
  await turn();
  const waiting = assert.rejects(add(queue, 3), { code: 'GC_STORE_CLOSED' });
  const closing = queue.close();
  await release();
  await Promise.all([first, under, waiting, closing]);
  await assert.rejects(add(queue, 4), { code: 'GC_STORE_CLOSED' });
});
