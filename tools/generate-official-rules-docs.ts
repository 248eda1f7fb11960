// Writes docs/reference/official-rules.md and its Chinese twin from the live attacks; with `--check` compares instead.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { INCUBATING_ATTACKS } from '../tests/e2e/attacks/incubating.ts';
import { SANDBOX_ATTACKS } from '../tests/e2e/attacks/sandbox.ts';
import { STABLE_ATTACKS } from '../tests/e2e/attacks/stable.ts';
import { type OfficialPart, officialRulesPage } from './official-rules-docs.ts';
import type { Language } from './rule-docs.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PAGES: readonly { readonly language: Language; readonly file: string }[] = [
  { language: 'en', file: 'docs/reference/official-rules.md' },
  { language: 'zh', file: 'docs/zh/reference/official-rules.md' },
];
const PARTS: readonly OfficialPart[] = [
  { name: 'stable', file: 'falco_rules.yaml', attacks: STABLE_ATTACKS },
  { name: 'incubating', file: 'falco-incubating_rules.yaml', attacks: INCUBATING_ATTACKS },
  { name: 'sandbox', file: 'falco-sandbox_rules.yaml', attacks: SANDBOX_ATTACKS },
];

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

for (const { language, file } of PAGES) {
  const wanted = officialRulesPage(PARTS, language);
  const path = join(ROOT, file);
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted);
    console.log(`${file}: written`);
  } else if (readOrEmpty(path) === wanted) {
    console.log(`${file}: up to date`);
  } else {
    console.error(`${file} is out of date; run \`node tools/generate-official-rules-docs.ts\``);
    process.exitCode = 1;
  }
}
