// Calls of the scanner as scripts make them: wrong ones end before anything is scanned, and verdicts reach whoever asks.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { ScanReport, Severity } from '@guardcell/core';
import { writeLayout } from '../support/oci-layout.ts';
import { guardcell } from '../support/scan-cli.ts';

const ENTRY = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
let folder = '';
let app = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gc-calls-'));
  app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'Dockerfile'), 'FROM debian:latest\nCMD ["sh"]\n');
  const packages = { 'node_modules/lodash': { version: '4.17.15', license: 'MIT' } };
  await writeFile(join(app, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A database of one advisory, beside the file that it was built from. */
async function ownDatabase(): Promise<string> {
  const feeds = await mkdtemp(join(folder, 'feeds-'));
  const record = { package: { ecosystem: 'npm', name: 'lodash' }, versions: ['4.17.15'] };
  await writeFile(join(feeds, 'osv-npm.json'), JSON.stringify({ id: 'CVE-2030-10000', affected: [record] }));
  const db = join(feeds, 'own.db');
  const { code, stderr } = await guardcell(['db', 'build', '--feeds', feeds, '--db', db]);
  assert.equal(code, 0, stderr);
  return db;
}

test('what a call asks wrongly is told before the scan, with exit code 2', async () => {
  const broken = join(folder, 'broken.template');
  await writeFile(broken, '{{#packages}}');
  const calls: readonly (readonly [readonly string[], RegExp])[] = [
    [['fs', ''], /the name of the folder is empty/],
    [['host', 'web'], /'web' is one word too many/],
    [['fs', app, '--db', join(folder, 'absent.db')], /there is no such database file/],
    [['fs', app, '--trust-key', join(folder, 'absent.pem')], /GC_DB_KEY/],
    [['fs', join(folder, 'absent'), '-o', 'template'], /no template given/],
    [['fs', join(folder, 'absent'), '-o', 'template', '--template', broken], /is not closed/],
    [['fs', app, '--template', broken], /belongs to -o template/],
    [['fs', app, '--explain', 'CVE-2020-8203', '-o', 'json'], /--explain is text for people/],
    [['fs', app, '-o', 'report.json'], /standard output: -o json > report\.json/],
    [['fs', app, '-o', 'JSON'], /Did you mean json\?/],
    [['fs', app, '--only', 'vuln'], /Did you mean vulnerabilities\?/],
    [['fs', app, '--severity', 'HIGH,worst'], /--severity cannot be 'worst'[\s\S]*critical, high/],
    [
      ['fs', app, '--severity', 'low', '--fail-on', 'high'],
      /leaves out everything that --fail-on high judges/,
    ],
    [['fs', app, '--exclude', '../app'], /--exclude cannot be '\.\.\/app': it leads out of what is scanned/],
    [['fs', app, '--exclude', ''], /--exclude cannot be '': it is empty/],
    [['fs', app, '--skip-dirs', 'vendor'], /--exclude GLOB leaves out paths/],
    [['registry', 'registry.example.com', '--skip-dirs', 'vendor'], /--exclude-path GLOB paths in images/],
    [['registry', 'registry.example.com', '--exclude-path', '**'], /it would leave out everything/],
    [['sbom', 'bom.json', '--exclude', 'vendor'], /silenced by package or id/],
    [['fs', app, '--onlyy', 'secrets'], /Did you mean --only\?/],
    [['image', '--input', 'web.tar'], /docker-archive:FILE/],
  ];
  for (const [words, said] of calls) {
    const { code, stdout, stderr } = await guardcell(['scan', ...words]);
    assert.deepEqual([code, stdout], [2, ''], words.join(' '));
    assert.match(stderr, said);
  }
});

test('files that cannot be used are told as such, not as a fault of the program', async () => {
  const db = await ownDatabase();
  const feeds = dirname(db);
  const calls: readonly (readonly [readonly string[], RegExp])[] = [
    [['build', '--feeds', feeds, '--db', '/proc/x.db'], /GC_DB_WRITE/],
    [['build', '--feeds', feeds, '--db', feeds], /GC_FILE: .*EISDIR.*feeds/],
    [['export', join(feeds, 'osv-npm.json'), '--db', db], /GC_FILE: .*EEXIST/],
    [['export', join(folder, 'mirror'), '--db', db, '--delta', 'absent.db'], /GC_FILE: .*ENOENT.*absent\.db/],
    [['update', 'https://mirror.example/db'], /one word too many/],
    [['import', db, 'more'], /one word too many/],
  ];
  for (const [words, said] of calls) {
    const { code, stderr } = await guardcell(['db', ...words]);
    assert.equal(code, 2, words.join(' '));
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
});

test('an SBOM is read from standard input, as other tools write it', async () => {
  const components = [
    { type: 'library', name: 'lodash', version: '4.17.15', purl: 'pkg:npm/lodash@4.17.15' },
  ];
  const bom = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components });
  const words = ['--disable-warning=ExperimentalWarning', ENTRY, 'scan', 'sbom', '-', '-o', 'json'];
  const { status, stdout } = spawnSync(process.execPath, words, { input: bom, encoding: 'utf8' });
  const report = JSON.parse(stdout) as { packages: unknown[]; vulnerabilities: unknown[] };
  assert.deepEqual([status, report.packages.length], [0, 1]);
  assert.ok(report.vulnerabilities.length > 0);
});

test('a scan with data that is too old ends with 7 before it begins', async () => {
  const { code, stdout, stderr } = await guardcell(['scan', 'fs', app, '--max-db-age', '0']);
  assert.deepEqual([code, stdout], [7, '']);
  assert.match(stderr, /GC_DB_STALE.*\n.*db update/);
  const db = join(folder, 'old.db');
  await copyFile(await ownDatabase(), db);
  const file = new DatabaseSync(db);
  file.exec(`UPDATE meta SET value = '2026-01-02T00:00:00.000Z' WHERE key = 'builtAt'`);
  file.close();
  const old = await guardcell(['scan', 'fs', app, '--db', db]);
  assert.equal(old.code, 0);
  assert.match(old.stderr, /^warning: the vulnerability data is of 2026-01-02; guardcell db update/m);
  // Where nothing is matched the age says nothing.
  const only = ['scan', 'fs', app, '--max-db-age', '0', '--only', 'packages'];
  assert.equal((await guardcell(only)).code, 0);
});

test('licences are told with the packages that were judged', async () => {
  const table = (await guardcell(['scan', 'fs', app, '--only', 'licenses'])).stdout;
  assert.match(table, /^1 Packages$/m);
});

test('severities may be written in capitals, as other scanners do', async () => {
  assert.equal((await guardcell(['scan', 'fs', app, '--only', 'misconfig', '--fail-on', 'HIGH'])).code, 1);
});

test('a report of some severities says what it leaves out, and the verdict is about what it shows', async () => {
  const scan = ['scan', 'fs', app, '--only', 'misconfig,vulnerabilities', '--db', await ownDatabase()];
  const all = (await guardcell([...scan, '-o', 'json'])).stdout;
  const whole = JSON.parse(all) as ScanReport;
  const some = await guardcell([...scan, '-o', 'json', '--severity', 'LOW,info', '--fail-on', 'info']);
  const shown = JSON.parse(some.stdout) as ScanReport;
  const findings = ({ vulnerabilities, misconfigurations }: ScanReport): readonly Severity[] =>
    [...vulnerabilities, ...misconfigurations].map(({ severity }) => severity);
  const isWanted = (severity: Severity): boolean => severity === 'low' || severity === 'info';
  assert.deepEqual(findings(shown), findings(whole).filter(isWanted));
  const others = findings(whole).length - findings(shown).length;
  assert.ok(others > 0);
  assert.match(
    shown.errors.find(({ code }) => code === 'GC_FINDINGS_LEFT_OUT')?.message ?? '',
    new RegExp(`^${others} findings of other severities than low, info`),
  );
  assert.equal(some.code, findings(shown).length > 0 ? 1 : 0);
  const chinese = await guardcell([
    ...scan,
    '--severity',
    'critical',
    '--fail-on',
    'high',
    '--lang',
    'zh-CN',
  ]);
  assert.match(chinese.stdout, /略去 \d+ 个不属于 critical 级别的发现/);
  assert.equal(chinese.code, 0);
  // Asked for by name, it is explained; with a baseline only what is new is counted.
  const explained = await guardcell([...scan, '--severity', 'critical', '--explain', 'CVE-2030-10000']);
  assert.match(explained.stdout, /CVE-2030-10000/);
  const baseline = join(folder, 'all.json');
  await writeFile(baseline, all);
  const fresh = await guardcell([...scan, '--severity', 'critical', '--only-new', baseline, '-o', 'json']);
  assert.doesNotMatch(fresh.stdout, /GC_FINDINGS_LEFT_OUT/);
});

test('paths are left out by option and by settings, of folders and of images, and the report says so', async () => {
  const root = join(folder, 'many');
  const packages = { 'node_modules/lodash': { version: '4.17.15', license: 'MIT' } };
  const lock = JSON.stringify({ lockfileVersion: 3, packages });
  for (const part of ['app', 'vendor/lib', 'src/testdata']) {
    await mkdir(join(root, part), { recursive: true });
    await writeFile(join(root, part, 'package-lock.json'), lock);
  }
  const settings = join(folder, 'exclude.yaml');
  await writeFile(settings, "exclude: ['**/testdata', 'absent']\n");
  writeLayout(join(folder, 'layout'), 'web', { layers: [root] });
  const image = `oci:${join(folder, 'layout')}:web`;
  const cache = ['--cache-dir', join(folder, 'layers')];
  const placesOf = async (...words: readonly string[]) => {
    const ran = await guardcell(['scan', ...words, '--only', 'packages', '-o', 'json']);
    assert.equal(ran.code, 0, ran.stderr);
    const report = JSON.parse(ran.stdout) as ScanReport;
    const places = report.packages.flatMap(({ locations }) => locations.map(({ path }) => dirname(path)));
    const notes = report.errors.filter(({ code }) => code === 'GC_PATHS_EXCLUDED');
    return { places: places.sort(), notes: notes.map(({ message }) => message) };
  };
  const all = ['/app', '/src/testdata', '/vendor/lib'];
  assert.deepEqual(await placesOf('fs', root), { places: all, notes: [] });
  const asked = ['--exclude', join(root, 'vendor'), '--config', settings];
  assert.deepEqual(await placesOf('fs', root, ...asked), {
    places: ['/app'],
    notes: ['2 folders with all that is in them and 0 files are left out: /src/testdata, /vendor'],
  });
  assert.deepEqual(await placesOf('image', image, ...cache, '--exclude', 'vendor', '--config', settings), {
    places: ['/app'],
    notes: ['findings in 2 files are left out: vendor, **/testdata'],
  });
  // What is kept of the layer is the whole.
  assert.deepEqual(await placesOf('image', image, ...cache), { places: all, notes: [] });
  const words = ['scan', 'fs', root, '--only', 'packages', '--exclude', 'app', '--exclude', 'docs'];
  const { stdout } = await guardcell([...words, '--lang', 'zh-CN']);
  assert.match(stdout, /已排除 1 个目录（连同其全部内容）和 0 个文件：\/app/);
  assert.match(stdout, /GC_PATHS_EXCLUDED docs: 要排除的路径不存在/);
});

test('help is there for a group of commands, and after the word help', async () => {
  const group = await guardcell(['scan', '--help']);
  assert.deepEqual([group.code, group.stderr], [0, '']);
  assert.match(group.stdout, /scan repo {2,}scan a repository/);
  const one = await guardcell(['help', 'scan', 'image']);
  assert.match(one.stdout, /usage: guardcell scan image REFERENCE/);
});

test('without packages asked for, findings still say where they are, and nothing else is listed', async () => {
  const only = ['scan', 'fs', app, '--only', 'vulnerabilities'];
  const sarif = await guardcell([...only, '-o', 'sarif']);
  const { runs } = JSON.parse(sarif.stdout) as {
    runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
  };
  const places = runs[0]?.results.map(
    ({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri ?? '',
  );
  assert.deepEqual(new Set(places), new Set(['package-lock.json']));
  const table = (await guardcell(only)).stdout;
  assert.match(table, /\/package-lock\.json \(npm\)/);
  assert.doesNotMatch(table, /Packages/);
  assert.doesNotMatch((await guardcell([...only, '-o', 'html'])).stdout, /<h2>Packages/);
  const json = JSON.parse((await guardcell([...only, '-o', 'json'])).stdout) as { packages: unknown[] };
  assert.deepEqual(json.packages, []);
});

/** Exit code of a scan whose standard output nobody reads, or goes to that file. */
function codeOf(words: readonly string[], output: 'closed' | '/dev/full'): Promise<number | null> {
  const node = `"$0" --disable-warning=ExperimentalWarning "${ENTRY}" "$@"`;
  // The reader ends before anything is written: it waits for nothing.
  const script =
    output === 'closed' ? `{ ${node}; echo $? >&2; } | true` : `${node} > /dev/full; echo $? >&2`;
  return new Promise((done) => {
    const child = spawn('sh', ['-c', script, process.execPath, ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    child.on('close', () => done(Number(said.trim().split('\n').at(-1))));
  });
}

test('a verdict does not depend on who reads the report', async () => {
  const words = ['scan', 'fs', app, '--only', 'misconfig'];
  assert.equal(await codeOf([...words, '--fail-on', 'high'], 'closed'), 1);
  assert.equal(await codeOf(words, 'closed'), 0);
});

test('a report that the disk has no room for is not a good one', async () => {
  assert.equal(await codeOf(['scan', 'fs', app, '-o', 'json'], '/dev/full'), 6);
});

test('a scan that is stopped never ends well, and ends at once', async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const words = ['--disable-warning=ExperimentalWarning', ENTRY, 'scan', 'sbom', '-'];
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'ignore', 'pipe'] });
    child.stdin.write('{');
    // It waits for the rest of its input: only the signal ends it. Until it listens, signals end it on their own.
    const again = setInterval(() => child.kill(signal), 300);
    const [code, by] = await new Promise<[number | null, string | null]>((done) =>
      child.on('exit', (...end) => done(end)),
    );
    clearInterval(again);
    assert.ok(code === 130 || by === signal, `${signal}: ${code} ${by}`);
  }
});

