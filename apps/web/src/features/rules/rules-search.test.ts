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
    source: name.startsWith('Shell') ? 'syscall' : 'k8s_audit',
    origin: name.startsWith('Shell') ? ('builtin' as const) : ('custom' as const),
    alertsByDay: [0, 0, 0, 0, 0, 0, name.startsWith('Shell') ? 3 : 0],
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

test('rules are found by source, origin, activity and by the technique that they are a part of', () => {
  const names = (search: Parameters<typeof filterRules>[1]): string[] =>
    filterRules(RULES, search).map((one) => one.name);
  assert.deepEqual(names({ source: 'k8s_audit' }), ['Write below etc']);
  assert.deepEqual(names({ origin: 'builtin' }), ['Shell in container']);
  assert.deepEqual(names({ activity: 'firing' }), ['Shell in container']);
  assert.deepEqual(names({ activity: 'silent' }), ['Write below etc']);
  assert.deepEqual(filterRules([rule('Sub', 'high', [], ['T1059.004'], true)], { mitre: 'T1059' }).length, 1);
  assert.deepEqual(filterRules([rule('Sub', 'high', [], ['T1059.004'], true)], { mitre: 'T105' }).length, 0);
});
