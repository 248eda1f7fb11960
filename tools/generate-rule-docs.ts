// Writes docs/reference/rules.md and docs/zh/reference/rules.md from content/rules; with `--check` compares instead.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { RuleFile } from '@guardcell/core';
import { loadRules } from '@guardcell/rules';
import { type AttackNames, type Language, ruleReference } from './rule-docs.ts';

const ROOT = resolve(import.meta.dirname, '..');
const RULES = join(ROOT, 'content/rules');
const PAGES: readonly { readonly language: Language; readonly file: string }[] = [
  { language: 'en', file: 'docs/reference/rules.md' },
  { language: 'zh', file: 'docs/zh/reference/rules.md' },
];

function ruleFiles(): RuleFile[] {
  return readdirSync(RULES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .sort()
    .map((name) => ({ name, content: readFileSync(join(RULES, name), 'utf8') }));
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const names = JSON.parse(readFileSync(join(ROOT, 'content/mitre/attack.json'), 'utf8')) as AttackNames;
const { rules, problems } = loadRules(ruleFiles());
const errors = problems.filter(({ level }) => level === 'error');
for (const { file, line, message } of errors) console.error(`content/rules/${file}:${line}: ${message}`);
if (errors.length > 0) process.exitCode = 1;

for (const { language, file } of PAGES) {
  const wanted = ruleReference(rules, names, language);
  const path = join(ROOT, file);
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted);
    console.log(`${file}: written`);
  } else if (readOrEmpty(path) === wanted) {
    console.log(`${file}: up to date`);
  } else {
    console.error(`${file} is out of date; run \`node tools/generate-rule-docs.ts\``);
    process.exitCode = 1;
  }
}
