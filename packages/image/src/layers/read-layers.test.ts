// Layers as a whole: what hides what, what is kept, and what damaged or hostile layers do (nothing but an error).
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Analyzer } from '../analyzer.ts';
import { openLayerCache } from './layer-cache.ts';
import type { LayerSource } from './layer-source.ts';
import { LAYER_LIMITS } from './limits.ts';
import { type ReadLayersOptions, readLayers } from './read-layers.ts';
import { layerOf, toyAnalyzer } from './testing/toy-analyzer.ts';
import { tar, tarEntry } from './testing/write-tar.ts';

async function namesOf(layers: readonly LayerSource[], options: ReadLayersOptions = {}): Promise<string[]> {
  const { packages, errors } = await readLayers(layers, [toyAnalyzer()], options);
  assert.deepEqual(errors, []);
  return packages.map(({ name }) => name).sort();
}

function temporary(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'gc-layers-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test('plain, gzip and zstd layers read alike, also in several members and frames', async () => {
  const plain = tar({ name: 'a.pkg', body: 'a' }, { name: 'dir/b.pkg', body: 'b' });
  const [first, second] = [plain.subarray(0, 700), plain.subarray(700)];
  const stored = [
    plain,
    gzipSync(plain),
    Buffer.concat([gzipSync(first), gzipSync(second)]),
    zstdCompressSync(plain),
    Buffer.concat([zstdCompressSync(first), zstdCompressSync(second)]),
  ];
  for (const [i, bytes] of stored.entries()) {
    assert.deepEqual(await namesOf([layerOf(plain, bytes)]), ['a', 'b'], `form ${i}`);
  }
});

test('a zstd layer may begin with a skippable frame and have more between', async () => {
  const plain = tar({ name: 'a.pkg', body: 'a' });
  const skippable = Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0]), Buffer.from('info')]);
  const stored = Buffer.concat([skippable, zstdCompressSync(plain), skippable]);
  assert.deepEqual(await namesOf([layerOf(plain, stored)]), ['a']);
});

test('higher layers replace, erase and empty what lies below, and only below', async () => {
  const lowest = layerOf(
    tar(
      { name: 'same.pkg', body: 'old' },
      { name: 'gone.pkg', body: 'gone' },
      { name: 'tree/x/gone.pkg', body: 'gone' },
      { name: 'opaque/gone.pkg', body: 'gone' },
      { name: 'folder/gone.pkg', body: 'gone' },
      { name: 'kept/.hidden.pkg', body: 'kept' },
      { name: 'file.pkg', body: 'gone' },
    ),
  );
  const upper = layerOf(
    tar(
      { name: 'same.pkg', body: 'new' },
      { name: '.wh.gone.pkg' },
      { name: '.wh.tree' },
      { name: 'opaque/', type: '5' },
      { name: 'opaque/fresh.pkg', body: 'fresh' },
      { name: 'opaque/.wh..wh..opq' },
      { name: 'folder', type: '2', link: 'elsewhere' },
      { name: 'kept/', type: '5' },
      { name: 'file.pkg/', type: '5' },
    ),
  );
  assert.deepEqual(await namesOf([lowest, upper]), ['fresh', 'kept', 'new']);
});

test('what a whiteout took away can come back in a still higher layer', async () => {
  const layers = [
    layerOf(tar({ name: 'a.pkg', body: 'one' })),
    layerOf(tar({ name: '.wh.a.pkg' })),
    layerOf(tar({ name: 'a.pkg', body: 'three' })),
  ];
  assert.deepEqual(await namesOf(layers), ['three']);
});

test('within a layer the last entry of a name counts, and a file ends the folder of its name', async () => {
  const layer = layerOf(
    tar(
      { name: 'a.pkg', body: 'first' },
      { name: 'a.pkg', body: 'last' },
      { name: 'dir/b.pkg', body: 'b' },
      { name: 'dir', type: '2', link: 'x' },
      { name: 'c.pkg', body: 'c' },
      { name: 'c.pkg', type: '2', link: 'x' },
    ),
  );
  assert.deepEqual(await namesOf([layer]), ['last']);
});

