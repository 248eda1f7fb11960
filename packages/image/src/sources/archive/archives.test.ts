import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { digestOfBytes, readBounded } from '../digest.ts';
import { isImageFailure } from '../failures.ts';
import type { ImageSource } from '../image-source.ts';
import { openImage } from '../open-image.ts';
import {
  dockerArchive,
  indexOf,
  layoutFiles,
  sampleImage,
  tarOf,
  writeFolder,
} from '../testing/sample-image.ts';
import { spool } from './spool.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-archives-'));
after(() => rmSync(FOLDER, { recursive: true }));
const IMAGE = sampleImage({ fileBytes: 5000 });
const OTHER = sampleImage({ fileBytes: 700, architecture: 'arm64' });

function fileWith(name: string, bytes: Buffer): string {
  writeFileSync(join(FOLDER, name), bytes);
  return join(FOLDER, name);
}

async function firstLayer(image: ImageSource): Promise<Buffer> {
  const layer = image.layers[0];
  assert.ok(layer !== undefined);
  return Buffer.from(await readBounded(layer.open(), 1 << 20, 'test'));
}

async function opened<T>(reference: string, use: (image: ImageSource) => Promise<T> | T): Promise<T> {
  const image = await openImage(reference);
  try {
    return await use(image);
  } finally {
    await image.close();
  }
}

test('an archive of docker is read plain, gzipped and with zstd', async () => {
  const archive = dockerArchive(IMAGE);
  const forms = { 'a.tar': archive, 'a.tar.gz': gzipSync(archive), 'a.tar.zst': zstdCompressSync(archive) };
  for (const [name, bytes] of Object.entries(forms)) {
    await opened(`docker-archive:${fileWith(name, bytes)}`, async (image) => {
      assert.deepEqual([image.tags, image.configDigest], [['sample:1'], digestOfBytes(IMAGE.config)]);
      assert.deepEqual(await firstLayer(image), IMAGE.layerTar);
    });
  }
});

test('a temporary copy is readable by its owner alone, and is gone when it is removed or was too large', async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(1000);
  }
  const copy = await spool(source(), 1000, 'test');
  assert.equal(statSync(copy.file).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(copy.file)).mode & 0o777, 0o700);
  await copy.remove();
  assert.equal(existsSync(dirname(copy.file)), false);
  await assert.rejects(spool(source(), 999, 'test'), { code: 'GC_IMAGE_TOO_LARGE', at: 'test' });
});

test('one of several images is chosen by its name, and shared layers are found through links', async () => {
  const file = fileWith('two.tar', dockerArchive(IMAGE, ['sample:1', 'team/other:2']));
  await assert.rejects(openImage(`docker-archive:${file}`), { code: 'GC_IMAGE_REFERENCE' });
  await assert.rejects(openImage(`docker-archive:${file}:none`), { code: 'GC_IMAGE_NOT_FOUND' });
  await opened(`docker-archive:${file}:team/other:2`, async (image) => {
    assert.deepEqual(await firstLayer(image), IMAGE.layerTar);
  });
  await opened(`docker-archive:${file}@1`, (image) => assert.deepEqual(image.tags, ['team/other:2']));
});

test('a layout is read from a folder and from an archive, by tag, by digest and when it is the only one', async () => {
  const folder = join(FOLDER, 'layout:odd');
  const files = layoutFiles({ one: IMAGE, two: OTHER });
  writeFolder(folder, files);
  const tar = tarOf([...files].map(([name, content]) => ({ name: `./${name}`, content })));
  const archive = fileWith('layout.tar', tar);
  for (const reference of [
    `oci:${folder}:one`,
    `oci:${folder}@${IMAGE.manifestDigest}`,
    `oci-archive:${archive}:one`,
  ]) {
    await opened(reference, async (image) => {
      assert.equal(image.digest, IMAGE.manifestDigest);
      assert.deepEqual(await firstLayer(image), IMAGE.layer);
    });
  }
  await assert.rejects(openImage(`oci:${folder}`), { code: 'GC_IMAGE_REFERENCE', hint: 'It has: one, two.' });
  await assert.rejects(openImage(`oci:${folder}:three`), { code: 'GC_IMAGE_NOT_FOUND' });
  await assert.rejects(openImage(`oci:${FOLDER}`), { code: 'GC_IMAGE_NOT_FOUND' });
});

