// Building and reading: bad input spares other feeds, damaged files are refused, the shared collection is read whole.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { openAdvisories } from '../locate.ts';
import { type BuildReport, buildDatabase } from './build.ts';
import { findInputs } from './inputs.ts';
import { type AdvisoryDatabase, openDatabase } from './open.ts';

const SHARED = resolve(import.meta.dirname, '../../../../../shared/feeds');
const SNAPSHOT = resolve(import.meta.dirname, '../../../../content/advisories/snapshot.db.zst');

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gc-advisories-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(
  folder: string,
  contents: Readonly<Record<string, string | Buffer>>,
): Promise<[BuildReport, AdvisoryDatabase]> {
  const feeds = join(folder, 'feeds');
  await mkdir(feeds, { recursive: true });
  for (const [name, content] of Object.entries(contents)) await writeFile(join(feeds, name), content);
  const target = join(folder, 'advisories.db');
  const report = await buildDatabase({
    target,
    inputs: findInputs(feeds).inputs,
    builtAt: '2030-01-01T00:00:00Z',
    origin: 'built',
    texts: true,
  });
  return [report, openDatabase(target)];
}

const GOOD = JSON.stringify({
  id: 'PYSEC-2030-1',
  aliases: ['CVE-2030-0001', 'GHSA-aaaa-bbbb-cccc'],
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'Flask_Demo' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] }],
      versions: ['1.0'],
    },
  ],
});

/** A record of one entry, stored without compression. */
function zip(name: string, content: string): Buffer {
  const [path, body] = [Buffer.from(name), Buffer.from(content)];
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt32LE(body.length, 18);
  local.writeUInt32LE(body.length, 22);
  local.writeUInt16LE(path.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt32LE(body.length, 20);
  central.writeUInt32LE(body.length, 24);
  central.writeUInt16LE(path.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + path.length, 12);
  end.writeUInt32LE(local.length + path.length + body.length, 16);
  return Buffer.concat([local, path, body, central, path, end]);
}

test('feeds that cannot be read are reported and the others are built', () =>
  inFolder(async (folder) => {
    const [report, database] = await build(folder, {
      'osv-pypi.zip': zip('PYSEC-2030-1.json', GOOD),
      'osv-npm.ndjson.zst': zstdCompressSync(Buffer.from(GOOD.repeat(100))).subarray(0, 40),
      'debian.json': '[1, 2, "three", null]',
      'epss.csv.gz': gzipSync('nothing of the kind\n'),
      'suse-oval.xml': '<oval_definitions><definitions><definition id="x"></oval_definitions>',
      'amazon.xml': '<!DOCTYPE x [<!ENTITY a "b">]><updates/>',
      'nvd.json': '{"vulnerabilities": {"not": "a list"}}',
      'osv-go.zip': zip('a.json', GOOD).subarray(0, 60),
      'osv-hex.ndjson': `${'{"id": 5}\n{"id": "GHSA-aaaa-bbbb-cccc", "affected": [{"package": {"ecosystem": "Hex", "name": ["list"]}}]}\nnot json\n'}${GOOD}\n`,
    });
    const problems = Object.fromEntries(report.feeds.map(({ name, problem }) => [name, problem?.code]));
    assert.deepEqual(problems, {
      debian: 'GC_FEED_EMPTY',
      'suse-oval': 'GC_FEED_SYNTAX',
      amazon: 'GC_FEED_SYNTAX',
      'osv-pypi': undefined,
      'osv-go': 'GC_FEED_ZIP',
      'osv-npm': 'GC_FEED_UNPACK',
      'osv-hex': undefined,
      nvd: 'GC_FEED_EMPTY',
      epss: 'GC_FEED_EMPTY',
    });
    assert.equal(report.feeds.find(({ name }) => name === 'osv-hex')?.skipped['not well-formed'], 1);
    assert.equal(database.affected('PyPI', 'flask.demo')[0]?.vulnerability, 'CVE-2030-0001');
    assert.equal(database.facts('GHSA-aaaa-bbbb-cccc')?.id, 'CVE-2030-0001');
    assert.deepEqual(database.affected('PyPI', 'absent'), []);
    assert.deepEqual(database.affected('Nowhere', 'flask-demo'), []);
    database.close();
  }));

test('when no feed can be read the database before stays', () =>
  inFolder(async (folder) => {
    const [, before] = await build(folder, { 'osv-pypi.json': GOOD });
    const { revision } = before;
    before.close();
    await assert.rejects(build(folder, { 'osv-pypi.json': '{' }), { code: 'GC_DB_BUILD' });
    const after = openDatabase(join(folder, 'advisories.db'));
    assert.equal(after.revision, revision);
    after.close();
  }));

test('files that are no database of ours are refused', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    assert.throws(() => openDatabase(path), { code: 'GC_DB_MISSING' });
    await writeFile(path, 'SQLite format 3\0 and then nothing of it');
    assert.throws(() => openDatabase(path), { code: 'GC_DB_INVALID' });
  }));