test('hard links give what their target gives, with a second pass only when they must', async () => {
  const known = layerOf(tar({ name: 'a.pkg', body: 'a' }, { name: 'b.pkg', type: '1', link: 'a.pkg' }));
  assert.deepEqual(await namesOf([known]), ['a', 'a']);
  assert.equal(known.opened, 1);
  const unknown = layerOf(tar({ name: 'a', body: 'a' }, { name: 'b.pkg', type: '1', link: './a' }));
  assert.deepEqual(await namesOf([unknown]), ['a']);
  assert.equal(unknown.opened, 2);
});

test('one large file under very many names is not read for each of them', async () => {
  const links = Array.from({ length: 50 }, (_, i) => ({ name: `${i}.pkg`, type: '1', link: 'a' }));
  const layer = layerOf(tar({ name: 'a', body: 'a'.repeat(900) }, ...links));
  const limits = { ...LAYER_LIMITS, repeatedBytes: 9000 };
  const { packages, errors } = await readLayers([layer], [toyAnalyzer()], { limits });
  assert.equal(packages.length, 10);
  assert.equal(errors.length, 40);
  assert.deepEqual(errors[0], {
    code: 'GC_FILE_NOT_READ',
    message: 'more than 9000 bytes of the layer have several names',
    at: '/10.pkg',
    hint: '',
  });
});

test('names never lead out of the artifact', async () => {
  const layer = layerOf(
    tar(
      { name: '../../etc/x.pkg', body: 'up' },
      { name: '/abs//./y.pkg', body: 'absolute' },
      { name: 'z.pkg', type: '2', link: '/etc/passwd' },
    ),
  );
  const { packages } = await readLayers([layer], [toyAnalyzer()]);
  assert.deepEqual(
    packages.map(({ locations }) => locations[0]),
    [
      { path: '/etc/x.pkg', layer: layer.diffId },
      { path: '/abs/y.pkg', layer: layer.diffId },
    ],
  );
});

test('files that are bad, too large or make an analyzer crash are named; the others stand', async () => {
  const layer = layerOf(
    tar(
      { name: 'bad.pkg', body: 'bad' },
      { name: 'crash.pkg', body: 'crash' },
      { name: 'large.pkg', body: 'x'.repeat(1001) },
      { name: 'good.pkg', body: 'good' },
    ),
  );
  const { packages, errors } = await readLayers([layer], [toyAnalyzer()]);
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['good'],
  );
  assert.deepEqual(
    errors.map(({ at, message }) => [at, message]),
    [
      ['/bad.pkg', 'toy: it is bad'],
      ['/crash.pkg', 'toy: crashed'],
      ['/large.pkg', 'toy: the file has 1001 bytes, at most 1000 are read'],
    ],
  );
});

test('a layer that fails says why, gives nothing, is not kept, and leaves the others alone', async (t) => {
  const directory = temporary(t);
  const good = tar({ name: 'a.pkg', body: 'a' });
  const other = tar({ name: 'other.pkg', body: 'other' });
  const zeros = Buffer.concat([tarEntry({ name: 'z', body: Buffer.alloc(3_000_000) }), Buffer.alloc(1024)]);
  const cases: readonly [string, LayerSource][] = [
    ['GC_LAYER_DIGEST', layerOf(good, good, `sha256:${'0'.repeat(64)}`)],
    ['GC_LAYER_TRUNCATED', layerOf(good, gzipSync(good).subarray(0, 60))],
    ['GC_LAYER_TRUNCATED', layerOf(good, zstdCompressSync(good).subarray(0, 30))],
    ['GC_LAYER_TRUNCATED', layerOf(good.subarray(0, 513))],
    ['GC_LAYER_MALFORMED', layerOf(Buffer.alloc(4096, 1))],
    ['GC_LAYER_TOO_LARGE', layerOf(zeros, gzipSync(zeros))],
    ['GC_LAYER_TOO_LARGE', layerOf(zeros, zstdCompressSync(zeros))],
  ];
  const limits = { ...LAYER_LIMITS, ratioFrom: 1_000_000 };
  for (const [code, layer] of cases) {
    const cache = openLayerCache({ directory });
    const { packages, errors } = await readLayers([layer, layerOf(other)], [toyAnalyzer()], {
      cache,
      limits,
    });
    assert.deepEqual(
      errors.map((error) => [error.code, error.at]),
      [[code, layer.diffId]],
    );
    assert.deepEqual(
      packages.map(({ name }) => name),
      ['other'],
    );
  }
  assert.equal(
    readdirSync(directory, { recursive: true }).filter((name) => String(name).endsWith('.zst')).length,
    1,
  );
});

