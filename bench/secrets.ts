// How fast secrets are looked for: source text of this repository, repeated up to 64 MiB. `node bench/secrets.ts`
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BUILT_IN_RULES, createSecretScanner, scanContent } from '@guardcell/secrets';

const ROOT = resolve(import.meta.dirname, '..');
const WANTED = 64 * 1024 * 1024;

const files = ['packages', 'apps', 'docs', 'content']
  .flatMap((dir) => readdirSync(join(ROOT, dir), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(?:ts|tsx|md|ya?ml|json|c|h)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((path) => !path.includes('/node_modules/') && !path.includes('/dist/'))
  .map((path) => ({ path, bytes: readFileSync(path) }));

const scanner = createSecretScanner();
let bytes = 0;
let findings = 0;
for (const file of files) findings += scanContent(file.path, file.bytes, { scanner }).findings.length;
const started = performance.now();
while (bytes < WANTED) {
  for (const file of files) {
    scanContent(file.path, file.bytes, { scanner });
    bytes += file.bytes.length;
  }
}
const seconds = (performance.now() - started) / 1000;
const rate = bytes / 1e6 / seconds;
console.log(`${BUILT_IN_RULES.length} rules, ${files.length} files, ${findings} findings in one round`);
console.log(`${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(2)} s: ${rate.toFixed(0)} MB/s on one core`);
