// The response examples: each loads as it stands, names rules that exist, and says what it is for.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { loadResponseFiles } from '@guardcell/respond';
import { loadRules } from '@guardcell/rules';

const ROOT = resolve(import.meta.dirname, '../..');

function yamlFiles(folder: string): { readonly name: string; readonly content: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .sort()
    .map((name) => ({ name, content: readFileSync(join(ROOT, folder, name), 'utf8') }));
}

const EXAMPLES = yamlFiles('content/responses/examples');
const LOADED = loadResponseFiles(EXAMPLES);

describe('the response examples', () => {
  test('load without a problem', () => {
    assert.deepEqual(LOADED.problems, []);
    assert.equal(LOADED.rules.length, EXAMPLES.length);
  });

  test('are named like their files and described', () => {
    for (const rule of LOADED.rules) {
      assert.equal(rule.name, basename(rule.origin.path, '.yaml'));
      assert.notEqual(rule.description, '');
    }
  });

  test('are triggered by rules and tags that exist', () => {
    const { rules } = loadRules(yamlFiles('content/rules'));
    const names = new Set(rules.map((rule) => rule.name));
    const tags = new Set(rules.flatMap((rule) => rule.tags));
    for (const { trigger } of LOADED.rules) {
      for (const name of trigger.rules) assert.ok(names.has(name), `no rule '${name}'`);
      for (const tag of trigger.tags) assert.ok(tags.has(tag), `no tag '${tag}'`);
    }
  });
});