test('a source that fails is an error of its layer, with its own code', async () => {
  const broken: LayerSource = {
    diffId: 'sha256:x',
    // oxlint-disable-next-line typescript/require-await -- sources are asynchronous
    async *open() {
      yield gzipSync(Buffer.alloc(2000)).subarray(0, 20);
      throw Object.assign(new Error('connection lost'), { name: 'Error' });
    },
  };
  const { errors } = await readLayers([broken], [toyAnalyzer()]);
  assert.deepEqual(
    errors.map(({ code, message }) => [code, message]),
    [['GC_LAYER_UNREADABLE', 'connection lost']],
  );
});

test('more findings than fit in memory end the layer, not the process', async () => {
  const layer = layerOf(tar(...Array.from({ length: 20 }, (_, i) => ({ name: `${i}.pkg`, body: 'x' }))));
  const few = await readLayers([layer], [toyAnalyzer()], { limits: { ...LAYER_LIMITS, fragments: 10 } });
  assert.equal(few.errors[0]?.code, 'GC_LAYER_TOO_MANY_FINDINGS');
  const entries = await readLayers([layer], [toyAnalyzer()], { limits: { ...LAYER_LIMITS, entries: 10 } });
  assert.equal(entries.errors[0]?.code, 'GC_LAYER_TOO_MANY_ENTRIES');
});

test('packages are counted however they lie in files: a file that names too many is told, the rest stands', async () => {
  const listing: Analyzer<readonly { name: string; version: string }[]> = {
    id: 'listing',
    version: 1,
    maxBytes: 100,
    wants: ({ path }) => path.endsWith('.pkg'),
    analyze: ({ bytes }) => ({
      value: Array.from({ length: bytes.length }, (_, i) => ({ name: `${i}`, version: '1' })),
    }),
    assemble: (found) => ({
      packages: found.flatMap(({ value, location }) =>
        value.map((one) => ({ ...one, type: 'npm' as const, purl: '', locations: [location], licenses: [] })),
      ),
    }),
  };
  const layer = (...sizes: readonly number[]) =>
    layerOf(tar(...sizes.map((size, i) => ({ name: `${size}-${i}.pkg`, body: 'x'.repeat(size) }))));
  const read = (...layers: LayerSource[]) =>
    readLayers(layers, [listing], { limits: { ...LAYER_LIMITS, packages: 10 }, parallel: 1 });
  const alone = await read(layer(11, 3));
  assert.equal(alone.packages.length, 3);
  assert.match(alone.errors[0]?.message ?? '', /11 packages are more than can be kept/);
  assert.equal((await read(layer(6, 5))).errors[0]?.code, 'GC_LAYER_TOO_MANY_FINDINGS');
  const together = await read(layer(6), layer(5));
  assert.equal(together.packages.length, 6);
  assert.equal(together.errors[0]?.code, 'GC_LAYER_TOO_MANY_FINDINGS');
});

