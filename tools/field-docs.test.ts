// Every field, operator and transformer has its line in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELDS, OPERATORS, TRANSFORMERS } from '@guardcell/rules';
import { fieldReference } from './field-docs.ts';

const REGISTRIES = { fields: FIELDS, operators: OPERATORS, transformers: TRANSFORMERS };

for (const language of ['en', 'zh'] as const) {
  test(`the ${language} page has a row for each field, operator and transformer`, () => {
    const page = fieldReference(REGISTRIES, language);
    for (const { name } of [...FIELDS, ...OPERATORS, ...TRANSFORMERS])
      assert.ok(page.includes(`\n| \`${name}\` |`), name);
  });
}

test('a field that belongs to no class is refused, so that none is left out', () => {
  const [field] = FIELDS;
  assert.ok(field !== undefined);
  const fields = [{ ...field, name: 'nowhere.x' }];
  assert.throws(() => fieldReference({ ...REGISTRIES, fields }, 'en'), RangeError);
});
