// Updates over a local HTTP server: resuming, digests, mirrors, deltas, signatures, feeds.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildDatabase } from '../database/build.ts';
import { findInputs } from '../database/inputs.ts';
import { openDatabase } from '../database/open.ts';
import { FEEDS } from '../feeds/registry.ts';
import { openTrusted } from '../locate.ts';
import { exportDatabase, importDatabase } from './bundle.ts';
import { applyDelta, makeDelta } from './delta.ts';
import { download } from './download.ts';
import { updateFromFeeds } from './from-feeds.ts';
import { updateFromMirrors } from './mirror.ts';
import { fileSha256 } from './signature.ts';
import { whileLocked } from './update-lock.ts';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gc-advisories-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function serving(listener: RequestListener, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

/** Serves a folder, with ranges. */
function files(folder: string, seen: string[] = []): RequestListener {
  return (request, response) => {
    seen.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    readFile(join(folder, request.url ?? '')).then(
      (body) => {
        const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
        if (from > 0)
          response.writeHead(206, { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` });
        response.end(body.subarray(from));
      },
      () => response.writeHead(404).end(),
    );
  };
}

function osv(id: string, name: string, fixed: string): string {
  return JSON.stringify({
    id,
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  });
}

async function built(folder: string, name: string, count: number): Promise<string> {
  const feeds = join(folder, `feeds-${name}`);
  await mkdir(feeds);
  const lines = Array.from({ length: count }, (_, at) =>
    osv(`CVE-2030-${10_000 + at}`, `package-${at % 400}`, `1.${at}.0`),
  );
  await writeFile(join(feeds, 'osv-npm.ndjson'), lines.join('\n'));
  const target = join(folder, `${name}.db`);
  await buildDatabase({
    target,
    inputs: findInputs(feeds).inputs,
    builtAt: '2030-01-01T00:00:00Z',
    origin: 'built',
    texts: true,
  });
  return target;
}

test('a database comes from the second mirror when the first is of no use, and then by delta', () =>
  inFolder(async (folder) => {
    const [older, newer] = [await built(folder, 'older', 2000), await built(folder, 'newer', 2050)];
    const [mirror, bad] = [join(folder, 'mirror'), join(folder, 'bad')];
    await exportDatabase({ database: older, folder: mirror, deltasFrom: [] });
    const damaged = await exportDatabase({ database: older, folder: bad, deltasFrom: [] });
    await writeFile(join(bad, damaged.full.file), 'not what the manifest says');
    const target = join(folder, 'target', 'advisories.db');
    await serving(files(folder), async (url) => {
      const update = (mirrors: readonly string[]) => updateFromMirrors({ mirrors, target, trustedKeys: [] });
      const first = await update([`${url}/missing`, `${url}/bad`, `${url}/mirror`]);
      assert.equal(first.how, 'full');
      assert.deepEqual(
        first.failures.map(({ code }) => code),
        ['GC_DB_DOWNLOAD', 'GC_DB_DIGEST'],
      );
      assert.equal((await update([`${url}/mirror`])).how, 'current');
      await exportDatabase({ database: newer, folder: mirror, deltasFrom: [older] });
      const second = await update([`${url}/mirror`]);
      assert.equal(second.how, 'delta');
      assert.ok(second.bytes < second.manifest.full.bytes, `${second.bytes} < ${second.manifest.full.bytes}`);
      assert.equal(await fileSha256(target), await fileSha256(newer));
      assert.equal(await fileSha256(`${target}.previous`), await fileSha256(older));
      // A mirror that fails leaves what is there.
      await assert.rejects(update([`${url}/bad`]), { code: 'GC_DB_MIRRORS' });
      assert.equal(await fileSha256(target), await fileSha256(newer));
    });
  }));

test('a download that broke off continues where it stopped', () =>
  inFolder(async (folder) => {
    const content = Buffer.alloc(300_000, 'abcdefgh');
    await writeFile(join(folder, 'data'), content);
    await writeFile(join(folder, 'got.part'), content.subarray(0, 100_000));
    const seen: string[] = [];
    await serving(files(folder, seen), async (url) => {
      await download({ url: `${url}/data`, target: join(folder, 'got'), maxBytes: 400_000, resume: true });
      assert.deepEqual(seen, ['/data bytes=100000-']);
      assert.ok((await readFile(join(folder, 'got'))).equals(content));
      await assert.rejects(download({ url: `${url}/data`, target: join(folder, 'small'), maxBytes: 1000 }), {
        code: 'GC_DB_DOWNLOAD',
      });
    });
  }));

/** Sends a letter of the answer at a time, and never ends. */
function dripping(what: 'head' | 'body' | 'redirect'): RequestListener {
  return (request, response) => {
    const { socket } = request;
    if (what === 'redirect') response.writeHead(302, { location: '/elsewhere' });
    else if (what === 'body') response.writeHead(200);
    else socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
    const timer = setInterval(() => (what === 'head' ? socket.write('a') : response.write('a')), 10);
    socket.once('close', () => clearInterval(timer));
  };
}

test('a server that sends byte by byte is left, and the next mirror is asked', { timeout: 20_000 }, () =>
  inFolder(async (folder) => {
    const database = await built(folder, 'newest', 50);
    await exportDatabase({ database, folder: join(folder, 'mirror'), deltasFrom: [] });
    const target = join(folder, 'target', 'advisories.db');
    await serving(files(folder), async (good) => {
      await serving(dripping('body'), async (slow) => {
        const update = await updateFromMirrors({
          mirrors: [slow, `${good}/mirror`],
          target,
          trustedKeys: [],
          idleMs: 300,
        });
        assert.deepEqual(
          update.failures.map(({ code, at }) => [code, at]),
          [['GC_DB_SLOW', `${slow}/advisories.json`]],
        );
        assert.equal(await fileSha256(target), await fileSha256(database));
        const one = { url: `${slow}/data`, target: join(folder, 'got'), maxBytes: 1000, idleMs: 300 };
        await assert.rejects(download(one), { code: 'GC_DB_SLOW' });
        const feeds = FEEDS.filter(({ name }) => name === 'osv-npm');
        const urls = new Map([['osv-npm', [`${slow}/npm.json`]]]);
        const build = { target, builtAt: '2030-01-01T00:00:00Z', origin: 'built', texts: true } as const;
        const fetch = { feeds, folder: join(folder, 'feeds'), urls, parallel: 1, idleMs: 300 };
        await assert.rejects(updateFromFeeds(fetch, build), { code: 'GC_DB_BUILD' });
      });
    });
    for (const what of ['head', 'redirect'] as const) {
      await serving(dripping(what), async (slow) => {
        const one = { url: `${slow}/data`, target: join(folder, 'got'), maxBytes: 1000, idleMs: 300 };
        await assert.rejects(download(one), { code: 'GC_DB_DOWNLOAD' });
      });
    }
  }),
);

test('with a trusted key only its signatures are taken', () =>
  inFolder(async (folder) => {
    const pair = () => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      return {
        secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        open: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      };
    };
    const [ours, other] = [pair(), pair()];
    const database = await built(folder, 'signed', 10);
    const [source, target] = [join(folder, 'export'), join(folder, 'target.db')];
    await exportDatabase({ database, folder: source, deltasFrom: [], signingKey: ours.secret });
    await assert.rejects(importDatabase({ source, target, trustedKeys: [other.open] }), {
      code: 'GC_DB_SIGNATURE',
      message: /no trusted key/,
      at: source,
    });
    await importDatabase({ source, target, trustedKeys: [other.open, ours.open] });
    assert.equal(await fileSha256(target), await fileSha256(database));
    await assert.rejects(importDatabase({ source: database, target, trustedKeys: [ours.open] }), {
      code: 'GC_DB_SIGNATURE',
    });
  }));

test('what an import cannot use is named as it was given, never by a file of ours', () =>
  inFolder(async (folder) => {
    const target = join(folder, 'target.db');
    const wrong = {
      text: Buffer.from('hello'),
      cut: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]),
      empty: Buffer.alloc(0),
    };
    for (const [name, bytes] of Object.entries(wrong)) {
      const source = join(folder, name);
      await writeFile(source, bytes);
      await assert.rejects(importDatabase({ source, target, trustedKeys: [] }), {
        code: 'GC_DB_INVALID',
        at: source,
      });
    }
    const database = await built(folder, 'whole', 10);
    const source = join(folder, 'export');
    const { full } = await exportDatabase({ database, folder: source, deltasFrom: [] });
    await writeFile(join(source, full.file), 'damaged');
    await assert.rejects(importDatabase({ source, target, trustedKeys: [] }), {
      code: 'GC_DB_DIGEST',
      at: source,
    });
    await rm(join(source, 'advisories.json'));
    await assert.rejects(importDatabase({ source, target, trustedKeys: [] }), {
      code: 'GC_DB_IMPORT',
      at: join(source, 'advisories.json'),
    });
    const left = (await readdir(folder)).filter((name) => name.startsWith('target'));
    assert.deepEqual(left, []);
  }));

test('deltas rebuild the file exactly, and a damaged or foreign one is refused', () => {
  const words = Array.from({ length: 40_000 }, (_, at) => `row ${at * 7919} of the table`);
  const from = Buffer.from(words.join('\n'));
  const to = Buffer.from([...words.slice(500, 20_000), 'something new', ...words.slice(19_000)].join('\n'));
  const delta = makeDelta(from, to);
  assert.ok(applyDelta(from, delta, '').equals(to));
  assert.ok(delta.length < to.length / 20, `${delta.length} of ${to.length}`);
  assert.ok(applyDelta(Buffer.alloc(0), makeDelta(Buffer.alloc(0), to), '').equals(to));
  assert.throws(() => applyDelta(from.subarray(0, 100), delta, ''), { code: 'GC_DB_DELTA' });
  assert.throws(() => applyDelta(from, delta.subarray(0, 20), ''), { code: 'GC_DB_DELTA' });
});

test('feeds are fetched once, asked for changes later, and kept when their server fails', () =>
  inFolder(async (folder) => {
    let broken = false;
    const asked: string[] = [];
    const epss = gzipSync(
      '#model_version:v2030,score_date:2030-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2030-10000,0.5,0.9\n',
    );
    const listener: RequestListener = (request, response) => {
      asked.push(`${request.url} ${request.headers['if-none-match'] ?? ''}`.trim());
      if (request.url === '/epss.csv.gz') {
        if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
        else response.writeHead(200, { etag: '"1"' }).end(epss);
      } else if (broken) response.writeHead(200).end('<html>come back later');
      else response.writeHead(200).end(osv('CVE-2030-10000', 'demo', '2.0.0'));
    };
    await serving(listener, async (url) => {
      const feeds = FEEDS.filter(({ name }) => name === 'epss' || name === 'osv-npm');
      const urls = new Map([
        ['epss', [`${url}/epss.csv.gz`]],
        ['osv-npm', [`${url}/npm.json`]],
      ]);
      const target = join(folder, 'advisories.db');
      const round = async () => {
        return await updateFromFeeds(
          { feeds, folder: join(folder, 'feeds'), urls, parallel: 2 },
          { target, builtAt: '2030-01-01T00:00:00Z', origin: 'built', texts: true },
        );
      };
      const check = () => {
        const database = openDatabase(target);
        assert.equal(database.affected('npm', 'demo')[0]?.ranges[0]?.fixed, '2.0.0');
        assert.deepEqual(database.facts('CVE-2030-10000')?.epss, { probability: 0.5, percentile: 0.9 });
        database.close();
      };
      assert.ok((await round()).feeds.every((feed) => feed.problem === undefined));
      check();
      broken = true;
      const second = await round();
      assert.ok(asked.includes('/epss.csv.gz "1"'));
      assert.deepEqual(
        second.feeds.map(({ name, problem }) => [name, problem?.code]),
        [
          ['osv-npm', 'GC_FEED_SYNTAX'],
          ['epss', undefined],
        ],
      );
      check();
      // The server is gone: both feeds stay as they were.
      urls.set('epss', ['http://127.0.0.1:1/epss.csv.gz']);
      const third = await round();
      assert.equal(third.feeds.find(({ name }) => name === 'epss')?.problem?.code, 'GC_DB_DOWNLOAD');
      check();
      assert.ok((await stat(target)).size > 0);
    });
  }));

test('updates at the same time wait for each other, and nothing but the database is left', () =>
  inFolder(async (folder) => {
    const newest = await built(folder, 'newest', 500);
    await exportDatabase({ database: newest, folder: join(folder, 'mirror'), deltasFrom: [] });
    const target = join(folder, 'target', 'advisories.db');
    await mkdir(join(folder, 'target'));
    // Of a process of this machine that is gone.
    await writeFile(`${target}.lock`, `999999999 ${hostname()} x`);
    await serving(files(folder), async (url) => {
      const updates = await Promise.all(
        [1, 2, 3, 4].map(() =>
          updateFromMirrors({ mirrors: [`${url}/mirror`], target, trustedKeys: [], idleMs: 5000 }),
        ),
      );
      assert.deepEqual(updates.map(({ how }) => how).sort(), ['current', 'current', 'current', 'full']);
      assert.equal(await fileSha256(target), await fileSha256(newest));
      await writeFile(join(folder, 'mirror', 'advisories.json'), '<html>');
      await assert.rejects(updateFromMirrors({ mirrors: [`${url}/mirror`], target, trustedKeys: [] }));
    });
    assert.deepEqual((await readdir(join(folder, 'target'))).sort(), ['advisories.db', 'advisories.db.sig']);
  }));

test('who waits for another update can be interrupted, and takes over when the other one shows no life', () =>
  inFolder(async (folder) => {
    const target = join(folder, 'advisories.db');
    await writeFile(`${target}.lock`, `${process.pid} ${hostname()} x`);
    const interrupted = whileLocked(target, AbortSignal.timeout(50), () => Promise.resolve('never'));
    await assert.rejects(interrupted, { name: 'AbortError' });
    const old = new Date(Date.now() - 120_000);
    await utimes(`${target}.lock`, old, old);
    assert.equal(await whileLocked(target, undefined, () => Promise.resolve('done')), 'done');
    assert.deepEqual(await readdir(folder), []);
  }));

test('a lone file is taken only when all of it is as it was built', () =>
  inFolder(async (folder) => {
    const source = await built(folder, 'source', 300);
    const whole = await readFile(source);
    const target = join(folder, 'imported.db');
    // Everywhere: pages keep what once lay in them.
    const text = whole.toString('latin1').replaceAll('1.123.0', '7.123.0');
    await writeFile(source, text, 'latin1');
    await assert.rejects(importDatabase({ source, target, trustedKeys: [] }), { code: 'GC_DB_INVALID' });
    await writeFile(source, whole);
    await importDatabase({ source, target, trustedKeys: [] });
    assert.equal(await fileSha256(target), await fileSha256(source));
  }));

test('a database that a scan names by its file needs the signature of a trusted key too', () =>
  inFolder(async (folder) => {
    const database = await built(folder, 'named', 3);
    const { publicKey } = generateKeyPairSync('ed25519');
    const key = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await assert.rejects(openTrusted(database, [key]), { code: 'GC_DB_SIGNATURE' });
    (await openTrusted(database, [])).close();
  }));