test('layers that are each small enough may be too much together', async () => {
  const layers = ['a', 'b', 'c'].map((name) =>
    layerOf(tar({ name: `${name}-1.pkg`, body: 'x' }, { name: `${name}-2.pkg`, body: 'x' })),
  );
  const options = { limits: { ...LAYER_LIMITS, fragments: 4 }, parallel: 1 };
  const { packages, errors } = await readLayers(layers, [toyAnalyzer()], options);
  assert.equal(packages.length, 4);
  assert.deepEqual(
    errors.map(({ code, at }) => [code, at]),
    [['GC_LAYER_TOO_MANY_FINDINGS', layers[2]?.diffId]],
  );
});

test('files that are looked at in vain are not remembered without end, and hard links to them still count', async () => {
  const many = Array.from({ length: 30_000 }, (_, i) => ({ name: `${i}.pkg`, body: 'bad' }));
  const layer = layerOf(
    tar(...many, { name: 'last.pkg', body: 'found' }, { name: 'link.pkg', type: '1', link: 'last.pkg' }),
  );
  const { packages, errors } = await readLayers([layer], [toyAnalyzer()]);
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['found', 'found'],
  );
  assert.deepEqual(errors.at(-1), {
    code: 'GC_FILE_NOT_READ',
    message: '20000 more files could not be looked at',
    at: '/',
    hint: '',
  });
});

test('a folder that turns into a file again and again ends the layer, not in hours', async () => {
  const found = Array.from({ length: 5000 }, (_, i) => ({ name: `kept/${i}.pkg`, body: 'x' }));
  const turns = Array.from({ length: 6000 }, (_, i) => [
    { name: 'turn/x.pkg', body: `x${i}` },
    { name: 'turn', body: '' },
  ]);
  const { errors } = await readLayers([layerOf(tar(...found, ...turns.flat()))], [toyAnalyzer()]);
  assert.equal(errors[0]?.code, 'GC_LAYER_TOO_MANY_FINDINGS');
});

test('a layer that was read is not read again until an analyzer changes', async (t) => {
  const directory = temporary(t);
  const lowest = layerOf(tar({ name: 'a.pkg', body: 'a' }, { name: 'b.pkg', body: 'b' }));
  const upper = layerOf(tar({ name: '.wh.a.pkg' }));
  const cache = openLayerCache({ directory });
  assert.deepEqual(await namesOf([lowest, upper], { cache }), ['b']);
  assert.deepEqual(await namesOf([lowest, upper], { cache: openLayerCache({ directory }) }), ['b']);
  assert.deepEqual([lowest.opened, upper.opened], [1, 1]);
  await readLayers([lowest, upper], [toyAnalyzer({ version: 2 })], { cache });
  assert.deepEqual([lowest.opened, upper.opened], [2, 2]);
  // As an upper layer the same content hides things: that answer is another one.
  assert.deepEqual(await namesOf([upper, lowest], { cache }), ['a', 'b']);
  assert.deepEqual([lowest.opened, upper.opened], [3, 3]);
});

test('damaged files of the cache are thrown away and made again', async (t) => {
  const directory = temporary(t);
  const layer = layerOf(tar({ name: 'a.pkg', body: 'a' }));
  const cache = openLayerCache({ directory });
  await namesOf([layer], { cache });
  const [file = ''] = readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.zst'));
  const whole = readFileSync(join(directory, file));
  for (const damaged of [
    whole.subarray(0, 9),
    Buffer.alloc(0),
    zstdCompressSync('{"fragments":1}'),
    zstdCompressSync('{"fragments":[null],"problems":[],"marks":"","bytes":1,"entries":1}'),
    zstdCompressSync('{"fragments":[{"path":1}],"problems":[],"marks":"","bytes":1,"entries":1}'),
    zstdCompressSync('{"fragments":[],"problems":[],"marks":""}'),
    Buffer.from('x'),
  ]) {
    writeFileSync(join(directory, file), damaged);
    assert.deepEqual(await namesOf([layer], { cache }), ['a']);
    assert.deepEqual(readFileSync(join(directory, file)), whole);
  }
  assert.equal(layer.opened, 8);
});

