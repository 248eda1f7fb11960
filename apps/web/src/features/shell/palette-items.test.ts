import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchItems, rankMatch } from './palette-items.ts';

const item = (label: string, group = 'g', keywords = '') => ({ id: label, group, label, keywords });

test('beginnings come before words, words before middles', () => {
  const found = matchItems([item('my-api'), item('capital'), item('api-gateway')], 'API');
  assert.deepEqual(
    found.map((one) => one.label),
    ['api-gateway', 'my-api', 'capital'],
  );
  assert.equal(rankMatch('abc', 'x'), undefined);
});

test('groups keep their order, are capped, and match on hidden words', () => {
  const many = Array.from({ length: 20 }, (_, index) => item(`c${index}`, 'containers'));
  const found = matchItems([item('Dark', 'commands', 'theme c'), ...many], 'c');
  assert.equal(found[0]?.label, 'Dark');
  assert.equal(found.length, 7);
});
