import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '@guardcell/core';
import { markRate, mergeAlerts, NO_RATE, pushBatch, ratePerSecond } from './live-buffer.ts';

function alert(id: string): Alert {
  return { id } as unknown as Alert;
}

const ids = (alerts: readonly Alert[]): string[] => alerts.map((one) => one.id);

test('a batch goes in front, newest first, and nothing twice', () => {
  const first = pushBatch([], [alert('1'), alert('2')]);
  const second = pushBatch(first.items, [alert('2'), alert('3'), alert('3')]);
  assert.deepEqual(ids(second.items), ['3', '2', '1']);
  assert.equal(second.dropped, 0);
});

test('beyond the cap the oldest go, and they are counted', () => {
  const result = pushBatch([alert('b'), alert('a')], [alert('c'), alert('d')], 3);
  assert.deepEqual(ids(result.items), ['d', 'c', 'b']);
  assert.equal(result.dropped, 1);
});

test('live items that a page has already brought are not shown again', () => {
  assert.deepEqual(ids(mergeAlerts([alert('3'), alert('2')], [alert('2'), alert('1')])), ['3', '2', '1']);
});

test('the rate forgets what is older than five seconds', () => {
  const meter = markRate(markRate(NO_RATE, 0, 100), 4000, 10);
  assert.equal(ratePerSecond(meter, 4000), 22);
  assert.equal(ratePerSecond(meter, 6000), 2);
});
