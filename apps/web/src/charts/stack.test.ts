import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutStack, niceStep, rangeOfBrush, tickIndices } from './stack.ts';

const BUCKETS = [0, 1, 2, 3].map((index) => ({ startMs: index * 1000, counts: { high: index, info: 1 } }));

test('grid lines are round numbers', () => {
  assert.equal(niceStep(3, 3), 1);
  assert.equal(niceStep(17, 3), 10);
  assert.equal(niceStep(140, 3), 50);
});

test('the most severe lies on top and the tallest bar fits the box', () => {
  const { bars, top } = layoutStack(BUCKETS, 400, 100);
  assert.equal(top, 4);
  const last = bars.at(-1);
  assert.deepEqual(
    last?.segments.map((segment) => [segment.severity, segment.y, segment.height]),
    [
      ['info', 75, 25],
      ['high', 0, 75],
    ],
  );
});

test('a single alert among thousands is still visible', () => {
  const { bars } = layoutStack([{ startMs: 0, counts: { low: 9999, critical: 1 } }], 10, 50);
  assert.equal(bars[0]?.segments.at(-1)?.height, 1);
});

test('a brush covers whole buckets, in either direction, within the chart', () => {
  assert.deepEqual(rangeOfBrush(BUCKETS, 1000, 400, 350, 120), { fromMs: 1000, toMs: 4000 });
  assert.deepEqual(rangeOfBrush(BUCKETS, 1000, 400, -50, 10), { fromMs: 0, toMs: 1000 });
  assert.equal(rangeOfBrush([], 1000, 400, 0, 1), undefined);
});

test('labels do not crowd', () => {
  assert.deepEqual(tickIndices(10, 5), [0, 2, 4, 6, 8]);
  assert.deepEqual(tickIndices(0, 5), []);
});
