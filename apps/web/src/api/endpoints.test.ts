import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROUTES } from '@guardcell/contract';
import { ENDPOINTS } from './endpoints.ts';
import { buildUrl } from './url.ts';

test('every route of the contract has the same method and path here', () => {
  const expected = Object.fromEntries(
    Object.entries(ROUTES).map(([name, route]) => [name, `${route.method} ${route.path}`]),
  );
  assert.deepEqual({ ...ENDPOINTS }, expected);
});

test('path parameters are escaped and lists become repeated keys', () => {
  assert.deepEqual(buildUrl('getContainer', { id: 'a/b c' }), {
    method: 'GET',
    url: '/api/v1/containers/a%2Fb%20c',
  });
  assert.equal(
    buildUrl(
      'listEvents',
      {},
      { severity: ['high', 'low'], q: 'x y', limit: 5, container: [], until: undefined },
    ).url,
    '/api/v1/events?severity=high&severity=low&q=x+y&limit=5',
  );
});

test('a path parameter that is missing is a programming error', () => {
  assert.throws(() => buildUrl('getEvent', {}), /id/);
});
