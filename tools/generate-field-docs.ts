// Writes docs/reference/fields.md and docs/zh/reference/fields.md from the rule engine's registries; with `--check`
// compares instead.
import { FIELDS, OPERATORS, TRANSFORMERS } from '@guardcell/rules';
import { fieldReference } from './field-docs.ts';
import { writePages } from './write-pages.ts';

const registries = { fields: FIELDS, operators: OPERATORS, transformers: TRANSFORMERS };
writePages('generate-field-docs.ts', [
  { file: 'docs/reference/fields.md', wanted: fieldReference(registries, 'en') },
  { file: 'docs/zh/reference/fields.md', wanted: fieldReference(registries, 'zh') },
]);