test('folders that cannot be made are told, and nothing waits for them', async () => {
  const cached = await guardcell(['db', 'export', '/proc/guardcell/mirror', '--db', await ownDatabase()]);
  assert.equal(cached.code, 2);
  assert.match(cached.stderr, /GC_FILE: .*ENOENT.*\/proc\/guardcell/);
});

test('what this user may not read ends with 4, as the guide says', {
  skip: process.getuid?.() !== 0,
}, async () => {
  const closed = join(folder, 'closed');
  await mkdir(closed, { mode: 0o700 });
  await writeFile(join(closed, 'bom.json'), '{}');
  await chmod(folder, 0o755);
  const env = { HOME: '/nonexistent' };
  const calls = [
    ['fs', closed],
    ['sbom', join(closed, 'bom.json')],
    ['image', `docker-archive:${join(closed, 'bom.json')}`],
  ];
  for (const words of calls) {
    const args = ['--disable-warning=ExperimentalWarning', ENTRY, 'scan', ...words];
    const ran = spawnSync(process.execPath, args, { uid: 65_534, gid: 65_534, env, encoding: 'utf8' });
    assert.equal(ran.status, 4, `${words.join(' ')}: ${ran.stderr}`);
    assert.match(ran.stderr, /EACCES/);
  }
});
