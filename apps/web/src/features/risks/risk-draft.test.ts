import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstDraft, riskInput, riskProblems, scopeOf, scopesOf, withoutTag } from './risk-draft.ts';

const NOW_MS = Date.parse('2026-03-02T10:00:00Z');
const FINDING = {
  vulnerability: 'CVE-2024-1',
  package: 'libssl3',
  artifact: 'sha256:aa',
  reference: 'registry.example.com:5000/shop/api:2@sha256:bb',
};

test('a finding offers every scope, narrowest first; a vulnerability only those that make sense without one', () => {
  assert.deepEqual(scopesOf(FINDING), ['image', 'package', 'glob', 'everywhere']);
  assert.deepEqual(scopesOf({ vulnerability: 'CVE-2024-1' }), ['glob', 'everywhere']);
});

test('tag and digest are no part of a pattern, the port of a registry is', () => {
  assert.equal(withoutTag(FINDING.reference), 'registry.example.com:5000/shop/api');
  assert.equal(withoutTag('nginx'), 'nginx');
});

test('each scope names what it silences and nothing else', () => {
  const of = (scope: 'image' | 'package' | 'glob' | 'everywhere'): unknown =>
    scopeOf(FINDING, { scope, glob: ' shop/* ' });
  const none = { vulnerability: 'CVE-2024-1', package: '', artifact: '', image: '' };
  assert.deepEqual(of('image'), { ...none, package: 'libssl3', artifact: 'sha256:aa' });
  assert.deepEqual(of('package'), { ...none, package: 'libssl3' });
  assert.deepEqual(of('glob'), { ...none, package: 'libssl3', image: 'shop/*' });
  assert.deepEqual(of('everywhere'), none);
});

test('a reason, a pattern where one is chosen, and a day within a year are asked for', () => {
  const draft = firstDraft(FINDING, NOW_MS);
  assert.deepEqual([...riskProblems(draft, NOW_MS)], ['reason']);
  assert.deepEqual([...riskProblems({ ...draft, scope: 'glob', glob: ' ' }, NOW_MS)], ['glob', 'reason']);
  const reason = 'nobody can reach it';
  for (const until of ['2026-03-01', '2027-03-05', 'soon', '']) {
    assert.deepEqual([...riskProblems({ ...draft, reason, until }, NOW_MS)], ['until'], until);
  }
  assert.equal(riskProblems({ ...draft, reason, until: '2027-03-02' }, NOW_MS).size, 0);
});

test('a justification goes along only with "not affected"', () => {
  const draft = { ...firstDraft(FINDING, NOW_MS), reason: ' nobody can reach it ' };
  assert.equal(riskInput(FINDING, draft).justification, undefined);
  const sent = riskInput(FINDING, { ...draft, kind: 'not-affected' });
  assert.equal(sent.justification, 'vulnerable_code_not_in_execute_path');
  assert.equal(sent.reason, 'nobody can reach it');
  assert.equal(sent.until, '2026-05-31T23:59:59.000Z');
});
