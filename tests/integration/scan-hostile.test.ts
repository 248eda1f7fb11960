// Scans of what is broken or made to hurt, through the command line: memory stays bounded, what failed is named with a code and
// its place, all else is reported, and nothing of it stays in the cache.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { ScanReport } from '@guardcell/core';
import { createMalwareScanner } from '@guardcell/malware';
import { type TarPart, tar } from '../../packages/image/src/layers/testing/write-tar.ts';
import { jarBomb, manyFiles, oneFile, sparseBomb, zeroBomb } from '../support/hostile-layers.ts';
import { runCli } from '../support/measured-cli.ts';
import { type LayerInput, type WrittenLayer, writeStreamedLayout } from '../support/streamed-layout.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-scan-hostile-'));
const MAX_MIB = 300;
const CLI = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
const GOOD: TarPart = {
  name: 'app/node_modules/kept/package.json',
  body: '{"name":"kept","version":"1.0.0"}',
};
let images = 0;

after(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Scanned {
  readonly code: number;
  readonly report: ScanReport;
  readonly peakMiB: number;
}

/** An image with one good layer and these above it. */
async function image(
  ...layers: readonly LayerInput[]
): Promise<{ readonly path: string; readonly layers: readonly WrittenLayer[] }> {
  images += 1;
  const path = join(FOLDER, `image-${images}`);
  const good: LayerInput = { tar: [tar(GOOD)], packing: 'gzip' };
  return { path, layers: await writeStreamedLayout(path, [good, ...layers]) };
}

async function scan(path: string, ...words: readonly string[]): Promise<Scanned> {
  const only = words.includes('--only') ? [] : ['--only', 'packages'];
  const cache = words.includes('--cache-dir') ? [] : ['--no-cache'];
  const run = await runCli(['scan', 'image', `oci:${path}`, '-o', 'json', ...only, ...cache, ...words]);
  assert.ok(run.stdout !== '', run.stderr);
  assert.ok(run.peakMiB <= MAX_MIB, `${run.peakMiB.toFixed(0)} MiB`);
  return { ...run, report: JSON.parse(run.stdout) as ScanReport };
}

function names({ report }: Scanned): readonly string[] {
  return report.packages.map(({ name }) => name).sort();
}

const upper = (...parts: readonly TarPart[]): LayerInput => ({ tar: [tar(...parts)], packing: 'none' });

for (const [name, layer, code] of [
  ['a gzip bomb', { stored: zeroBomb('gzip', 3), packing: 'gzip' }, 'GC_LAYER_TOO_LARGE'],
  ['a zstd bomb', { stored: zeroBomb('zstd', 3), packing: 'zstd' }, 'GC_LAYER_TOO_LARGE'],
  ['a zip bomb', { tar: oneFile('app/bomb.jar', jarBomb()), packing: 'none' }, 'GC_FILE_NOT_READ'],
  ['files of nothing but holes', { tar: sparseBomb(3000), packing: 'gzip' }, 'GC_FILE_NOT_READ'],
  ['what is no archive', { stored: [Buffer.alloc(5000, 'x')], packing: 'none' }, 'GC_LAYER_MALFORMED'],
] as const) {
  test(`${name} is named with a code and its layer, within ${MAX_MIB} MiB, and the rest is reported`, async () => {
    const { path, layers } = await image(layer);
    const cache = join(path, 'cache');
    for (const round of ['first', 'again, from the cache']) {
      const result = await scan(path, '--cache-dir', cache);
      assert.equal(result.code, 6, round);
      assert.ok(names(result).includes('kept'), round);
      const told = result.report.errors.find((error) => error.code === code);
      assert.ok(told !== undefined, `${round}: ${JSON.stringify(result.report.errors.slice(0, 3))}`);
      if (code.startsWith('GC_LAYER')) assert.ok(told.at.includes(layers[1]?.diffId ?? '?'), told.at);
      else assert.match(told.at, /^\/(?:app\/bomb\.jar|holes\/)/);
    }
    rmSync(path, { recursive: true });
  });
}

test(`archives that are bombs are named where malware is looked for, within ${MAX_MIB} MiB, and the rest is reported`, {
  skip: createMalwareScanner().builtInRules === 0 ? 'no YARA-X here' : false,
}, async () => {
  const packed = [...manyFiles(700_000)].map((part) => gzipSync(part, { level: 1 }));
  const bombs = {
    'zeros.tar.gz': Buffer.concat([...zeroBomb('gzip', 3)]),
    'zeros.tar.zst': Buffer.concat([...zeroBomb('zstd', 3)]),
    'zeros.jar': jarBomb(),
    'many.tgz': Buffer.concat(packed),
  };
  // In two halves: this file must not be taken for one.
  const shell = `<?php @eval(${'$_POST'}['x']);\n`;
  const { path } = await image(
    upper(...Object.entries(bombs).map(([name, body]) => ({ name: `srv/${name}`, body }))),
    upper({ name: 'srv/shell.tgz', body: gzipSync(tar({ name: 'shell.php', body: shell })) }),
  );
  const { code, report } = await scan(path, '--only', 'malware');
  assert.equal(code, 0);
  assert.deepEqual(
    report.malware.map(({ rule, path: place }) => [rule, place]),
    [['webshell-php-eval-request', '/srv/shell.tgz!/shell.php']],
  );
  const told = report.errors.filter(({ message }) => message.includes('unpacks to more than'));
  assert.deepEqual(
    told.map(({ code: error, level, at }) => [error, level, at]).toSorted(),
    Object.keys(bombs)
      .map((name) => ['GC_MALWARE_ARCHIVE', 'note', `/srv/${name}`])
      .toSorted(),
  );
});

test('a layer of 200 000 tiny files is read to its end and takes no more memory than others', async () => {
  const { path } = await image({ tar: manyFiles(200_000), packing: 'zstd' });
  const result = await scan(path);
  assert.equal(result.code, 0);
  assert.deepEqual(names(result), ['kept']);
  assert.ok(result.peakMiB <= 200, `${result.peakMiB.toFixed(0)} MiB`);
});

test('blobs that are cut off or changed are named with image and digest; the other layer is reported', async () => {
  const extra = { name: 'app/node_modules/extra/package.json', body: '{"name":"extra","version":"2.0.0"}' };
  for (const damage of [
    (file: string): void => truncateSync(file, statSync(file).size - 40),
    (file: string): void => appendFileSync(file, 'more'),
    (file: string): void => {
      const bytes = readFileSync(file);
      bytes[30] = (bytes[30] ?? 0) ^ 0xff;
      writeFileSync(file, bytes);
    },
  ]) {
    const { path } = await image({ tar: [tar(extra)], packing: 'gzip' });
    const manifest = manifestOf(path);
    damage(join(path, 'blobs/sha256', manifest.layers[1]?.digest.slice(7) ?? ''));
    const result = await scan(path, '--cache-dir', join(path, 'cache'));
    assert.equal(result.code, 6);
    assert.deepEqual(names(result), ['kept']);
    assert.match(result.report.errors[0]?.code ?? '', /^GC_(?:IMAGE|LAYER)_/);
    assert.match(result.report.errors[0]?.at ?? '', /sha256:[0-9a-f]{64}/);
    assert.equal(cached(join(path, 'cache')).length, 1);
  }
});

interface ManifestLayers {
  readonly layers: readonly { readonly digest: string }[];
}

function manifestOf(path: string): ManifestLayers {
  const blob = (digest: string): unknown =>
    JSON.parse(readFileSync(join(path, 'blobs/sha256', digest.slice(7)), 'utf8'));
  const index = JSON.parse(readFileSync(join(path, 'index.json'), 'utf8')) as {
    manifests: { digest: string }[];
  };
  return blob(index.manifests[0]?.digest ?? '') as ManifestLayers;
}

test('links in circles, names that lead out and names that are no UTF-8 end nowhere else', async () => {
  const { path } = await image(
    upper(
      { name: 'a', type: '2', link: 'b' },
      { name: 'b', type: '2', link: 'a' },
      { name: 'h1/package.json', type: '1', link: 'h2/package.json' },
      { name: 'h2/package.json', type: '1', link: 'h1/package.json' },
      { name: 'self/package.json', type: '1', link: 'self/package.json' },
      { name: '../../../etc/os-release', body: 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian"\n' },
      { name: '/../x/node_modules/up/package.json', body: '{"name":"up","version":"3.0.0"}' },
      {
        name: 'x/node_modules/bytes/?/package.json',
        body: '{}',
        edit: (header) => header.write('\u00ff\u00fe', 21, 'latin1'),
      },
    ),
  );
  const result = await scan(path);
  assert.equal(result.code, 0, JSON.stringify(result.report.errors));
  assert.deepEqual(names(result), ['kept', 'up']);
  assert.equal(result.report.artifact.os?.id, 'debian');
  assert.equal(
    result.report.packages.find(({ name }) => name === 'up')?.locations[0]?.path,
    '/x/node_modules/up/package.json',
  );
});

test('broken locks, package databases and archives are named one by one; the rest is reported', async () => {
  const random = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 * (i + 3)) % 256));
  const broken: readonly TarPart[] = [
    { name: 'a/package-lock.json', body: '{"packages":{' },
    { name: 'a/composer.lock', body: random },
    { name: 'a/poetry.lock', body: '[[package]\nname=' },
    { name: 'a/app.jar', body: Buffer.concat([Buffer.from('PK\u0003\u0004'), random]) },
    { name: 'var/lib/rpm/rpmdb.sqlite', body: Buffer.concat([Buffer.from('SQLite format 3\0'), random]) },
  ];
  const { path } = await image(upper(...broken));
  const result = await scan(path);
  assert.equal(result.code, 6);
  assert.deepEqual(names(result), ['kept']);
  const places = result.report.errors.map(({ code, at }) => `${code} ${at}`).sort();
  assert.deepEqual(places, broken.map(({ name }) => `GC_FILE_NOT_READ /${name}`).sort());
});

