import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextLink } from './pages.ts';

test('the next page is found among other links', () => {
  assert.equal(nextLink('</a>; rel="prev", </v2/x?last=b&n=2>; rel="next"'), '/v2/x?last=b&n=2');
  assert.equal(nextLink('<https://r.example/v2/x>; rel=next'), 'https://r.example/v2/x');
  assert.equal(nextLink('</a>; rel="prev"'), '');
  assert.equal(nextLink('<'.repeat(100_000)), '');
});