test('XML of SUSE, Oracle and Amazon is joined to packages', () =>
  inFolder(async (folder) => {
    const oval = `<?xml version="1.0"?><oval_definitions xmlns="x" xmlns:red="y"><definitions>
      <definition id="d1" class="patch"><metadata><title>ELSA-2030-1: demo</title><affected><platform>Oracle Linux 9</platform></affected>
      <reference source="elsa" ref_id="ELSA-2030-1"/><reference source="CVE" ref_id="CVE-2030-0001"/><advisory><severity>IMPORTANT</severity></advisory></metadata>
      <criteria><criterion test_ref="t1" comment="c"/><criterion test_ref="t2" comment="signed"/></criteria></definition></definitions>
      <tests><red:rpminfo_test id="t1"><red:object object_ref="o1"/><red:state state_ref="s1"/></red:rpminfo_test>
      <red:rpminfo_test id="t2"><red:object object_ref="o1"/><red:state state_ref="s2"/></red:rpminfo_test></tests>
      <objects><red:rpminfo_object id="o1"><red:name>demo</red:name></red:rpminfo_object></objects>
      <states><red:rpminfo_state id="s1"><red:evr datatype="evr_string" operation="less than">0:1.2-3.el9</red:evr></red:rpminfo_state>
      <red:rpminfo_state id="s2"><red:signature_keyid operation="equals">abc</red:signature_keyid></red:rpminfo_state></states></oval_definitions>`;
    const suse = oval
      .replace('Oracle Linux 9', 'SUSE Linux Enterprise Server 15 SP5')
      .replaceAll('ELSA-2030-1', 'CVE-2030-0001')
      .replace('operation="less than">0:1.2-3.el9', 'operation="greater than">0:0-0');
    const amazon = `<updates><update type="security"><id>ALAS2023-2030-001</id><severity>medium</severity><issued date="2030-01-01 10:00"/>
      <references><reference href="https://example.org/CVE-2030-0002" id="CVE-2030-0002" type="cve"/></references><pkglist><collection>
      <package name="demo" arch="x86_64" epoch="1" version="2.0" release="1.amzn2023"/><package name="demo" arch="aarch64" epoch="1" version="2.0" release="1.amzn2023"/>
      </collection></pkglist></update></updates>`;
    const [, database] = await build(folder, {
      'oracle-oval.xml': oval,
      'suse-oval.xml': suse,
      'amazon.xml.gz': gzipSync(amazon),
    });
    const view = (ecosystem: string) =>
      database
        .affected(ecosystem, 'demo')
        .map((entry) => [entry.vulnerability, entry.ranges[0]?.fixed, entry.status, entry.severity]);
    assert.deepEqual(view('Oracle Linux:9'), [['CVE-2030-0001', '1.2-3.el9', 'fixed', 'high']]);
    assert.deepEqual(view('SUSE:15.5'), [['CVE-2030-0001', '', 'affected', 'high']]);
    assert.deepEqual(view('Amazon Linux:2023'), [['CVE-2030-0002', '1:2.0-1.amzn2023', 'fixed', 'medium']]);
    database.close();
  }));

