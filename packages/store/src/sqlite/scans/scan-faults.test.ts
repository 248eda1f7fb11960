// What the store of scans does when its file, threads or process fail under it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UNKNOWN_EXPOSURE } from '@guardcell/core';
import { silentLogger, systemClock } from '@guardcell/kit';
import { openSqliteScanStore } from './sqlite-scan-store.ts';
import {
  digest,
  match,
  NOON_MS,
  names,
  openScans,
  sampleFinding,
  samplePackage,
  sampleReport,
} from './testing/samples.ts';

const KILLS = Number(process.env['GC_TEST_KILLS'] ?? 3);
const CHILD = fileURLToPath(new URL('./testing/scan-until-killed.ts', import.meta.url));
const openssl = samplePackage('openssl');

/** Overwrites all of a file but its first page, so that it still looks like a database. */
async function damage(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096);
  await handle.close();
}

test('a file that is no database is set aside at start and everything can be scanned again', async () => {
  await using at = await openScans();
  await at.store.putScan(names({ manifestDigest: digest('m') }), sampleReport([openssl]), NOON_MS);
  await at.store.close();
  await writeFile(at.file, 'this is not a database, it is a text that stands in its place'.repeat(50));
  const store = await at.reopen();
  assert.deepEqual(await store.counts().then(({ artifacts }) => artifacts), 0);
  await store.putScan(names({ manifestDigest: digest('m') }), sampleReport([openssl]), NOON_MS);
  assert.equal((await store.artifacts({}, 10)).items.length, 1);
  assert.equal((await readdir(at.dir)).filter((name) => name.startsWith('scans.sqlite.corrupt-')).length, 1);
});

test('a file found damaged by a question is set aside; what runs and what is accepted is told to the new one', async () => {
  await using at = await openScans();
  const many = Array.from({ length: 3000 }, (_, index) => samplePackage(`package-${index}`));
  await at.store.putScan(names({ manifestDigest: digest('m') }), sampleReport(many), NOON_MS);
  await match(
    at.store,
    digest('m'),
    many.map((pkg) => sampleFinding('CVE-1', pkg)),
  );
  await at.store.close();
  const store = await at.reopen();
  await store.setRunning('s1', [
    {
      id: 'c1',
      name: 'n',
      hostname: 'h',
      namespace: '',
      pod: '',
      image: 'i',
      manifestDigest: digest('m'),
      imageId: '',
      exposure: UNKNOWN_EXPOSURE,
    },
  ]);
  await store.setAcceptances([
    {
      id: 'a',
      scope: { vulnerability: 'CVE-1', package: '', artifact: '', image: '' },
      kind: 'accept-risk',
      reason: 'r',
      until: '2030-01-01T00:00:00Z',
    },
  ]);
  await damage(at.file);
  const answers = await Promise.all([
    store.vulnerabilities({}, 'risk', 10),
    store.facets({}),
    store.artifacts({}, 10),
    store.report(digest('m')),
  ]);
  assert.equal(answers[2].items.length <= 1, true);
  await store.remove(digest('m'));
  await store.putScan(names({ manifestDigest: digest('m') }), sampleReport([openssl]), NOON_MS);
  await match(store, digest('m'), [sampleFinding('CVE-1', openssl)]);
  const summary = (await store.artifact(digest('m')))?.summary;
  assert.deepEqual([summary?.running, summary?.accepted], [1, 1]);
});

test('a file of a later version is refused and not changed', async () => {
  await using at = await openScans();
  await at.store.close();
  const database = new DatabaseSync(at.file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  const options = { file: at.file, logger: silentLogger, clock: systemClock };
  await assert.rejects(openSqliteScanStore(options), { code: 'GC_STORE_IO', message: /later version/ });
  assert.deepEqual(
    (await readdir(at.dir)).filter((name) => name.includes('corrupt')),
    [],
  );
});

test('a folder that cannot be made is a coded error', async () => {
  await using at = await openScans();
  await writeFile(join(at.dir, 'file'), '');
  const options = { file: join(at.dir, 'file', 'scans.sqlite'), logger: silentLogger, clock: systemClock };
  await assert.rejects(openSqliteScanStore(options), { code: 'GC_STORE_IO' });
});

test('when a thread dies its calls fail with a code and later ones are answered', async () => {
  await using at = await openScans();
  const { store } = at;
  await store.putScan(names({ manifestDigest: digest('m') }), sampleReport([openssl]), NOON_MS);
  for (const which of ['writer', 'reader'] as const) {
    const asked = Promise.allSettled([
      which === 'writer' ? store.matchInput(digest('m')) : store.artifact(digest('m')),
    ]);
    await store.crashWorker(which);
    const [outcome] = await asked;
    if (outcome?.status === 'rejected')
      assert.equal((outcome.reason as { code?: unknown }).code, 'GC_STORE_IO');
  }
  await match(store, digest('m'), [sampleFinding('CVE-1', openssl)]);
  assert.equal((await store.vulnerabilities({}, 'risk', 10)).items.length, 1);
});

test('after close every call says so', async () => {
  await using at = await openScans();
  await at.store.close();
  await assert.rejects(at.store.artifacts({}, 1), { code: 'GC_STORE_CLOSED' });
  await assert.rejects(at.store.known(['x']), { code: 'GC_STORE_CLOSED' });
});

async function killedAfter(file: string, ms: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    if (lines.length === 0) setTimeout(() => child.kill('SIGKILL'), ms);
    lines.push(line);
  });
  await Promise.all([once(child, 'close'), once(reader, 'close')]);
  return lines;
}

test(`nothing acknowledged is lost after ${KILLS} kills, and all of it agrees`, {
  timeout: 120_000,
}, async () => {
  await using at = await openScans();
  await at.store.close();
  const scanned = new Set<string>();
  const matched = new Set<string>();
  for (let run = 0; run < KILLS; run += 1) {
    for (const line of await killedAfter(at.file, 60 + ((run * 97) % 300))) {
      const [what, id = ''] = line.split(' ');
      (what === 'scanned' ? scanned : matched).add(id);
    }
  }
  const store = await at.reopen();
  assert.ok(scanned.size > 3 && matched.size > 1, `${scanned.size} scans`);
  assert.deepEqual([...(await store.known([...scanned]))].sort(), [...scanned].sort());
  const unmatched = new Set(await store.unmatched('db1', 100_000));
  for (const id of matched) assert.ok(!unmatched.has(id), `the match of ${id} is lost`);
  for (const id of scanned) {
    const report = await store.report(id);
    assert.equal(report?.packages.length, 40);
    assert.ok([0, 40].includes(report?.vulnerabilities.length ?? -1));
    if (matched.has(id)) assert.equal(report?.vulnerabilities.length, 40);
  }
  const database = new DatabaseSync(at.file, { readOnly: true });
  assert.equal(database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
  database.close();
});
