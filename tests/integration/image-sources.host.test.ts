// The same image through every kind of reference: real registry, docker, containerd, and what skopeo writes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createGunzip } from 'node:zlib';
import { type ImageSource, type OpenImageOptions, openImage, openRegistry } from '@guardcell/image';
import { indexOf, sampleImage, writeFolder } from '../../packages/image/src/sources/testing/sample-image.ts';
import { containerdProblem, startContainerd } from '../support/containerd.ts';
import { type DockerAvailability, ensureDocker, ensureImage } from '../support/docker.ts';
import { BUSYBOX_IMAGE, PAUSE_IMAGE } from '../support/images.ts';
import { REGISTRY_ACCOUNT, registryProblem, startRegistry, type TestRegistry } from '../support/registry.ts';
import { command } from '../support/run-command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-image-sources-'));
const PLAIN: OpenImageOptions = { registry: { plainHttp: true, env: { HOME: FOLDER } } };
let docker: DockerAvailability;
let registry: TestRegistry | undefined;
let problem = '';

before(async () => {
  docker = await ensureDocker();
  problem = docker.available ? await registryProblem() : docker.reason;
  if (problem !== '') return;
  await ensureImage(BUSYBOX_IMAGE);
  registry = await startRegistry();
  const saved = join(FOLDER, 'saved.tar');
  await command('docker', ['save', '-o', saved, BUSYBOX_IMAGE]);
  await command('gzip', ['-k', saved]);
  await command('skopeo', ['copy', `docker-archive:${saved}`, `oci:${FOLDER}/layout:one`]);
  await command('skopeo', ['copy', `docker-archive:${saved}`, `oci-archive:${FOLDER}/layout.tar:one`]);
  await registry.push(`docker-archive:${saved}`, 'team/app:1');
});

after(async () => {
  await registry?.[Symbol.asyncDispose]();
  await docker.stop();
  rmSync(FOLDER, { recursive: true, force: true });
});

/** diffIDs of what the layers really hold, uncompressed. */
async function contents(image: ImageSource): Promise<string[]> {
  const found: string[] = [];
  for (const layer of image.layers) {
    const hash = createHash('sha256');
    const unpack = layer.mediaType.endsWith('gzip') ? createGunzip() : undefined;
    unpack?.on('data', (chunk: Buffer) => hash.update(chunk));
    const ended = unpack === undefined ? undefined : new Promise((resolve) => unpack.once('end', resolve));
    for await (const chunk of layer.open()) (unpack ?? hash).write(chunk);
    unpack?.end();
    await ended;
    found.push(`sha256:${hash.digest('hex')}`);
  }
  return found;
}

async function diffIdsOf(reference: string, options: OpenImageOptions = PLAIN): Promise<readonly string[]> {
  const image = await openImage(reference, options);
  try {
    const diffIds = image.layers.map((layer) => layer.diffId);
    assert.deepEqual(await contents(image), diffIds, reference);
    assert.deepEqual(image.config.diffIds, diffIds);
    assert.equal(image.platform, 'linux/amd64');
    return diffIds;
  } finally {
    await image.close();
  }
}

async function expectedDiffIds(): Promise<readonly string[]> {
  const format = ['image', 'inspect', '--format', '{{json .RootFS.Layers}}', BUSYBOX_IMAGE];
  return JSON.parse(await command('docker', format)) as string[];
}

test('an image has the same layers and bytes wherever it is kept', async (t) => {
  if (registry === undefined) return t.skip(problem);
  const expected = await expectedDiffIds();
  assert.ok(expected.length > 0);
  const references = [
    `docker:${BUSYBOX_IMAGE}`,
    `docker-archive:${FOLDER}/saved.tar`,
    `docker-archive:${FOLDER}/saved.tar.gz`,
    `oci:${FOLDER}/layout`,
    `oci:${FOLDER}/layout:one`,
    `oci-archive:${FOLDER}/layout.tar:one`,
    `${registry.host}/team/app:1`,
  ];
  for (const reference of references) assert.deepEqual(await diffIdsOf(reference), expected, reference);
});

test("containerd's content store has the same image", async (t) => {
  if (registry === undefined || containerdProblem() !== '') return t.skip(problem || containerdProblem());
  await using containerd = await startContainerd(PAUSE_IMAGE);
  const name = await containerd.importImage('k8s.io', BUSYBOX_IMAGE);
  const options = { containerdSocket: containerd.socket };
  assert.deepEqual(await diffIdsOf(`containerd:${name}`, options), await expectedDiffIds());
  await assert.rejects(openImage('containerd:none:1', options), { code: 'GC_IMAGE_NOT_FOUND' });
});

test('docker describes an image without exporting it, and says when it has none', async (t) => {
  if (registry === undefined) return t.skip(problem);
  const image = await openImage(`docker:${BUSYBOX_IMAGE}`);
  assert.ok(image.tags.includes(BUSYBOX_IMAGE));
  assert.match(image.configDigest, /^sha256:/);
  await image.close();
  await assert.rejects(openImage('docker:gc-test/none:1'), { code: 'GC_IMAGE_NOT_FOUND' });
  const elsewhere = openImage('docker:x', { dockerHost: `unix://${FOLDER}/none.sock` });
  await assert.rejects(elsewhere, { code: 'GC_IMAGE_STORE' });
});

