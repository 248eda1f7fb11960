// Writes docs/reference/fields.md and docs/zh/reference/fields.md from the rule engine's registries; with `--check`
// compares instead.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FIELDS, OPERATORS, TRANSFORMERS } from '@guardcell/rules';
import { fieldReference } from './field-docs.ts';
import type { Language } from './rule-docs.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PAGES: readonly { readonly language: Language; readonly file: string }[] = [
  { language: 'en', file: 'docs/reference/fields.md' },
  { language: 'zh', file: 'docs/zh/reference/fields.md' },
];

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

for (const { language, file } of PAGES) {
  const wanted = fieldReference(
    { fields: FIELDS, operators: OPERATORS, transformers: TRANSFORMERS },
    language,
  );
  const path = join(ROOT, file);
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted);
    console.log(`${file}: written`);
  } else if (readOrEmpty(path) === wanted) {
    console.log(`${file}: up to date`);
  } else {
    console.error(`${file} is out of date; run \`node tools/generate-field-docs.ts\``);
    process.exitCode = 1;
  }
}
