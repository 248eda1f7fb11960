import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BLOCK_PLACES, blockRuns, packBlock, unpackBlock } from './blocks.ts';

const texts = fc.array(
  fc.jsonValue().map((value) => JSON.stringify(value)),
  { minLength: 1, maxLength: 100 },
);

test('texts come out of blocks as they went in', () => {
  fc.assert(
    fc.property(texts, (all) => {
      assert.deepEqual(
        blockRuns(all).flatMap((run) => unpackBlock(packBlock(run))),
        all,
      );
    }),
  );
});

test('no block has more texts than there are places, and a very large text has its own', () => {
  const all = [...Array.from({ length: 100 }, () => '1'), 'x'.repeat(70_000), 'y'.repeat(70_000)];
  const runs = blockRuns(all);
  assert.ok(runs.every((run) => run.length <= BLOCK_PLACES));
  assert.deepEqual(
    runs.slice(-2).map((run) => run.length),
    [1, 1],
  );
});
