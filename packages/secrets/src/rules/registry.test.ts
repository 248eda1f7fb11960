// Every built-in rule finds what it is for and leaves alone what only looks like it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { compileRules } from '../compiled-rules.ts';
import { DEFAULT_SETTINGS } from '../custom-rule.ts';
import { scanText } from '../scan-text.ts';
import { negativeOf, positiveOf } from '../testing/synthesise.ts';
import { BUILT_IN_RULES } from './registry.ts';

const SEEDS = [1, 2, 3, 4, 5];

for (const rule of BUILT_IN_RULES) {
  const scanner = { rules: compileRules([rule]), settings: DEFAULT_SETTINGS };

  test(`${rule.id} finds its secret and masks it`, () => {
    const samples = SEEDS.map((seed) => positiveOf(rule, seed));
    const hits = samples.filter(({ text, path, secret }) => {
      const [finding] = scanText(path, text, { scanner });
      if (finding === undefined) return false;
      assert.equal(finding.rule, rule.id);
      assert.equal(finding.line, 2);
      assert.ok(!finding.excerpt.includes(secret), finding.excerpt);
      assert.match(finding.excerpt, /\*{4}/);
      return true;
    });
    // A random text can lack a digit or hold a run by chance; most of them must be found.
    assert.ok(hits.length >= SEEDS.length - 2, `${hits.length} of ${SEEDS.length}: ${samples[0]?.text}`);
  });

  test(`${rule.id} passes over the masked form of documentation`, () => {
    for (const seed of SEEDS) {
      assert.deepEqual(scanText('srv/app/settings.conf', negativeOf(rule, seed), { scanner }), []);
    }
  });
}

test('ids are unique and every rule has texts in both languages and keywords of its own', () => {
  const ids = new Set(BUILT_IN_RULES.map((rule) => rule.id));
  assert.equal(ids.size, BUILT_IN_RULES.length);
  assert.ok(ids.size >= 150, `${ids.size} rules`);
  for (const rule of BUILT_IN_RULES) {
    assert.match(rule.id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.ok(rule.title.en.length > 2 && rule.title.zh.length > 1, rule.id);
    assert.ok(rule.keywords.length > 0, rule.id);
    for (const keyword of rule.keywords) assert.match(keyword, /^[\x20-\x7e]{2,}$/, rule.id);
  }
});
