// Writes the pages on default rules and ATT&CK coverage, in both languages, from content/; with `--check` compares instead.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RuleFile } from '@guardcell/core';
import { loadRules } from '@guardcell/rules';
import { attackCoverage, type ContainersMatrix } from './attack-coverage.ts';
import { type AttackNames, type Language, ruleReference } from './rule-docs.ts';
import { writePages } from './write-pages.ts';

const ROOT = resolve(import.meta.dirname, '..');
const RULES = join(ROOT, 'content/rules');
const FOLDERS: readonly { readonly language: Language; readonly folder: string }[] = [
  { language: 'en', folder: 'docs/reference' },
  { language: 'zh', folder: 'docs/zh/reference' },
];

function ruleFiles(): RuleFile[] {
  return readdirSync(RULES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .sort()
    .map((name) => ({ name, content: readFileSync(join(RULES, name), 'utf8') }));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
}

const names = readJson('content/mitre/attack.json') as AttackNames;
const matrix = readJson('content/mitre/containers-matrix.json') as ContainersMatrix;
const { rules, problems } = loadRules(ruleFiles());
const errors = problems.filter(({ level }) => level === 'error');
for (const { file, line, message } of errors) console.error(`content/rules/${file}:${line}: ${message}`);
if (errors.length > 0) process.exitCode = 1;

writePages(
  'generate-rule-docs.ts',
  FOLDERS.flatMap(({ language, folder }) => [
    { file: `${folder}/rules.md`, wanted: ruleReference(rules, names, language) },
    { file: `${folder}/attack-coverage.md`, wanted: attackCoverage(rules, names, matrix, language) },
  ]),
);