test('an index file with one image for several platforms is that image', async () => {
  const folder = join(FOLDER, 'multi');
  const files = new Map(layoutFiles({ one: IMAGE, two: OTHER }));
  files.set(
    'index.json',
    indexOf([
      ['linux/amd64', IMAGE],
      ['linux/arm64', OTHER],
    ]),
  );
  writeFolder(folder, files);
  const image = await openImage(`oci:${folder}`, { platform: 'linux/arm64' });
  assert.equal(image.digest, OTHER.manifestDigest);
});

test('a layer that was changed ends with an error', async () => {
  const folder = join(FOLDER, 'changed');
  writeFolder(folder, layoutFiles({ one: IMAGE }));
  const changed = Buffer.from(IMAGE.layer);
  changed[100] = (changed[100] ?? 0) ^ 1;
  writeFileSync(join(folder, `blobs/${digestOfBytes(IMAGE.layer).replace(':', '/')}`), changed);
  await opened(`oci:${folder}`, (image) => assert.rejects(firstLayer(image), { code: 'GC_IMAGE_DIGEST' }));
});

test('a changed configuration is refused', async () => {
  const archive = dockerArchive(IMAGE);
  const at = archive.indexOf('"User":"app"');
  archive.write('"User":"abb"', at);
  await assert.rejects(openImage(`docker-archive:${fileWith('config.tar', archive)}`), {
    code: 'GC_IMAGE_DIGEST',
  });
});

test('what is cut off, not an archive or not there is told apart', async () => {
  const archive = dockerArchive(IMAGE);
  const cases = [
    [fileWith('cut.tar', archive.subarray(0, 3000)), 'GC_IMAGE_ARCHIVE'],
    [fileWith('cut.tar.gz', gzipSync(archive).subarray(0, 2000)), 'GC_IMAGE_ARCHIVE'],
    [fileWith('text.tar', Buffer.from('hello '.repeat(500))), 'GC_IMAGE_ARCHIVE'],
    [fileWith('other.tar', tarOf([{ name: 'readme', content: Buffer.from('x') }])), 'GC_IMAGE_ARCHIVE'],
    [FOLDER, 'GC_IMAGE_ARCHIVE'],
    [join(FOLDER, 'none.tar'), 'GC_IMAGE_NOT_FOUND'],
  ] as const;
  for (const [file, code] of cases) await assert.rejects(openImage(`docker-archive:${file}`), { code }, file);
});

test('a compressed archive does not fill the disk beyond its bound', async () => {
  const bomb = fileWith('bomb.tar.gz', gzipSync(Buffer.alloc(30_000_000)));
  await assert.rejects(openImage(`docker-archive:${bomb}`, { maxSpoolBytes: 1_000_000 }), {
    code: 'GC_IMAGE_TOO_LARGE',
  });
});

test('links that go in circles lead nowhere', async () => {
  const manifest = [{ Config: 'a', RepoTags: [], Layers: [] }];
  const loop = tarOf([
    { name: 'a', link: 'b' },
    { name: 'b', link: 'a' },
    { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
  ]);
  await assert.rejects(openImage(`docker-archive:${fileWith('loop.tar', loop)}`), {
    code: 'GC_IMAGE_NOT_FOUND',
  });
});

test('whatever is changed in an archive, it is read or refused with an error of ours', async () => {
  const archive = dockerArchive(sampleImage({ fileBytes: 100 }));
  const change = fc.record({ at: fc.nat(archive.length - 1), value: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
      const bytes = Buffer.from(archive);
      for (const { at, value } of changes) bytes[at] = value;
      try {
        await opened(`docker-archive:${fileWith('fuzz.tar', bytes)}`, firstLayer);
      } catch (error) {
        assert.ok(isImageFailure(error), String(error));
      }
    }),
    { numRuns: 200 },
  );
});
