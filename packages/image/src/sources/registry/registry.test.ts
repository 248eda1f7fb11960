import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { digestOfBytes, readBounded } from '../digest.ts';
import { openImage } from '../open-image.ts';
import { fakeRegistry, listen } from '../testing/fake-registry.ts';
import { indexOf, sampleImage } from '../testing/sample-image.ts';
import { openRegistry } from './registry-client.ts';

const MAX = 64 * 1024 * 1024;
const IMAGE = sampleImage();

async function layerBytes(reference: string, options: Parameters<typeof openImage>[1]): Promise<Uint8Array> {
  const image = await openImage(reference, options);
  try {
    const [layer] = image.layers;
    assert.ok(layer !== undefined);
    return await readBounded(layer.open(), MAX, 'test');
  } finally {
    await image.close();
  }
}

async function listed(items: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('an image is read with its configuration, and its layer byte by byte', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE, '1');
  const image = await openImage(`${registry.host}/team/app:1`, { registry: registry.options });
  assert.equal(image.digest, IMAGE.manifestDigest);
  assert.equal(image.platform, 'linux/amd64');
  assert.equal(image.config.user, 'app');
  assert.deepEqual(image.config.healthcheck?.test, ['CMD', '/bin/true']);
  assert.deepEqual(
    image.config.history.map((entry) => entry.emptyLayer),
    [false, true],
  );
  assert.equal(image.layers[0]?.diffId, IMAGE.diffId);
  await image.close();
  const bytes = await layerBytes(`${registry.host}/team/app:1`, { registry: registry.options });
  assert.deepEqual(Buffer.from(bytes), IMAGE.layer);
});

test('a token is fetched for the scope of the repository, with Basic credentials, and then reused', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  const tokens: { url: string; authorization: string | undefined }[] = [];
  registry.hook = (request, response) => {
    if (request.url?.startsWith('/token') === true) {
      tokens.push({ url: request.url, authorization: request.headers.authorization });
      response.writeHead(200).end('{"token":"t0ken","expires_in":300}');
      return true;
    }
    if (request.headers.authorization === 'Bearer t0ken') return false;
    const challenge = `Bearer realm="http://${registry.host}/token",service="fake, registry",scope="x"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
    return true;
  };
  const credentials = { username: 'ann', password: 'p:w' };
  await layerBytes(`${registry.host}/app`, { registry: { ...registry.options, credentials } });
  assert.equal(tokens.length, 1);
  assert.equal(tokens[0]?.authorization, `Basic ${Buffer.from('ann:p:w').toString('base64')}`);
  const query = new URL(tokens[0]?.url ?? '', 'http://x').searchParams;
  assert.deepEqual([query.get('service'), query.get('scope')], ['fake, registry', 'repository:app:pull']);
});

test('requests that are refused at the same time all go on with a token that the service gives out twice', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  registry.hook = (request, response) => {
    if (request.url?.startsWith('/token') === true) {
      response.writeHead(200).end('{"access_token":"same"}');
      return true;
    }
    if (request.headers.authorization === 'Bearer same') return false;
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${registry.host}/token"` }).end();
    return true;
  };
  const client = registry.client();
  const found = await Promise.all([1, 2, 3].map(() => client.manifest('app', 'latest')));
  assert.deepEqual(new Set(found.map(({ digest }) => digest)), new Set([IMAGE.manifestDigest]));
  await client.close();
});

test('a registry without TLS sends no password to a token service on another machine', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  const seen: (string | undefined)[] = [];
  registry.hook = (request, response) => {
    if (request.url?.startsWith('/token') === true) {
      seen.push(request.headers.authorization);
      response.writeHead(200).end('{"token":"t"}');
      return true;
    }
    if (request.headers.authorization === 'Bearer t') return false;
    const elsewhere = registry.host.replace('127.0.0.1', 'localhost');
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${elsewhere}/token"` }).end();
    return true;
  };
  const credentials = { username: 'ann', password: 'p:w' };
  await assert.rejects(
    layerBytes(`${registry.host}/app`, { registry: { ...registry.options, credentials } }),
    {
      code: 'GC_REGISTRY_AUTH',
    },
  );
  assert.deepEqual(seen, []);
});

test('wrong credentials are one clear error and no endless loop', async () => {
  await using registry = await fakeRegistry();
  registry.hook = (_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    return true;
  };
  const credentials = { username: 'ann', password: 'wrong' };
  const opened = openImage(`${registry.host}/app`, { registry: { ...registry.options, credentials } });
  await assert.rejects(opened, { code: 'GC_REGISTRY_AUTH', at: `${registry.host}/app` });
  assert.equal(registry.requests.length, 2);
});