test('a registry tells its repositories, tags and digests, and what refers to an image', async (t) => {
  if (registry === undefined) return t.skip(problem);
  const client = openRegistry(registry.host, PLAIN.registry);
  const found: string[] = [];
  for await (const repository of client.repositories()) {
    for await (const tag of client.tags(repository)) found.push(`${repository}:${tag}`);
  }
  assert.ok(found.includes('team/app:1'));
  const { digest, bytes, mediaType } = await client.manifest('team/app', '1');
  assert.equal(await client.digestOf('team/app', '1'), digest);
  assert.equal(await client.digestOf('team/app', 'none'), undefined);
  assert.deepEqual(await client.referrers('team/app', digest), []);
  const entry = { mediaType, digest, size: bytes.length, artifactType: 'application/openvex+json' };
  const type = 'application/vnd.oci.image.index.v1+json';
  const pushed = await fetch(`http://${registry.host}/v2/team/app/manifests/${digest.replace(':', '-')}`, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [entry] }),
  });
  assert.equal(pushed.status, 201);
  const [referrer] = await client.referrers('team/app', digest, 'application/openvex+json');
  assert.equal(referrer?.digest, digest);
  await client.close();
});

test('the image for a platform is taken from an index', async (t) => {
  if (registry === undefined) return t.skip(problem);
  const amd = sampleImage({ fileBytes: 100 });
  const arm = sampleImage({ fileBytes: 200, architecture: 'arm64' });
  const index = indexOf([
    ['linux/amd64', amd],
    ['linux/arm64', arm],
  ]);
  const folder = join(FOLDER, 'multi');
  const files = new Map<string, Buffer>([['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')]]);
  for (const [digest, bytes] of [...amd.blobs, ...arm.blobs])
    files.set(`blobs/${digest.replace(':', '/')}`, bytes);
  const digest = `sha256:${createHash('sha256').update(index).digest('hex')}`;
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  files.set(`blobs/${digest.replace(':', '/')}`, index);
  const root = { schemaVersion: 2, manifests: [{ mediaType, digest, size: index.length }] };
  files.set('index.json', Buffer.from(JSON.stringify(root)));
  writeFolder(folder, files);
  await registry.push(`oci:${folder}`, 'multi:1');
  for (const [platform, image] of [
    ['linux/amd64', amd],
    ['linux/arm64', arm],
  ] as const) {
    const opened = await openImage(`${registry.host}/multi:1`, { ...PLAIN, platform });
    assert.equal(opened.digest, image.manifestDigest);
    assert.deepEqual(await contents(opened), [image.diffId]);
    await opened.close();
  }
});

test('TLS and an account: trusted by its CA file, logged in by docker config, refused otherwise', async (t) => {
  if (registry === undefined) return t.skip(problem);
  await using secured = await startRegistry(true);
  await secured.push(`oci:${FOLDER}/layout:one`, 'app:1');
  const reference = `${secured.host}/app:1`;
  const nobody = { env: { HOME: FOLDER } };
  await assert.rejects(openImage(reference, { registry: nobody }), { code: 'GC_REGISTRY_TLS' });
  const trusted = { ...nobody, tls: { caFile: secured.caFile } };
  await assert.rejects(openImage(reference, { registry: trusted }), { code: 'GC_REGISTRY_AUTH' });
  const { username, password } = REGISTRY_ACCOUNT;
  const wrong = { ...trusted, credentials: { username, password: 'wrong' } };
  await assert.rejects(openImage(reference, { registry: wrong }), { code: 'GC_REGISTRY_AUTH' });
  const expected = await expectedDiffIds();
  const given = { ...trusted, credentials: REGISTRY_ACCOUNT };
  assert.deepEqual(await diffIdsOf(reference, { registry: given }), expected);
  const authFile = join(FOLDER, 'auth.json');
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  writeFileSync(authFile, JSON.stringify({ auths: { [secured.host]: { auth } } }));
  assert.deepEqual(await diffIdsOf(reference, { registry: { ...trusted, authFile } }), expected);
  const unchecked = { ...nobody, tls: { insecureSkipVerify: true }, credentials: REGISTRY_ACCOUNT };
  assert.deepEqual(await diffIdsOf(reference, { registry: unchecked }), expected);
});

test('a blob that was cut off in the registry is an error that names the layer', async (t) => {
  if (registry === undefined) return t.skip(problem);
  await using own = await startRegistry();
  await own.push(`oci:${FOLDER}/layout:one`, 'app:1');
  const image = await openImage(`${own.host}/app:1`, PLAIN);
  const [layer] = image.layers;
  assert.ok(layer !== undefined);
  const hex = layer.digest.slice('sha256:'.length);
  truncateSync(join(own.blobs, 'sha256', hex.slice(0, 2), hex, 'data'), 1000);
  await assert.rejects(contents(image), (error: Error & { code?: string; at?: string }) => {
    assert.equal(error.code, 'GC_IMAGE_DIGEST');
    assert.match(error.at ?? '', new RegExp(layer.digest));
    return true;
  });
  await image.close();
});
