import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  activeFilters,
  apiFilter,
  clearFilters,
  liveQuery,
  namedRange,
  toggleFilter,
  validateEventsSearch,
  withRange,
  zoomOut,
} from './events-search.ts';

const NOW = Date.parse('2026-11-20T09:30:00Z');

test('nonsense in the URL is ignored, the rest is kept', () => {
  assert.deepEqual(
    validateEventsSearch({
      severity: ['high', 'bogus'],
      since: 'yesterday',
      q: 'curl',
      rule: '',
      tail: 'x',
      evil: '1',
    }),
    { severity: ['high'], q: 'curl' },
  );
});

test('a value is added by the first click and taken out by the second', () => {
  const once = toggleFilter({ q: 'a' }, 'rule', 'R1');
  assert.deepEqual(once, { q: 'a', rule: ['R1'] });
  assert.deepEqual(toggleFilter(once, 'rule', 'R1'), { q: 'a' });
});

test('the API gets the default range, and never the state of the tail', () => {
  assert.deepEqual(apiFilter({ tail: 'paused', severity: ['high'] }), { since: '24h', severity: ['high'] });
});

test('the live filter means what the list means', () => {
  assert.deepEqual(liveQuery({ q: '/etc/Passwd', container: ['abc'] }), {
    any: { container: ['abc'] },
    words: ['etc', 'passwd'],
  });
});

test('the default range is not written into the URL', () => {
  assert.deepEqual(withRange({ since: '7d', until: '2026-11-20T00:00:00Z' }, '24h'), {});
  assert.equal(namedRange({}), '24h');
  assert.equal(namedRange({ since: '24h', until: '2026-11-20T00:00:00Z' }), undefined);
});

test('zooming out goes to the next named range, or doubles an absolute one', () => {
  assert.deepEqual(zoomOut({ since: '1h' }, NOW), { since: '6h' });
  assert.deepEqual(zoomOut({ since: '2026-11-20T06:00:00.000Z', until: '2026-11-20T07:00:00.000Z' }, NOW), {
    since: '2026-11-20T05:30:00.000Z',
    until: '2026-11-20T07:30:00.000Z',
  });
});

test('clearing keeps the time range', () => {
  const search = { since: '1h', rule: ['a', 'b'], q: 'x' };
  assert.equal(activeFilters(search).length, 2);
  assert.deepEqual(clearFilters(search), { since: '1h' });
});
