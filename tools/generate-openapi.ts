// Writes docs/reference/openapi.json from the contract; with `--check` compares it with what is there instead.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openApiDocument } from '@guardcell/contract';

const ROOT = resolve(import.meta.dirname, '..');
const FILE = join(ROOT, 'docs/reference/openapi.json');

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
// Compared as data: how the file is laid out is the formatter's business.
const wanted = JSON.stringify(openApiDocument(version));
const present = JSON.stringify(JSON.parse(readOr(FILE, 'null')));
if (!process.argv.includes('--check')) {
  mkdirSync(dirname(FILE), { recursive: true });
  if (wanted !== present) writeFileSync(FILE, `${JSON.stringify(JSON.parse(wanted), null, 2)}\n`);
  console.log('docs/reference/openapi.json: written');
} else if (wanted === present) {
  console.log('docs/reference/openapi.json: up to date');
} else {
  console.error('docs/reference/openapi.json is out of date; run `node tools/generate-openapi.ts`');
  process.exitCode = 1;
}