test('a broken database is told; packages are listed without it', async () => {
  const { path } = await image();
  const file = join(path, 'advisories.db');
  for (const content of ['', 'SQLite format 3\0 and no more', Buffer.alloc(20_000, 7)]) {
    writeFileSync(file, content);
    const result = await scan(path, '--only', 'packages,vulnerabilities', '--db', file);
    assert.equal(result.code, 6);
    assert.deepEqual(names(result), ['kept']);
    assert.deepEqual(
      result.report.errors.map(({ code, at }) => [code, at]),
      [['GC_DB_INVALID', file]],
    );
  }
});

function cached(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.zst'))
    .sort();
}

/** Layers that take a while to read, so that a scan of them can be stopped in the middle. */
async function slowImage(): Promise<string> {
  const layer = (number: number): LayerInput => ({
    tar: (function* () {
      for (let i = 0; i < 300; i += 1) {
        const name = `app/node_modules/p${number}-${i}/package.json`;
        yield tar({ name, body: `{"name":"p${number}-${i}","version":"1.0.0"}` }).subarray(0, 1024);
      }
      yield* manyFiles(20_000);
    })(),
    packing: 'gzip',
  });
  return (await image(layer(1), layer(2), layer(3))).path;
}

const withoutTime = ({ report }: Scanned): unknown => ({ ...report, createdAt: '' });

