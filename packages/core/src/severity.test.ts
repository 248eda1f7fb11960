import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAtLeast, PRIORITIES, parsePriority, severityOfPriority, severityRank } from './severity.ts';

test('a more urgent priority never has a lower severity', () => {
  const ranks = PRIORITIES.map((priority) => severityRank(severityOfPriority(priority)));
  assert.deepEqual(
    ranks,
    ranks.toSorted((a, b) => a - b),
  );
});

test('priorities are read in any case, and info is short for informational', () => {
  assert.equal(parsePriority('WARNING'), 'warning');
  assert.equal(parsePriority('Info'), 'informational');
  assert.equal(parsePriority('urgent'), undefined);
});

test('a severity is at least itself', () => {
  assert.equal(isAtLeast('high', 'high'), true);
  assert.equal(isAtLeast('critical', 'high'), true);
  assert.equal(isAtLeast('medium', 'high'), false);
});
