// The default rules: all load without a word of complaint, keep their form, and pass the tests beside them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { AUDIT_SOURCE, type CompiledRule, loadRules, runRuleTests } from '@guardcell/rules';

const ROOT = resolve(import.meta.dirname, '../..');
const RULES = join(ROOT, 'content/rules');

interface Attack {
  readonly rule: string;
  readonly image: string;
  readonly runArgs: readonly string[];
  readonly sh: string;
  readonly benign: string;
  /** Arguments for the benign twin, where they make the difference. */
  readonly benignRunArgs?: readonly string[];
  /** What the machine must be able to do for this attack to work. */
  readonly needs?: string;
}

interface AttackNames {
  readonly tactics: readonly { readonly tag: string; readonly key: string }[];
  readonly techniques: readonly { readonly id: string; readonly tactics: readonly string[] }[];
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

const NAMES = readdirSync(RULES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const FILES = NAMES.filter((name) => !name.endsWith('.test.yaml')).map((name) => ({
  name,
  content: readFileSync(join(RULES, name), 'utf8'),
}));
const LOADED = loadRules(FILES);
const MITRE = readJson('content/mitre/attack.json') as AttackNames;

function tacticsOf(rule: CompiledRule): readonly string[] {
  return MITRE.techniques.filter(({ id }) => rule.mitre.includes(id)).flatMap(({ tactics }) => tactics);
}

/** What is wrong with the form of a rule, one sentence each. */
function complaints(rule: CompiledRule): readonly string[] {
  const found: string[] = [];
  const { meta } = rule;
  if (meta.id !== basename(rule.file, '.yaml')) found.push('its id is not the name of its file');
  for (const [key, text] of Object.entries({
    title: meta.title,
    description: meta.description,
    advice: meta.advice,
  })) {
    if ((text?.en ?? '') === '') found.push(`no English ${key}`);
    if (!/\p{Script=Han}/u.test(text?.zh ?? '')) found.push(`no Chinese ${key}`);
  }
  const isAudit = rule.source === AUDIT_SOURCE;
  if (isAudit && !rule.tags.includes('kubernetes')) found.push('no tag kubernetes');
  if (!isAudit && !rule.tags.some((tag) => tag === 'container' || tag === 'host')) {
    found.push('no tag container or host');
  }
  if (!isAudit && !rule.tags.some((tag) => tag === 'process' || tag === 'filesystem' || tag === 'network')) {
    found.push('no tag process, filesystem or network');
  }
  if (rule.mitre.length === 0) found.push('no technique');
  const known = new Set(MITRE.techniques.map(({ id }) => id));
  for (const id of rule.mitre) if (!known.has(id)) found.push(`unknown technique ${id}`);
  const tactics = rule.tags.filter((tag) => tag.startsWith('mitre_'));
  for (const tag of tactics) {
    const tactic = MITRE.tactics.find((entry) => entry.tag === tag);
    if (tactic === undefined) found.push(`unknown tactic ${tag}`);
    else if (!tacticsOf(rule).includes(tactic.key)) found.push(`no technique of its belongs to ${tag}`);
  }
  // Rules on audit events stand together, whatever their tactics.
  const folder = dirname(rule.file);
  if (isAudit ? folder !== 'kubernetes-audit' : !tactics.includes(`mitre_${folder.replaceAll('-', '_')}`))
    found.push('its folder is none of its tactics');
  return found;
}

describe('the default rules', () => {
  test('load without an error or warning', () => {
    assert.deepEqual(LOADED.problems, []);
    assert.ok(LOADED.rules.length >= 45, `only ${LOADED.rules.length} rules`);
  });

  test('each has its texts, tags and ATT&CK names, and stands in the folder of its tactic', () => {
    const wrong = LOADED.rules.flatMap((rule) => complaints(rule).map((text) => `${rule.file}: ${text}`));
    assert.deepEqual(wrong, []);
  });

  test('each has a test file beside it', () => {
    const missing = LOADED.rules.filter(
      (rule) => !existsSync(join(RULES, rule.file.replace(/\.yaml$/, '.test.yaml'))),
    );
    assert.deepEqual(
      missing.map((rule) => rule.file),
      [],
    );
  });

  test('lists and macros carry the prefix that keeps other rule files from replacing them', () => {
    const names = [...LOADED.lists.keys(), ...LOADED.macros.keys()];
    assert.deepEqual(
      names.filter((name) => !name.startsWith('gc_')),
      [],
    );
  });

  test('no ATT&CK technique is listed that no rule uses', () => {
    const used = new Set(LOADED.rules.flatMap((rule) => rule.mitre));
    assert.deepEqual(
      MITRE.techniques.filter(({ id }) => !used.has(id)).map(({ id }) => id),
      [],
    );
  });

  test('every attack script belongs to a rule and has a benign twin', () => {
    const rules = new Set(LOADED.rules.map((rule) => rule.name));
    for (const attack of readJson('content/attacks.json') as readonly Attack[]) {
      assert.ok(rules.has(attack.rule), `no rule '${attack.rule}'`);
      assert.notEqual(attack.sh, '');
      assert.notEqual(attack.benign, '');
    }
  });
});

describe('the tests beside the default rules', () => {
  for (const name of NAMES.filter((file) => file.endsWith('.test.yaml'))) {
    const text = readFileSync(join(RULES, name), 'utf8');
    test(`${name}: what must fire fires, and nothing else does`, () => {
      const failures = runRuleTests(LOADED, text, name).filter(({ passed }) => !passed);
      assert.deepEqual(
        failures.map((outcome) => `${outcome.file}:${outcome.line} ${outcome.test}: ${outcome.detail}`),
        [],
      );
    });
    test(`${name} has at least two events that fire and two that do not`, () => {
      assert.ok(text.split('fires: true').length > 2, 'fewer than two that fire');
      assert.ok(text.split('fires: false').length > 2, 'fewer than two benign twins');
    });
  }
});