test('credentials do not follow a redirect to another host', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  const seen: (string | undefined)[] = [];
  const storage = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end(IMAGE.layer);
  });
  const storageHost = await listen(storage);
  registry.hook = (request, response) => {
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      return true;
    }
    if (request.url?.endsWith(`/blobs/${digestOfBytes(IMAGE.layer)}`) !== true) return false;
    response.writeHead(307, { location: `http://${storageHost}/signed` }).end();
    return true;
  };
  const credentials = { username: 'ann', password: 'secret' };
  const bytes = await layerBytes(`${registry.host}/app`, { registry: { ...registry.options, credentials } });
  storage.close();
  storage.closeAllConnections();
  assert.deepEqual(Buffer.from(bytes), IMAGE.layer);
  assert.deepEqual(seen, [undefined]);
});

test('429 is waited for as long as the registry asks, and then reported', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  let refusals = 2;
  registry.hook = (_request, response) => {
    if (refusals-- <= 0) return false;
    response.writeHead(429, { 'retry-after': '7' }).end();
    return true;
  };
  const client = registry.client();
  assert.equal((await client.manifest('app', 'latest')).digest, IMAGE.manifestDigest);
  assert.deepEqual(registry.waits, [7000, 7000]);
  refusals = 100;
  await assert.rejects(client.manifest('app', 'latest'), { code: 'GC_REGISTRY_RATE_LIMIT' });
  await client.close();
});

test('a blob whose connection breaks is continued where it broke off', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  let breaks = 3;
  registry.hook = (request, response) => {
    if (request.url?.endsWith(digestOfBytes(IMAGE.layer)) !== true || breaks-- <= 0) return false;
    const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
    const status = from === 0 ? 200 : 206;
    const range = from === 0 ? {} : { 'content-range': `bytes ${from}-${IMAGE.layer.length - 1}/*` };
    response.writeHead(status, { 'content-length': IMAGE.layer.length - from, ...range });
    response.write(IMAGE.layer.subarray(from, from + 50_000), () => response.destroy());
    return true;
  };
  const bytes = await layerBytes(`${registry.host}/app`, { registry: registry.options });
  assert.deepEqual(Buffer.from(bytes), IMAGE.layer);
  const ranges = registry.requests.map(({ headers }) => headers.range).filter((range) => range !== undefined);
  assert.equal(ranges.length, 3);
});

test('a server without ranges is read from the beginning again', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  let first = true;
  registry.hook = (request, response) => {
    if (request.url?.endsWith(digestOfBytes(IMAGE.layer)) !== true) return false;
    response.writeHead(200, { 'content-length': IMAGE.layer.length });
    if (first) response.write(IMAGE.layer.subarray(0, 70_000), () => response.destroy());
    else response.end(IMAGE.layer);
    first = false;
    return true;
  };
  assert.deepEqual(
    Buffer.from(await layerBytes(`${registry.host}/app`, { registry: registry.options })),
    IMAGE.layer,
  );
});

for (const [what, body] of [
  ['other bytes of the same length', Buffer.alloc(IMAGE.layer.length, 1)],
  ['fewer bytes', IMAGE.layer.subarray(0, 1000)],
  ['more bytes', Buffer.concat([IMAGE.layer, Buffer.from('x')])],
] as const) {
  test(`a layer with ${what} ends with an error that names it`, async () => {
    await using registry = await fakeRegistry();
    registry.add(IMAGE);
    const digest = digestOfBytes(IMAGE.layer);
    registry.hook = (request, response) => {
      if (request.url?.endsWith(digest) !== true) return false;
      if (request.headers.range === undefined) response.end(body);
      else response.writeHead(416).end();
      return true;
    };
    const read = layerBytes(`${registry.host}/app`, { registry: registry.options });
    await assert.rejects(read, (error: Error & { code?: string; at?: string }) => {
      assert.equal(error.code, 'GC_IMAGE_DIGEST');
      assert.match(error.at ?? '', new RegExp(digest));
      return true;
    });
  });
}

test('a manifest that is not the one asked for by digest is refused', async () => {
  await using registry = await fakeRegistry();
  registry.hook = (_request, response) => {
    response.end(IMAGE.manifest);
    return true;
  };
  const reference = `${registry.host}/app@sha256:${'0'.repeat(64)}`;
  await assert.rejects(openImage(reference, { registry: registry.options }), { code: 'GC_IMAGE_DIGEST' });
});