test('a scan that is killed at any moment leaves a cache that the next one can trust', async () => {
  const path = await slowImage();
  const truth = await scan(path);
  assert.equal(names(truth).length, 901);
  for (const delayMs of [80, 160, 240, 320, 450, 600]) {
    const cache = join(path, `cache-${delayMs}`);
    const words = ['scan', 'image', `oci:${path}`, '-o', 'json', '--only', 'packages', '--cache-dir', cache];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...words], {
      stdio: 'ignore',
    });
    const ended = new Promise((done) => child.once('close', done));
    await sleep(delayMs);
    child.kill('SIGKILL');
    await ended;
    const next = await scan(path, '--cache-dir', cache);
    assert.equal(next.code, 0);
    assert.deepEqual(withoutTime(next), withoutTime(truth), `killed after ${delayMs} ms`);
  }
});

test('several processes share one cache, also while somebody damages its files', async () => {
  const path = await slowImage();
  const truth = await scan(path);
  const cache = join(path, 'cache');
  mkdirSync(cache);
  for (let round = 0; round < 3; round += 1) {
    const all = await Promise.all([1, 2, 3].map(() => scan(path, '--cache-dir', cache)));
    for (const one of all) assert.deepEqual(withoutTime(one), withoutTime(truth), `round ${round}`);
    assert.equal(cached(cache).length, 4);
    for (const [i, name] of cached(cache).entries()) {
      const file = join(cache, name);
      if (i % 2 === round % 2) truncateSync(file, Math.floor(statSync(file).size / 2));
    }
  }
});
