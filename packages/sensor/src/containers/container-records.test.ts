import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '@guardcell/kit';
import { createRecords, REMOVED_KEPT_MS } from './container-records.ts';

test('a removed container stays known for ten minutes', () => {
  const clock = manualClock(0);
  const records = createRecords(clock.nowMs);
  records.remove(records.ensure('a'));
  clock.advance(REMOVED_KEPT_MS - 1);
  records.sweep();
  assert.ok(records.get('a'));
  clock.advance(1);
  records.sweep();
  assert.equal(records.get('a'), undefined);
});

test('made-up ids and removed containers are bounded, and what is forgotten is counted', () => {
  const records = createRecords(() => 0);
  for (let at = 0; at < 5000; at++) records.ensure(`unknown-${at}`);
  assert.equal([...records.values()].length, 4096);
  assert.equal(records.evicted.unknown, 904);
  for (let at = 0; at < 5000; at++) {
    const record = records.ensure(`known-${at}`);
    record.container = { ...record.container, complete: true };
    records.remove(record);
  }
  assert.equal(records.evicted.removed, 904);
  assert.ok([...records.values()].length <= 8192);
});
