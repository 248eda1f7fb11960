// Which commits are looked at: what git would misread never reaches it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import type { OptionValues } from '../../command.ts';
import { historyOf } from './history-options.ts';

const read = (options: OptionValues) =>
  historyOf({
    positionals: [],
    options,
    logger: silentLogger,
    out: () => {},
    styled: () => {},
    err: () => {},
    isTty: false,
    signal: new AbortController().signal,
  });

test('a day begins at midnight, not at the time of day of the call', () => {
  assert.deepEqual(read({ since: '2026-01-31' }), { since: '2026-01-31 00:00:00' });
});

test('times and how long ago go to git as they are', () => {
  for (const since of ['2026-01-31 18:00', '2026-01-31T18:00:00Z', '2 weeks ago', '3.days', 'yesterday'])
    assert.deepEqual(read({ since }), { since });
});

test('what git would take for now is refused: nothing would be looked at', () => {
  for (const since of ['garbage date', '2 wekes ago', '2026-02-30', '2026-13-45', ''])
    assert.throws(() => read({ since }), { code: 'GC_USAGE' });
});

test('what is staged is looked at for secrets alone', () => {
  assert.deepEqual(read({ staged: true, only: 'secrets' }), {});
  assert.throws(() => read({ staged: true, only: 'packages' }), { code: 'GC_USAGE' });
});
