// Registries that lie, never end or break: the job fails with a reason, the server goes on.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { ScanJob } from '@guardcell/contract';
import { manualClock } from '@guardcell/kit';
import { IMAGE_ID, MANIFEST, sampleReport, sampleUpload } from '../testing/sample-scans.ts';
import { startTestServer, type TestServer, until } from '../testing/test-server.ts';

type Answer = (path: string, response: ServerResponse, request: IncomingMessage) => void;

/** Runs `work` with the address of a registry that answers as `answer` does. */
async function withRegistry(answer: Answer, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => answer(request.url ?? '', response, request));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function scan(server: TestServer, url: string): Promise<ScanJob> {
  const body = {
    url,
    username: '',
    ca: '',
    allowInsecure: false,
    repositories: [],
    exclude: [],
    tags: [],
    newestTags: 0,
    enabled: false,
    everyMinutes: 60,
  };
  await server.call('/api/v1/registries/evil', { method: 'PUT', body });
  const { json } = await server.call('/api/v1/registries/evil/scan', { method: 'POST' });
  let job = json as ScanJob;
  await until(async () => {
    job = (await server.call(`/api/v1/scan-jobs/${job.id}`)).json;
    return !['waiting', 'running'].includes(job.state);
  }, 60_000);
  return job;
}

test('a catalog with more repositories than anybody has ends the job, and is not walked through', async () => {
  await using server = await startTestServer();
  let pages = 0;
  const endless: Answer = (path, response) => {
    if (!path.startsWith('/v2/_catalog')) {
      response.writeHead(404).end('{}');
      return;
    }
    pages += 1;
    const repositories = pages > 30 ? [] : Array.from({ length: 1000 }, (_, at) => `r${pages}/n${at}`);
    const link = pages > 30 ? {} : { link: `</v2/_catalog?last=${pages}>; rel="next"` };
    response
      .writeHead(200, { 'content-type': 'application/json', ...link })
      .end(JSON.stringify({ repositories }));
  };
  await withRegistry(endless, async (url) => {
    const job = await scan(server, url);
    assert.deepEqual([job.state, job.errorCode], ['failed', 'GC_REGISTRY_TOO_LARGE']);
    assert.equal((await server.call('/healthz')).status, 200);
  });
});

test('pages that lead back to themselves end', async () => {
  await using server = await startTestServer();
  const circle: Answer = (_path, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      link: '</v2/_catalog?n=1000>; rel="next"',
    });
    response.end('{"repositories":[]}');
  };
  await withRegistry(circle, async (url) => {
    const job = await scan(server, url);
    assert.equal(job.state, 'failed');
    assert.match(job.detail, /pages of the list never end/);
  });
});

test('content under a wrong digest is not kept', async () => {
  await using server = await startTestServer();
  const said = `sha256:${createHash('sha256').update('something else').digest('hex')}`;
  const liar: Answer = (path, response, request) => {
    if (path.startsWith('/v2/_catalog')) response.end('{"repositories":["app"]}');
    else if (path.startsWith('/v2/app/tags/list')) response.end('{"tags":["1","2"]}');
    else {
      const type = 'application/vnd.oci.image.manifest.v1+json';
      response.writeHead(200, { 'content-type': type, 'docker-content-digest': said });
      response.end(request.method === 'HEAD' ? '' : '{"schemaVersion":2,"layers":[]}');
    }
  };
  await withRegistry(liar, async (url) => {
    const job = await scan(server, url);
    assert.deepEqual(
      [job.state, job.progress.failed, job.problems[0]?.code],
      ['failed', 1, 'GC_IMAGE_DIGEST'],
    );
    assert.deepEqual((await server.call('/api/v1/artifacts')).json.items, []);
  });
});

test('a registry that fails at every image is not asked for ever', async () => {
  await using server = await startTestServer();
  let asked = 0;
  const broken: Answer = (path, response) => {
    if (path.startsWith('/v2/_catalog')) {
      response.end(JSON.stringify({ repositories: Array.from({ length: 5000 }, (_, at) => `app${at}`) }));
      return;
    }
    asked += 1;
    response.writeHead(403).end('{}');
  };
  await withRegistry(broken, async (url) => {
    const job = await scan(server, url);
    assert.deepEqual([job.state, job.errorCode], ['failed', 'GC_REGISTRY_FAILING']);
    assert.ok(asked < 1000, `${asked} requests`);
    assert.equal(job.problems.length, 100);
  });
});

test('a registry does not lead the server to the addresses where machines get their credentials', async () => {
  await using server = await startTestServer();
  const cloud = 'http://169.254.169.254/latest/meta-data/';
  const answers: Answer[] = [
    (_path, response) => response.writeHead(307, { location: cloud }).end(),
    (_path, response) => response.writeHead(401, { 'www-authenticate': `Bearer realm="${cloud}"` }).end(),
  ];
  for (const answer of answers) {
    await withRegistry(answer, async (url) => {
      const job = await scan(server, url);
      assert.deepEqual([job.state, job.errorCode], ['failed', 'GC_REGISTRY_ADDRESS']);
    });
  }
});

test('a copy of an image with broken layers does not take the place of what the image holds, and is tried again', async () => {
  const clock = manualClock(Date.now());
  await using server = await startTestServer({ deps: { clock } });
  const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  // The configuration is that of the image that runs; the layer is not.
  const layer = Buffer.from('not what the configuration speaks of');
  const rootfs = { type: 'layers', diff_ids: [IMAGE_ID] };
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }));
  const type = 'application/vnd.oci.image';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: `${type}.manifest.v1+json`,
      config: { mediaType: `${type}.config.v1+json`, digest: digestOf(config), size: config.length },
      layers: [{ mediaType: `${type}.layer.v1.tar`, digest: digestOf(layer), size: layer.length }],
    }),
  );
  const own = sampleUpload(sampleReport());
  const subject = { ...own.subject, imageId: digestOf(config) };
  assert.equal((await server.agent('POST', '/agent/v1/scans', { ...own, subject })).status, 204);
  const liar: Answer = (path, response, request) => {
    if (path.startsWith('/v2/_catalog')) response.end('{"repositories":["app"]}');
    else if (path.startsWith('/v2/app/tags/list')) response.end('{"tags":["1"]}');
    else if (path.includes('/blobs/')) response.end(path.endsWith(digestOf(config)) ? config : layer);
    else {
      const headers = {
        'content-type': `${type}.manifest.v1+json`,
        'docker-content-digest': digestOf(manifest),
      };
      response.writeHead(200, headers).end(request.method === 'HEAD' ? '' : manifest);
    }
  };
  await withRegistry(liar, async (url) => {
    const job = await scan(server, url);
    assert.equal(job.state, 'succeeded', job.detail);
    const { json } = await server.call(`/api/v1/artifacts/${MANIFEST}/packages`);
    assert.deepEqual(
      json.items.map((each: { readonly package: { readonly name: string } }) => each.package.name),
      ['demo'],
    );
    const copy = await server.call(`/api/v1/artifacts/${digestOf(manifest)}`);
    assert.deepEqual([copy.status, copy.json.summary.id], [200, digestOf(manifest)]);
    const counts = ({ progress }: ScanJob): readonly number[] => [progress.scanned, progress.skipped];
    assert.deepEqual(counts(await scan(server, url)), [0, 1], 'not at once');
    clock.advance(3_600_001);
    assert.deepEqual(counts(await scan(server, url)), [1, 0], 'after an hour');
  });
});