test('the snapshot that ships opens without a database and knows packages of every collection', () =>
  inFolder(async (folder) => {
    const database = await openAdvisories({ dataDir: folder, snapshot: SNAPSHOT });
    assert.equal(database.info().origin, 'snapshot');
    assert.ok(
      database.affected('Go', 'github.com/gin-gonic/gin').some((entry) => (entry.symbols?.length ?? 0) > 0),
    );
    assert.ok(database.affected('npm', 'jquery').length > 0);
    assert.ok(database.affected('AlmaLinux:9', 'openssl').length > 0);
    assert.equal(database.facts('CVE-2021-44228')?.kev?.ransomware, true);
    // Facts only: nothing that somebody wrote.
    assert.equal(database.facts('CVE-2021-44228')?.summary, '');
    database.close();
  }));

test(
  'the shared collection is read without a problem',
  { skip: existsSync(SHARED) ? false : 'no shared feeds here' },
  () =>
    inFolder(async (folder) => {
      const target = join(folder, 'advisories.db');
      const { inputs, unknown } = findInputs(SHARED);
      assert.deepEqual(unknown, []);
      const report = await buildDatabase({
        target,
        inputs,
        builtAt: '2030-01-01T00:00:00Z',
        origin: 'built',
        texts: true,
      });
      assert.deepEqual(
        report.feeds.filter((feed) => feed.problem !== undefined),
        [],
      );
      const counts = Object.fromEntries(report.feeds.map(({ name, records }) => [name, records]));
      assert.equal(counts['osv-go'], 4291);
      assert.equal(counts['wolfi-advisories'], 1616);
      assert.equal(counts['vulnrichment-slim'], 44_130);
      const database = openDatabase(target);
      const fixedIn = (ecosystem: string, name: string, id: string) =>
        database
          .affected(ecosystem, name)
          .find(({ vulnerability }) => vulnerability === id)
          ?.ranges.map(({ fixed }) => fixed);
      assert.deepEqual(fixedIn('Debian:11', 'xorg-server', 'CVE-2023-1393'), ['2:1.20.11-1+deb11u6']);
      assert.deepEqual(fixedIn('Alpine:v3.10', 'botan', 'CVE-2018-20187'), ['2.9.0-r0']);
      assert.deepEqual(fixedIn('Wolfi', 'aactl', 'CVE-2024-45341'), ['0.4.12-r22']);
      assert.deepEqual(fixedIn('Go', 'github.com/gin-gonic/gin', 'CVE-2020-36567'), ['1.6.0']);
      assert.deepEqual(fixedIn('npm', 'bassmaster', 'CVE-2014-7205'), ['1.5.2']);
      assert.equal(
        database.facts('CVE-1999-0006')?.id,
        undefined,
        'vulnerabilities of no package are not kept',
      );
      assert.equal(database.facts('CVE-2025-48384')?.kev?.added, '2025-08-25');
      database.close();
    }),
);

test('a record that names several CVE ids is about each of them, under its own id, whatever the feed', () =>
  inFolder(async (folder) => {
    const both = ['CVE-2030-0001', 'CVE-2030-0002'];
    const [, database] = await build(folder, {
      'osv-npm.ndjson': JSON.stringify({
        id: 'GHSA-aaaa-bbbb-cccc',
        aliases: both,
        affected: [{ package: { ecosystem: 'npm', name: 'one' }, versions: ['1.0.0'] }],
      }),
      'retirejs.json': JSON.stringify({
        two: { vulnerabilities: [{ below: '2.0.0', identifiers: { CVE: both } }] },
      }),
      'npm-nodewg.ndjson': JSON.stringify({
        id: 7,
        module_name: 'three',
        cves: both,
        vulnerable_versions: '<2',
      }),
    });
    for (const name of ['one', 'two', 'three']) {
      const named = database.affected('npm', name).map(({ vulnerability }) => vulnerability);
      assert.deepEqual(named, both, name);
    }
    for (const id of both) {
      const facts = database.facts(id);
      assert.equal(facts?.id, id);
      assert.deepEqual(facts?.aliases, ['GHSA-aaaa-bbbb-cccc', 'NSWG-ECO-7']);
    }
    database.close();
  }));
