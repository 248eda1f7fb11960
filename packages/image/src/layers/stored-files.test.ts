// Large files of layers: who gets them from disk, who as bytes, and what bounds them.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Analyzer } from '../analyzer.ts';
import { LAYER_LIMITS } from './limits.ts';
import { readLayers, readTree } from './read-layers.ts';
import { createTarReader } from './tar-reader.ts';
import { layerOf, toyAnalyzer } from './testing/toy-analyzer.ts';
import { paxHeader, tar } from './testing/write-tar.ts';

const MIB = 2 ** 20;

/** So many mebibytes that end with a name. */
function large(mebibytes: number, name: string): Buffer {
  const bytes = Buffer.alloc(mebibytes * MIB, 'x');
  bytes.write(name, bytes.length - name.length);
  return bytes;
}

/** Finds the name, and how it came by it. */
const stored = (id: string): Analyzer => ({
  ...toyAnalyzer({
    id,
    maxBytes: 100 * MIB,
    analyze: ({ bytes }) => ({ value: `${id}-held-${Buffer.from(bytes.subarray(-3)).toString()}` }),
    analyzeStored: ({ content }) => ({ value: `${id}-disk-${content.read(content.size - 3, 9).toString()}` }),
  }),
});
const held: Analyzer = (() => {
  const { analyzeStored: _, ...rest } = stored('bytes');
  return rest;
})();

async function namesIn(
  layer: Buffer,
  analyzers: readonly Analyzer[],
  limits = LAYER_LIMITS,
): Promise<{ readonly names: readonly string[]; readonly errors: readonly string[] }> {
  const { packages, errors } = await readLayers([layerOf(layer)], analyzers, { limits });
  return {
    names: packages.flatMap(({ name, locations }) => locations.map(({ path }) => `${path} ${name}`)).sort(),
    errors: errors.map(({ code, at, message }) => `${code} ${at} ${message}`).sort(),
  };
}

test('a large file is read from disk under each of its names, also those that another pass must bring', async () => {
  const layer = tar(
    { name: 'first.pkg', body: large(33, 'one') },
    { name: 'again.pkg', type: '1', link: 'first.pkg' },
    { name: 'nobody-wants-this', body: large(33, 'two') },
    { name: 'later.pkg', type: '1', link: 'nobody-wants-this' },
    { name: 'small.pkg', body: 'new' },
  );
  const { names, errors } = await namesIn(layer, [stored('toy')]);
  assert.deepEqual(errors, []);
  assert.deepEqual(names, [
    '/again.pkg toy-disk-one',
    '/first.pkg toy-disk-one',
    '/later.pkg toy-disk-two',
    '/small.pkg toy-held-new',
  ]);
});

test('those who need all bytes get files up to 64 MiB, and nobody holds larger ones', async (t) => {
  const layer = tar({ name: 'a.pkg', body: large(40, 'one') }, { name: 'b.pkg', body: large(65, 'two') });
  const expected = ['/a.pkg bytes-held-one', '/a.pkg toy-held-one', '/b.pkg toy-disk-two'];
  const problem = `GC_FILE_NOT_READ /b.pkg bytes: the file has ${65 * MIB} bytes, at most ${64 * MIB} are read`;
  assert.deepEqual(await namesIn(layer, [held, stored('toy')]), { names: expected, errors: [problem] });
  const folder = mkdtempSync(join(tmpdir(), 'gc-stored-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in/b.pkg'), large(65, 'two'));
  const tree = await readTree(folder, [held, stored('toy')]);
  assert.deepEqual(
    tree.packages.map(({ name }) => name),
    ['toy-disk-two'],
  );
  assert.deepEqual(
    tree.errors.map(({ at }) => at),
    ['/in/b.pkg'],
  );
});

test('what a layer may have copied to disk is bounded; the rest is named', async () => {
  const layer = tar({ name: 'a.pkg', body: large(33, 'one') }, { name: 'b.pkg', body: large(33, 'two') });
  const { names, errors } = await namesIn(layer, [stored('toy')], { ...LAYER_LIMITS, storedBytes: 40 * MIB });
  assert.deepEqual(names, ['/a.pkg toy-disk-one']);
  assert.deepEqual(errors, [
    `GC_FILE_NOT_READ /b.pkg the layer has more than ${40 * MIB} bytes in files too large for memory`,
  ]);
});

test('files with holes are named when they are large, or hold more than they are large', () => {
  const problems: string[] = [];
  const reader = createTarReader({
    entry: ({ name }) =>
      name !== 'large' || {
        piece: () => assert.fail('nobody reads it'),
        end: () => assert.fail('nor ends it'),
      },
    content: () => assert.fail('it has too much data'),
    problem: (name, message) => void problems.push(`${name}: ${message}`),
  });
  const hollow = (name: string, size: number): Buffer =>
    paxHeader({ 'GNU.sparse.map': '0,3', 'GNU.sparse.size': String(size), 'GNU.sparse.name': name });
  reader.write(tar(hollow('large', 9000), { name: 'x', body: 'abc' }));
  const second = createTarReader({
    entry: () => true,
    content: () => assert.fail('it has too much data'),
    problem: (name, message) => void problems.push(`${name}: ${message}`),
  });
  second.write(tar(hollow('odd', 9000), { name: 'x', body: Buffer.alloc(2 * MIB) }));
  second.end();
  assert.deepEqual(problems, [
    'large: files with holes are not read when they are this large (9000 bytes)',
    `odd: a file with holes of 9000 bytes has ${2 * MIB} bytes of data`,
  ]);
});
