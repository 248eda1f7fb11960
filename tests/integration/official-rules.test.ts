// The official Falco rule files, unmodified: all rules load without a word of complaint and ask for known events only.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite, test } from 'node:test';
import { createEngine, EVENT_TYPES, loadRules } from '@guardcell/rules';

const RULES = resolve(import.meta.dirname, '../../../shared/compat/falco/rules');
const FILES: Readonly<Record<string, number>> = {
  'falco_rules.yaml': 25,
  'falco-incubating_rules.yaml': 31,
  'falco-sandbox_rules.yaml': 37,
  'k8s_audit_rules.yaml': 48,
};

function ruleFile(name: string): { readonly name: string; readonly content: string } {
  return { name, content: readFileSync(join(RULES, name), 'utf8') };
}

suite('official rule files', {
  skip: existsSync(RULES) ? false : 'the official rule files are not beside this checkout',
}, () => {
  for (const [name, count] of Object.entries(FILES)) {
    test(`${name} loads alone: ${count} rules, no error, no warning`, () => {
      const load = loadRules([ruleFile(name)]);
      assert.deepEqual(load.problems, []);
      assert.equal(load.rules.length, count);
    });
  }

  test('all files load together, and evaluate only events that exist', () => {
    const load = loadRules(Object.keys(FILES).map(ruleFile));
    assert.deepEqual(
      load.problems.filter((problem) => problem.level === 'error'),
      [],
    );
    assert.equal(load.rules.length, 141);
    const { eventTypes } = createEngine(load);
    assert.ok(eventTypes.size > 30);
    assert.deepEqual(
      [...eventTypes].filter((type) => !EVENT_TYPES.has(type)),
      [],
    );
  });
});