test('a cache that cannot be written is told once and changes no result', async (t) => {
  const directory = join(temporary(t), 'file');
  writeFileSync(directory, '');
  const warnings: string[] = [];
  const cache = openLayerCache({ directory, onWarning: (message) => void warnings.push(message) });
  const layers = [layerOf(tar({ name: 'a.pkg', body: 'a' })), layerOf(tar({ name: 'b.pkg', body: 'b' }))];
  assert.deepEqual(await namesOf(layers, { cache }), ['a', 'b']);
  assert.equal(warnings.length, 1);
});

test('the cache stays within its size: what was not used for longest goes first', async (t) => {
  const directory = temporary(t);
  // Every first write of an opened cache looks at the size.
  for (let i = 0; i < 5; i += 1) {
    const cache = openLayerCache({ directory, maxBytes: 400 });
    await namesOf([layerOf(tar({ name: 'a.pkg', body: `a${i}` }))], { cache });
  }
  const left = readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.zst'));
  assert.ok(left.length >= 1 && left.length < 5, `${left.length} files are left`);
});

test('what facts tell is noted without reading, for the entry that lies on top, and within a bound', async () => {
  const noting = toyAnalyzer({
    wants: () => false,
    notice: ({ path, mode }, isDirectory) =>
      (mode & 0o4000) === 0 ? undefined : `${isDirectory ? 'd' : 'f'}${path}`,
  });
  const found = async (...layers: readonly Buffer[]): Promise<string[]> => {
    const { packages, errors } = await readLayers(
      layers.map((plain) => layerOf(plain)),
      [noting],
    );
    return [...packages.map(({ name }) => name), ...errors.map(({ message }) => message)].sort();
  };
  const lower = tar(
    { name: 'kept', mode: 0o4755, body: 'x' },
    { name: 'gone', mode: 0o4755 },
    { name: 'tamed', mode: 0o4755 },
    { name: 'folder', type: '5', mode: 0o4777 },
    { name: 'folder/in', mode: 0o4755 },
    { name: 'open', type: '5', mode: 0o4777 },
  );
  assert.deepEqual(await found(lower), ['d/folder', 'd/open', 'f/folder/in', 'f/gone', 'f/kept', 'f/tamed']);
  const upper = tar(
    { name: '.wh.gone' },
    { name: 'tamed', mode: 0o755 },
    // Listed again with other bits: what it holds stays.
    { name: 'folder', type: '5', mode: 0o755 },
  );
  assert.deepEqual(await found(lower, upper), ['d/open', 'f/folder/in', 'f/kept']);
  const many = Array.from({ length: 2100 }, (_, i) => ({ name: `f${i}`, mode: 0o4755 }));
  const told = await found(tar(...many));
  assert.equal(told.length, 2001);
  assert.match(told.at(-1) ?? '', /more than 2000 entries/);
});

test('what is left out by path is taken away after reading: what is kept of a layer is the whole', async (t) => {
  const cache = openLayerCache({ directory: temporary(t) });
  const layers = [
    layerOf(tar({ name: 'a.pkg', body: 'a' }, { name: 'old/b.pkg', body: 'b' })),
    layerOf(tar({ name: 'old/deep/c.pkg', body: 'c' }, { name: 'old/.wh.b.pkg' })),
    layerOf(tar({ name: 'old/b.pkg', body: 'again' })),
  ];
  const told = new Set<string>();
  const exclusion = {
    isExcluded: (path: string) => path === '/old',
    onExcluded: (path: string) => told.add(path),
  };
  assert.deepEqual(await namesOf(layers, { cache, exclusion }), ['a']);
  assert.deepEqual([...told].sort(), ['/old/b.pkg', '/old/deep/c.pkg']);
  // From the cache alone: nothing can be read any more.
  const kept = layers.map(({ diffId }): LayerSource => ({ diffId, open: () => assert.fail('read again') }));
  assert.deepEqual(await namesOf(kept, { cache }), ['a', 'again', 'c']);
  assert.deepEqual(await namesOf(kept, { cache, exclusion }), ['a']);
});