test('the platform is chosen from an index, and what there is else is told', async () => {
  await using registry = await fakeRegistry();
  const arm = sampleImage({ architecture: 'arm64', fileBytes: 10 });
  registry.add(IMAGE, 'amd');
  registry.add(arm, 'arm');
  registry.addManifest(
    'multi',
    indexOf([
      ['linux/amd64', IMAGE],
      ['linux/arm64/v8', arm],
      ['unknown/unknown', arm],
    ]),
    'application/vnd.oci.image.index.v1+json',
  );
  const options = { registry: registry.options };
  const chosen = await openImage(`${registry.host}/app:multi`, { ...options, platform: 'linux/arm64' });
  assert.equal(chosen.digest, arm.manifestDigest);
  await chosen.close();
  const missing = openImage(`${registry.host}/app:multi`, { ...options, platform: 'linux/s390x' });
  await assert.rejects(missing, { code: 'GC_IMAGE_PLATFORM', hint: 'It has: linux/amd64, linux/arm64/v8.' });
  const other = openImage(`${registry.host}/app:amd`, { ...options, platform: 'linux/arm64' });
  await assert.rejects(other, { code: 'GC_IMAGE_PLATFORM' });
});

test('schema 1, Helm charts, documents of two kinds and nonsense are told apart', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  const chart = IMAGE.manifest.toString().replace('oci.image.config', 'cncf.helm.config');
  registry.addManifest('old', Buffer.from('{"schemaVersion":1,"fsLayers":[]}'));
  registry.addManifest(
    'signed',
    Buffer.from('{}'),
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
  );
  registry.addManifest('chart', Buffer.from(chart));
  registry.addManifest('both', Buffer.from('{"schemaVersion":2,"manifests":[],"layers":[]}'));
  registry.addManifest('nonsense', Buffer.from('<html>'));
  registry.addManifest('huge', Buffer.alloc(5 * 1024 * 1024, ' '));
  const expected = {
    old: 'GC_IMAGE_UNSUPPORTED',
    signed: 'GC_IMAGE_UNSUPPORTED',
    chart: 'GC_IMAGE_UNSUPPORTED',
    both: 'GC_IMAGE_MANIFEST',
    nonsense: 'GC_IMAGE_MANIFEST',
    huge: 'GC_IMAGE_TOO_LARGE',
    gone: 'GC_IMAGE_NOT_FOUND',
  };
  for (const [tag, code] of Object.entries(expected)) {
    await assert.rejects(openImage(`${registry.host}/app:${tag}`, { registry: registry.options }), { code });
  }
});

test('a foreign layer is never asked for: opening it is an error, the rest of the image is there', async () => {
  await using registry = await fakeRegistry();
  const foreign = sampleImage({ layerType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' });
  registry.add(foreign);
  const read = layerBytes(`${registry.host}/app`, { registry: registry.options });
  await assert.rejects(read, { code: 'GC_IMAGE_FOREIGN_LAYER' });
  assert.ok(registry.requests.every(({ url }) => !url.endsWith(digestOfBytes(foreign.layer))));
});

test('tags come page by page, and pages that go in circles end with an error', async () => {
  await using registry = await fakeRegistry();
  registry.hook = (request, response) => {
    const last = new URL(request.url ?? '', 'http://x').searchParams.get('last') ?? '0';
    const next = request.url?.includes('/loop/') === true ? '1' : String(Number(last) + 1);
    const headers =
      last === '2'
        ? {}
        : { link: `</v2/${request.url?.split('/')[2] ?? ''}/tags/list?last=${next}>; rel="next"` };
    response.writeHead(200, headers).end(JSON.stringify({ tags: [`t${last}`, 5] }));
    return true;
  };
  const client = registry.client();
  assert.deepEqual(await listed(client.tags('app')), ['t0', 't1', 't2']);
  await assert.rejects(listed(client.tags('loop')), { code: 'GC_REGISTRY_ANSWER' });
  await client.close();
});

test('referrers are found by the API, and by the tag where there is no API', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  const digest = IMAGE.manifestDigest;
  const entry = {
    mediaType: 'm',
    digest: `sha256:${'a'.repeat(64)}`,
    size: 1,
    artifactType: 'application/vex',
  };
  const other = { ...entry, artifactType: 'application/sbom' };
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [entry, other] }));
  const client = registry.client();
  assert.deepEqual(await client.referrers('app', digest), []);
  registry.addManifest(digest.replace(':', '-'), index);
  assert.equal((await client.referrers('app', digest)).length, 2);
  registry.hook = (request, response) => {
    if (request.url?.startsWith('/v2/app/referrers/') !== true) return false;
    response.end(index);
    return true;
  };
  const found = await client.referrers('app', digest, 'application/vex');
  assert.deepEqual(
    found.map((item) => item.artifactType),
    ['application/vex'],
  );
  await client.close();
});

