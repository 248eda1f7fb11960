import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_NOTIFIER_LIMITS, delayMs, isTransient, retryAfterMs } from './backoff.ts';

test('waits twice as long each time, between half and all of it', () => {
  const [low, high] = [() => 0, () => 0.999_999];
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((n) => delayMs(n, DEFAULT_NOTIFIER_LIMITS, low)),
    [1000, 2000, 4000, 8000, 10_000],
  );
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((n) => delayMs(n, DEFAULT_NOTIFIER_LIMITS, high)),
    [2000, 4000, 8000, 16_000, 20_000],
  );
});

test('reads Retry-After in seconds and as a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(retryAfterMs('7', now), 7000);
  assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now), 30_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 2025 00:00:30 GMT', now), 0);
  for (const text of ['', 'soon', '-1', '1e9', '99999999999'])
    assert.equal(retryAfterMs(text, now), undefined, text);
});

test('only answers that may change are worth another attempt', () => {
  assert.deepEqual([408, 425, 429, 500, 503].map(isTransient), [true, true, true, true, true]);
  assert.deepEqual([200, 301, 400, 401, 403, 404, 410, 422].map(isTransient), Array(8).fill(false));
});
