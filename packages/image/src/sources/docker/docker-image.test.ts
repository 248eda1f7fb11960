import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestOfBytes, readBounded } from '../digest.ts';
import type { ImageSource } from '../image-source.ts';
import { openImage } from '../open-image.ts';
import { dockerArchive, sampleImage } from '../testing/sample-image.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-docker-engine-'));
after(() => rmSync(FOLDER, { recursive: true }));
const IMAGE = sampleImage({ fileBytes: 3000 });
const ID = digestOfBytes(IMAGE.config);
const REPO_DIGEST = `sha256:${'d'.repeat(64)}`;

const INSPECTED = {
  Id: ID,
  RepoTags: ['sample:1'],
  RepoDigests: [`registry.example/sample@${REPO_DIGEST}`],
  Os: 'linux',
  Architecture: 'amd64',
  Created: '2026-01-01T00:00:00Z',
  Config: { User: 'app', Env: ['A=b'] },
  RootFS: { Type: 'layers', Layers: [IMAGE.diffId] },
};
const HISTORY = [
  { Created: 1_767_225_601, CreatedBy: 'USER app', Size: 0 },
  { Created: 1_767_225_600, CreatedBy: 'ADD rootfs /', Size: 3000 },
];

interface Engine extends AsyncDisposable {
  readonly dockerHost: string;
  readonly asked: readonly string[];
}

let engines = 0;

/** An engine with one image; `inspected` and `archive` say which. */
async function engine(
  inspected: object = {},
  archive: Buffer | number = dockerArchive(IMAGE),
): Promise<Engine> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = decodeURIComponent(request.url ?? '');
    asked.push(url);
    if (url.endsWith('/get')) {
      if (typeof archive === 'number') response.writeHead(archive).end('{"message":"no space left"}');
      else response.end(archive);
    } else if (url === '/images/team/sample:1/json')
      response.end(JSON.stringify({ ...INSPECTED, ...inspected }));
    else if (url === `/images/${ID}/history`) response.end(JSON.stringify(HISTORY));
    else response.writeHead(404).end('{"message":"No such image"}');
  });
  const socket = join(FOLDER, `${++engines}.sock`);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    dockerHost: `unix://${socket}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function firstLayer(image: ImageSource): Promise<Buffer> {
  const layer = image.layers[0];
  assert.ok(layer !== undefined);
  return Buffer.from(await readBounded(layer.open(), 1 << 20, 'test'));
}

test('an image is described without an export, which is made once when layers are read', async () => {
  await using docker = await engine();
  const image = await openImage('docker:team/sample:1', docker);
  assert.deepEqual([image.configDigest, image.digest, image.platform], [ID, REPO_DIGEST, 'linux/amd64']);
  assert.deepEqual(
    image.config.history.map(({ createdBy, emptyLayer }) => [createdBy, emptyLayer]),
    [
      ['ADD rootfs /', false],
      ['USER app', true],
    ],
  );
  assert.equal(image.config.user, 'app');
  const exports = (): number => docker.asked.filter((url) => url.endsWith('/get')).length;
  assert.equal(exports(), 0);
  assert.deepEqual(await Promise.all([firstLayer(image), firstLayer(image)]), [
    IMAGE.layerTar,
    IMAGE.layerTar,
  ]);
  assert.equal(exports(), 1);
  await image.close();
  await assert.rejects(firstLayer(image), { code: 'GC_IMAGE_STORE' });
});

test("with containerd's store the export itself is the description", async () => {
  await using docker = await engine({ Descriptor: { digest: REPO_DIGEST }, Id: ID });
  const image = await openImage('docker:team/sample:1', docker);
  assert.deepEqual(await firstLayer(image), IMAGE.layerTar);
  assert.equal(image.configDigest, ID);
  await image.close();
});

test('an export of another image is refused', async () => {
  const other = sampleImage({ fileBytes: 10 });
  await using docker = await engine({}, dockerArchive(other));
  const image = await openImage('docker:team/sample:1', docker);
  await assert.rejects(firstLayer(image), { code: 'GC_IMAGE_DIGEST' });
  await image.close();
});

test('what the engine says goes into the error', async () => {
  await using docker = await engine({}, 500);
  const image = await openImage('docker:team/sample:1', docker);
  await assert.rejects(firstLayer(image), { code: 'GC_IMAGE_STORE', message: /500.*no space left/ });
  await image.close();
  await assert.rejects(openImage('docker:none', docker), { code: 'GC_IMAGE_NOT_FOUND', at: 'docker:none' });
  await assert.rejects(openImage('docker:team/sample:1', { ...docker, platform: 'linux/arm64' }), {
    code: 'GC_IMAGE_PLATFORM',
  });
});

test('an address or a name that cannot be used is refused before anything is asked', async () => {
  await assert.rejects(openImage('docker:x', { dockerHost: 'ssh://host' }), { code: 'GC_IMAGE_STORE' });
  await assert.rejects(openImage('docker:a/../b'), { code: 'GC_IMAGE_REFERENCE' });
  await assert.rejects(openImage('docker:a?all=1'), { code: 'GC_IMAGE_REFERENCE' });
});