test('plain HTTP is refused for other machines, and a registry that is not there is said to be so at once', async () => {
  const remote = openImage('registry.example/app', { registry: { plainHttp: true } });
  await assert.rejects(remote, { code: 'GC_REGISTRY_PLAIN_HTTP' });
  const registry = await fakeRegistry();
  await registry[Symbol.asyncDispose]();
  const gone = openImage(`${registry.host}/app`, { registry: registry.options });
  await assert.rejects(gone, { code: 'GC_REGISTRY_UNREACHABLE' });
  assert.deepEqual(registry.waits, []);
});

test('registries elsewhere are asked through the proxy of the environment, unless NO_PROXY names them', async () => {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(IMAGE.manifest);
  });
  const proxyHost = await listen(proxy);
  const env = { HOME: '/nonexistent', http_proxy: `http://${proxyHost}`, NO_PROXY: 'direct.invalid' };
  const options = { plainHttpAnywhere: true, env, retries: 0 };
  const client = openRegistry('registry.invalid', options);
  assert.equal((await client.manifest('app', '1')).digest, IMAGE.manifestDigest);
  await client.close();
  assert.deepEqual(asked, ['http://registry.invalid/v2/app/manifests/1']);
  const direct = openRegistry('direct.invalid', options);
  await assert.rejects(direct.manifest('app', '1'), { code: 'GC_REGISTRY_UNREACHABLE' });
  await direct.close();
  proxy.close();
  proxy.closeAllConnections();
});

test('a cancelled request ends with the reason of its cancellation, without new attempts', async () => {
  await using registry = await fakeRegistry();
  const reason = new Error('stop');
  const controller = new AbortController();
  registry.hook = () => {
    controller.abort(reason);
    return true;
  };
  const opened = openImage(`${registry.host}/app`, { registry: registry.options, signal: controller.signal });
  await assert.rejects(opened, reason);
  assert.deepEqual([registry.requests.length, registry.waits.length], [1, 0]);
});

test('a registry that falls silent is given up after the timeout', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  registry.hook = (request, response) => {
    if (request.url?.endsWith(digestOfBytes(IMAGE.layer)) !== true) return false;
    response.writeHead(200).write(IMAGE.layer.subarray(0, 10));
    return true;
  };
  const options = { ...registry.options, timeoutMs: 60, retries: 0 };
  const read = layerBytes(`${registry.host}/app`, { registry: options });
  await assert.rejects(read, { code: 'GC_REGISTRY_UNREACHABLE' });
});

test('a registry that sends byte by byte is given up', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  const timers: NodeJS.Timeout[] = [];
  registry.hook = (request, response) => {
    if (request.url?.endsWith(digestOfBytes(IMAGE.layer)) !== true) return false;
    let at = 0;
    response.writeHead(200);
    timers.push(setInterval(() => response.write(IMAGE.layer.subarray(at, (at += 1))), 5));
    return true;
  };
  const options = { ...registry.options, timeoutMs: 100 };
  const read = layerBytes(`${registry.host}/app`, { registry: options });
  await assert.rejects(read, { code: 'GC_REGISTRY_SLOW' });
  timers.forEach(clearInterval);
});

test('a registry that breaks off after every byte is given up', async () => {
  await using registry = await fakeRegistry();
  registry.add(IMAGE);
  registry.hook = (request, response) => {
    if (request.url?.endsWith(digestOfBytes(IMAGE.layer)) !== true) return false;
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const size = IMAGE.layer.length;
    response.writeHead(from === 0 ? 200 : 206, {
      'content-length': size - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${size - 1}/${size}` }),
    });
    response.write(IMAGE.layer.subarray(from, from + 1), () => response.destroy());
    return true;
  };
  const read = layerBytes(`${registry.host}/app`, { registry: registry.options });
  await assert.rejects(read, { code: 'GC_REGISTRY_SLOW' });
});
