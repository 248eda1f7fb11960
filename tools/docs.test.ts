// Links in the documentation lead somewhere, and every runtime dependency has its reason.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..');

test('every relative link in a document leads to a file of the project', () => {
  const documents = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'apps/*/README.md'], {
    cwd: ROOT,
  });
  const broken: string[] = [];
  for (const document of documents) {
    const text = readFileSync(join(ROOT, document), 'utf8');
    for (const match of text.matchAll(/(?:\]\(|src="|srcset=")([^)"\s]+)/g)) {
      const target = (match[1] ?? '').split('#')[0] ?? '';
      if (target === '' || /^[a-z]+:/.test(target)) continue;
      if (!existsSync(resolve(ROOT, dirname(document), target))) broken.push(`${document}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('every runtime dependency has its reason in docs/dependencies.md', () => {
  const ledger = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
  const missing: string[] = [];
  for (const file of globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: ROOT })) {
    const manifest = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (name.startsWith('@guardcell/') || ledger.includes(`\`${name}\``)) continue;
      const family = ['@radix-ui/', '@tanstack/'].some((prefix) => name.startsWith(prefix));
      if (!family) missing.push(`${file}: ${name}`);
    }
  }
  assert.deepEqual(missing, []);
});
