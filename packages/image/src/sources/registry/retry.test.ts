import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageFailure } from '../failures.ts';
import { backoffMs, isPassingFailure, retryAfterMs } from './retry.ts';

test('waits double, vary by chance, and have an upper bound', () => {
  assert.deepEqual(
    [0, 1, 2].map((attempt) => backoffMs(attempt, () => 1)),
    [250, 500, 1000],
  );
  assert.equal(
    backoffMs(0, () => 0),
    125,
  );
  assert.equal(
    backoffMs(60, () => 1),
    10_000,
  );
});

test('Retry-After is read as seconds and as a date; an hour is too long to wait', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(retryAfterMs('3', now), 3000);
  assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:10 GMT', now), 10_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 2025 00:00:10 GMT', now), 0);
  assert.equal(retryAfterMs('3600', now), 'too-long');
  assert.equal(retryAfterMs('soon', now), undefined);
});

test('a broken connection may pass, a wrong name does not', () => {
  const failed = (code: string): Error => imageFailure('GC_REGISTRY_UNREACHABLE', '', { cause: { code } });
  assert.equal(isPassingFailure(failed('ECONNRESET')), true);
  assert.equal(isPassingFailure(failed('ENOTFOUND')), false);
  assert.equal(isPassingFailure(new Error('x')), false);
});
