import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, processes, section, texts } from '../testing/build-capture.ts';
import { readEvents } from '../testing/read-events.ts';
import { Containers } from './containers.ts';
import { CapturedFd } from './descriptor.ts';
import { FdTable, fdBudget } from './fd-table.ts';
import { ThreadTable } from './thread-table.ts';

test('descriptors beyond the budget of all processes are counted, and closed ones give room again', () => {
  const budget = fdBudget();
  budget.left = 3;
  const table = new FdTable(budget);
  for (let num = 0; num < 5; num += 1) table.set(num, new CapturedFd(num, 'f', '/x', '/x'));
  assert.deepEqual([table.map.size, budget.left, budget.lost], [3, 0, 2]);
  assert.equal(table.copy().map.size, 0);
  assert.equal(budget.lost, 5);
  table.delete(0);
  table.set(7, new CapturedFd(7, 'f', 'x'.repeat(130), ''));
  assert.deepEqual([table.map.size, budget.left, budget.lost], [2, 1, 6]);
  table.release();
  assert.equal(budget.left, 3);
});

test('a shared table is released by its last user', () => {
  const budget = fdBudget();
  const before = budget.left;
  const table = new FdTable(budget);
  table.set(3, new CapturedFd(3, 'f', '/x', '/x'));
  table.share();
  table.release();
  assert.equal(table.map.size, 1);
  table.release();
  assert.equal(budget.left, before);
});

test('processes with large environments leave when all together are too large', () => {
  const threads = new ThreadTable(new Containers());
  const large = 'x'.repeat(1024 * 1024);
  for (let tid = 1; tid <= 300; tid += 1) {
    const { process } = threads.add(tid);
    process.env = [large];
    threads.weigh(process);
  }
  assert.equal(threads.size, 128);
  assert.equal(threads.evicted, 172);
  assert.ok(threads.find(300) !== undefined && threads.find(1) === undefined);
});

test('a storm of processes that come, open and end leaves nothing behind', async () => {
  const list = texts([]).subarray(2);
  const clone = (tid: number): Buffer =>
    event({
      id: 223,
      tid,
      params: [0, 'x', list, tid, tid, 100, '/', 1, 0, 0, 0, 0, 0, 'x', list, 0, 0, 0, tid, tid, 0],
    });
  const storm = Array.from({ length: 5000 }, (_, at) => [
    clone(1000 + at),
    event({ id: 3, tid: 1000 + at, params: [3, '/a', 1, 0] }),
    event({ id: 186, tid: 1000 + at, params: [0, 0, 0, 0, 1] }),
  ]).flat();
  const { stats } = await readEvents([section(), processes([{ tid: 1 }, { tid: 100 }]), ...storm], {
    eventTypes: new Set(),
  });
  assert.equal(stats.fault, undefined);
  assert.equal(stats.evictedThreads, 0);
  assert.equal(stats.lostDescriptors, 0);
  assert.ok(stats.threads < 1200, String(stats.threads));
});
