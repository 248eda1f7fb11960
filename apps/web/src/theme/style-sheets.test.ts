// Style sheets and screens belong together: no screen names a class that its sheet lacks, no sheet holds one nobody names.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..');

interface Names {
  readonly used: Set<string>;
  /** Some are put together at run time: `s[tone]`. */
  isDynamic: boolean;
}

function namesInScreens(): ReadonlyMap<string, Names> {
  const sheets = new Map<string, Names>();
  for (const file of globSync('**/*.tsx', { cwd: ROOT })) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, alias = '', path = ''] of text.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)) {
      const sheet = normalize(join(dirname(file), path));
      const names = sheets.get(sheet) ?? { used: new Set(), isDynamic: false };
      for (const [, name = ''] of text.matchAll(new RegExp(String.raw`\b${alias}\.(\w+)`, 'g')))
        names.used.add(name);
      if (new RegExp(String.raw`\b${alias}\[`).test(text)) names.isDynamic = true;
      sheets.set(sheet, names);
    }
  }
  return sheets;
}

function classesOf(sheet: string): Set<string> {
  const text = readFileSync(join(ROOT, sheet), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const selectors = text.replaceAll(/:global\([^)]*\)+/g, '').replaceAll(/\{[^{}]*\}/g, '{}');
  return new Set([...selectors.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = '']) => name));
}

const screens = namesInScreens();

test('every class that a screen names stands in its style sheet', () => {
  const missing = [...screens].flatMap(([sheet, { used }]) =>
    [...used.difference(classesOf(sheet))].map((name) => `${sheet}: ${name}`),
  );
  assert.ok(screens.size > 20);
  assert.deepEqual(missing, []);
});

test('every class of a style sheet is named by a screen', () => {
  const dead = globSync('**/*.module.css', { cwd: ROOT }).flatMap((sheet) => {
    const names = screens.get(sheet);
    if (names?.isDynamic === true) return [];
    return [...classesOf(sheet).difference(names?.used ?? new Set())].map((name) => `${sheet}: ${name}`);
  });
  assert.deepEqual(dead, []);
});
