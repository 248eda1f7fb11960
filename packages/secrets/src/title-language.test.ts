// Every built-in rule has a Chinese title of its own; titles of users stay.
import assert from 'node:assert/strict';
import test from 'node:test';
import { BUILT_IN_RULES } from './rules/registry.ts';
import { secretTitle } from './title-language.ts';

test('titles of all built-in rules are read in Chinese, and back', () => {
  for (const { id, title } of BUILT_IN_RULES) {
    assert.match(title.zh, /[\u4e00-\u9fff]/, id);
    assert.equal(secretTitle({ rule: id, title: title.en }, 'zh'), title.zh);
    assert.equal(secretTitle({ rule: id, title: title.zh }, 'en'), title.en);
    assert.equal(secretTitle({ rule: id, title: title.en }, 'en'), title.en);
  }
});

test('a rule of a user keeps its title, under the id of a built-in rule too', () => {
  assert.equal(secretTitle({ rule: 'my-rule', title: 'My token' }, 'zh'), 'My token');
  assert.equal(secretTitle({ rule: 'github-pat', title: 'Our robot' }, 'zh'), 'Our robot');
});
