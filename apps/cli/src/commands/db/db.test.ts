// The db commands as users call them, over a local server.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '@guardcell/kit';
import { type Command, EXIT, type OptionValues } from '../../command.ts';
import { dbBuild } from './build.ts';
import { dbExport, dbImport } from './bundle.ts';
import { dbStatus } from './status.ts';
import { dbUpdate } from './update.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(command: Command, options: OptionValues, ...positionals: readonly string[]): Promise<Ran> {
  let [out, err] = ['', ''];
  const code = await command.run({
    positionals,
    options,
    logger: silentLogger,
    out: (text) => void (out += text),
    styled: (spans) => void (out += JSON.stringify(spans)),
    err: (text) => void (err += text),
    isTty: false,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const RECORD = JSON.stringify({
  id: 'CVE-2030-10000',
  affected: [{ package: { ecosystem: 'npm', name: 'demo' }, versions: ['1.0.0'] }],
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gc-db-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a database is built, shown, exported and imported elsewhere', () =>
  inFolder(async (folder) => {
    const feeds = join(folder, 'feeds');
    await mkdir(feeds);
    await writeFile(join(feeds, 'osv-npm.json'), RECORD);
    await writeFile(join(feeds, 'kev.json'), 'broken');
    await writeFile(join(feeds, 'other.txt'), 'no feed');
    const [here, there] = [join(folder, 'here'), join(folder, 'there')];
    const built = await run(dbBuild, { feeds: [feeds], data: here });
    assert.equal(built.code, EXIT.partial);
    assert.match(built.err, /other\.txt: no feed has this name/);
    assert.match(built.err, /kev: GC_FEED_SYNTAX .*nothing of it is used/);
    const status = await run(dbStatus, { data: here, output: 'json' });
    const info = JSON.parse(status.out) as { signed: boolean; packages: number; feeds: { name: string }[] };
    assert.deepEqual([info.signed, info.packages, info.feeds.length], [false, 1, 2]);
    const table = async (lang: string): Promise<readonly string[]> =>
      (await run(dbStatus, { data: here, lang })).out.split('\n');
    const [english, chinese] = [await table('en'), await table('zh-CN')];
    assert.match(english[1] ?? '', /^built \S+ \(today\), \S+ MB, not signed, revision /);
    assert.match(chinese[1] ?? '', /^构建于 \S+（今天），\S+ MB，未签名，版本 /);
    assert.match(chinese[4] ?? '', /^数据源 .* 问题$/);
    assert.match(english.find((line) => line.startsWith('kev')) ?? '', /the document is not well-formed$/);
    assert.match(chinese.find((line) => line.startsWith('kev')) ?? '', /文档格式不正确$/);
    await assert.rejects(table('fr'), { code: 'GC_USAGE' });
    const mirror = join(folder, 'mirror');
    assert.match((await run(dbExport, { data: here }, mirror)).out, /\.db\.zst .*not signed/);
    assert.equal((await run(dbImport, { data: there }, mirror)).code, EXIT.ok);
    const file = (data: string) => readFile(join(data, 'advisories/advisories.db'));
    assert.ok((await file(here)).equals(await file(there)));
    await assert.rejects(run(dbImport, { data: there }, join(folder, 'absent')), { code: 'GC_USAGE' });
  }));

test('an update from feeds keeps what it does not fetch, and says which feed failed', () =>
  inFolder(async (data) => {
    const server = createServer((request, response) => {
      if (request.url === '/kev.json')
        response.end('{"vulnerabilities":[{"cveID":"CVE-2030-10000","dateAdded":"2030-01-01"}]}');
      else if (request.url === '/npm.json') response.end(RECORD);
      else response.writeHead(500).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const update = (names: readonly string[], npm: string) =>
        run(dbUpdate, {
          data,
          'from-feeds': true,
          feed: names,
          'feed-url': [`osv-npm=${url}/${npm}`, `kev=${url}/kev.json`],
          output: 'json',
        });
      assert.equal((await update(['osv-npm', 'kev'], 'npm.json')).code, EXIT.ok);
      const second = await update(['osv-npm'], 'npm.json');
      const report = JSON.parse(second.out) as { feeds: { name: string; records: number }[] };
      assert.deepEqual(
        report.feeds.map(({ name, records }) => [name, records]),
        [
          ['osv-npm', 1],
          ['kev', 1],
        ],
      );
      const third = await update(['osv-npm'], 'gone.json');
      assert.equal(third.code, EXIT.partial);
      assert.match(third.err, /osv-npm: GC_DB_DOWNLOAD the server answered 500/);
      await assert.rejects(run(dbUpdate, { data, feed: ['nothing'] }), { code: 'GC_USAGE' });
    } finally {
      await new Promise((done) => server.close(done));
    }
  }));

test('data that is too old is told by the exit code', () =>
  inFolder(async (data) => {
    // The snapshot has a date of its own, and no release ships data of the future.
    assert.equal((await run(dbStatus, { data, 'max-db-age': '0' })).code, EXIT.stale);
    assert.equal((await run(dbStatus, { data, 'max-db-age': '36500' })).code, EXIT.ok);
    await assert.rejects(run(dbStatus, { data, 'max-db-age': 'week' }), { code: 'GC_USAGE' });
  }));

test('without a database the snapshot is shown', () =>
  inFolder(async (data) => {
    const { out, code } = await run(dbStatus, { data });
    assert.equal(code, EXIT.ok);
    assert.match(out, /snapshot that ships with Guardcell[\s\S]*part of Guardcell/);
  }));
