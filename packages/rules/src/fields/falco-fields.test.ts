// Every field that Falco knows exists here, with the same type, argument and restrictions.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type FieldFact, parseFacts, pluginFacts, sinspFacts } from '../../tools/field-facts.ts';
import { loadRules } from '../loader/load-rules.ts';
import type { FieldDefinition } from './field.ts';
import { FIELDS } from './registry.ts';

const GOLDEN = new URL('../../testdata/falco-fields.txt', import.meta.url);
const FACTS = parseFacts(readFileSync(GOLDEN, 'utf8'));
const BY_NAME = new Map(FIELDS.map((field) => [field.name, field]));

/** Fields that are any of several values there too, but are declared as single texts. */
function asFact(field: FieldDefinition, fact: FieldFact): FieldFact {
  return {
    class: fact.class,
    name: field.name,
    type: fact.type === 'dynamic' ? 'dynamic' : field.type,
    argument: field.argument,
    list: field.multiplicity === 'list',
    filterOnly: field.filterOnly,
    outputOnly: field.outputOnly,
    noRightSide: field.noRightSide,
    noTransformer: field.noTransformer,
    // More is deprecated here: container orchestration fields that nobody fills any more.
    deprecated: fact.deprecated ? field.deprecated : false,
  };
}

for (const className of new Set(FACTS.map((fact) => fact.class))) {
  test(`all fields of the class ${className} exist with type, argument and restrictions`, () => {
    const facts = FACTS.filter((fact) => fact.class === className);
    const missing = facts.filter((fact) => !BY_NAME.has(fact.name)).map((fact) => fact.name);
    assert.deepEqual(missing, []);
    for (const fact of facts) {
      const field = BY_NAME.get(fact.name);
      if (field !== undefined) assert.deepEqual(asFact(field, fact), fact);
    }
  });
}

test('every field has a text, a name of its own, and can be printed or compared', () => {
  assert.equal(BY_NAME.size, FIELDS.length);
  for (const field of FIELDS) {
    assert.match(field.doc, /^\S.*[.…]$/, field.name);
    assert.ok(!(field.filterOnly && field.outputOnly), field.name);
    assert.ok(field.sources.length > 0, field.name);
  }
});

/** Arguments that the field accepts. */
function withArgument(field: FieldDefinition): string {
  if (field.argument !== 'required') return field.name;
  const argument = field.name.startsWith('evt.') && field.name !== 'evt.type.is' ? 'flags' : '1';
  if (field.name === 'evt.abspath') return 'evt.abspath[src]';
  return `${field.name}[${field.name.startsWith('jevt') || field.name.startsWith('json') ? '/x' : argument}]`;
}

test('a rule may ask of every field whether it exists, and print it', () => {
  for (const source of ['syscall', 'k8s_audit'] as const) {
    for (const field of FIELDS.filter((candidate) => candidate.sources.includes(source))) {
      const text = withArgument(field);
      const condition = field.outputOnly ? 'evt.num >= 0' : `${text} exists`;
      const output = field.filterOnly ? 'out' : `out %${text}`;
      const content = `- rule: R\n  desc: d\n  priority: info\n  source: ${source}\n  warn_evttypes: false\n  condition: ${condition}\n  output: "${output}"\n`;
      const load = loadRules([{ name: 'f', content }]);
      const errors = load.problems.filter((problem) => problem.level === 'error');
      assert.deepEqual(errors, [], field.name);
    }
  }
});

const SHARED = new URL('../../../../../shared/compat/falco/', import.meta.url);

test('the stored facts are those of the tables', {
  skip: existsSync(SHARED) ? false : 'compatibility material is not here',
}, () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, SHARED), 'utf8'));
  const facts = [
    ...sinspFacts(read('sinsp_fields.json') as Parameters<typeof sinspFacts>[0]),
    ...pluginFacts(read('plugin_fields.json') as Parameters<typeof pluginFacts>[0]),
  ];
  assert.deepEqual(FACTS, facts);
});
