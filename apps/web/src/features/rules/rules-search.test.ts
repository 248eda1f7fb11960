import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distinct, filterRules, validateRulesSearch } from './rules-search.ts';

const RULES = [
  rule('Shell in container', 'medium', ['shell'], ['T1059'], true),
  rule('Write below etc', 'high', ['file', 'mitre'], ['T1098'], false),
];

function rule(name: string, severity: 'high' | 'medium', tags: string[], mitre: string[], enabled: boolean) {
  return {
    name,
    severity,
    tags,
    mitre,
    enabled,
    title: { en: name, zh: '标题' },
    description: { en: '', zh: '说明' },
  };
}

test('the most severe rule comes first', () => {
  assert.deepEqual(
    filterRules(RULES, {}).map((one) => one.severity),
    ['high', 'medium'],
  );
});

test('all filters must hold, and words are found in both languages', () => {
  assert.equal(filterRules(RULES, { q: '标题 t1098' }).length, 1);
  assert.equal(filterRules(RULES, { state: 'on', severity: 'high' }).length, 0);
  assert.equal(filterRules(RULES, { tag: 'shell', mitre: 'T1059' })[0]?.name, 'Shell in container');
});

test('unknown filters are ignored', () => {
  assert.deepEqual(validateRulesSearch({ severity: 'huge', state: 'maybe', tag: 'a' }), { tag: 'a' });
});

test('choices are distinct and sorted', () => {
  assert.deepEqual(distinct([['b', 'a'], ['a']]), ['a', 'b']);
});
