// A real registry scanned whole and in parts through the command line: what is selected, what is new, what is broken.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { scanRegistry } from '@guardcell/scan';
import { writeLayout } from '../support/oci-layout.ts';
import { REGISTRY_ACCOUNT, registryProblem, startRegistry, type TestRegistry } from '../support/registry.ts';

const CLI = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
const FOLDER = mkdtempSync(join(tmpdir(), 'gc-scan-registry-'));
let plain: TestRegistry | undefined;
let secured: TestRegistry | undefined;
let problem = '';

interface Entry {
  readonly reference: string;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly outcome: string;
  readonly report?: ScanReport;
  readonly problem?: { readonly code: string; readonly message: string };
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[], input = ''): Promise<Outcome> {
  const env = { ...process.env, HOME: FOLDER, XDG_CACHE_HOME: join(FOLDER, 'cache') };
  return new Promise((done) => {
    const options = { maxBuffer: 2 ** 28, timeout: 120_000, env, cwd: FOLDER };
    const child = execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', CLI, 'scan', 'registry', ...words],
      options,
      (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

async function entries(
  words: readonly string[],
): Promise<{ readonly code: number; readonly images: readonly Entry[] }> {
  const { code, stdout, stderr } = await run([...words, '--only', 'packages,secrets', '-o', 'json']);
  assert.notEqual(stdout, '', stderr);
  const document = JSON.parse(stdout) as { schemaVersion: number; registry: string; images: Entry[] };
  assert.equal(document.schemaVersion, 1);
  return { code, images: document.images.sort((a, b) => (a.reference < b.reference ? -1 : 1)) };
}

/** An image whose only package tells which it is. */
function layout(name: string, version: string): string {
  const root = join(FOLDER, 'roots', `${name}-${version}`);
  mkdirSync(join(root, 'app'), { recursive: true });
  const packages = { '': { name }, [`node_modules/${name}`]: { version, license: 'MIT' } };
  writeFileSync(join(root, 'app/package-lock.json'), JSON.stringify({ name, lockfileVersion: 3, packages }));
  const folder = join(FOLDER, 'layouts', `${name}-${version}`);
  writeLayout(folder, 'it', { layers: [root] });
  return `oci:${folder}:it`;
}

async function fill(registry: TestRegistry): Promise<void> {
  await registry.push(layout('web', '1.9.0'), 'team/web:v1.9');
  await registry.push(layout('web', '1.10.0'), 'team/web:v1.10');
  await registry.push(layout('web', '1.10.0'), 'team/web:latest');
  await registry.push(layout('tool', '3.0.0'), 'team/tools/tool:3');
  await registry.push(layout('shop', '5.0.0'), 'other/shop:5');
}

before(async () => {
  problem = await registryProblem();
  if (problem !== '') return;
  [plain, secured] = await Promise.all([startRegistry(), startRegistry(true)]);
  await fill(plain);
  await secured.push(layout('web', '1.9.0'), 'team/web:1');
});

after(async () => {
  await plain?.[Symbol.asyncDispose]();
  await secured?.[Symbol.asyncDispose]();
  rmSync(FOLDER, { recursive: true, force: true });
});

function names(images: readonly Entry[], host: string): readonly string[] {
  return images.map(({ reference }) => reference.replace(`${host}/`, ''));
}

test('all images of a registry are reported once for each digest, with all their tags', async (t) => {
  if (plain === undefined) return t.skip(problem);
  const { code, images } = await entries([plain.host, '--plain-http']);
  assert.equal(code, 0);
  assert.deepEqual(names(images, plain.host), [
    'other/shop:5',
    'team/tools/tool:3',
    'team/web:v1.10',
    'team/web:v1.9',
  ]);
  const web = images[2];
  assert.deepEqual(web?.tags, ['v1.10', 'latest']);
  assert.match(web?.digest ?? '', /^sha256:[0-9a-f]{64}$/);
  assert.equal(web?.report?.artifact.name, `${plain.host}/team/web:v1.10`);
  assert.equal(web?.report?.artifact.digest, web?.digest);
  const found = web?.report?.packages.map(({ name, version }) => `${name}@${version}`);
  assert.deepEqual(found, ['web@1.10.0']);
});

test('prefix, globs and the newest tags choose', async (t) => {
  if (plain === undefined) return t.skip(problem);
  const { host } = plain;
  const chosen = async (...words: readonly string[]): Promise<readonly string[]> =>
    names((await entries([...words, '--plain-http'])).images, host);
  assert.deepEqual(await chosen(`${host}/team`, '--newest', '1'), ['team/tools/tool:3', 'team/web:v1.10']);
  assert.deepEqual(await chosen(`${host}/team`, '--repositories', '*', '--tags', 'v1.9'), ['team/web:v1.9']);
  assert.deepEqual(await chosen(host, '--exclude', 'team/**', '--exclude', 'other/shop:4'), ['other/shop:5']);
  // Named in full: the catalog is not needed.
  assert.deepEqual(await chosen(host, '--repositories', 'other/shop'), ['other/shop:5']);
});

test('one broken image is told, the others are reported, and the command ends with 6', async (t) => {
  if (problem !== '') return t.skip(problem);
  await using registry = await startRegistry();
  await fill(registry);
  const { images: whole } = await entries([registry.host, '--plain-http', '--no-cache']);
  const broken = whole.find(({ reference }) => reference.includes('tool:3'));
  const digest = broken?.digest.slice(7) ?? '';
  rmSync(join(registry.blobs, 'sha256', digest.slice(0, 2), digest), { recursive: true });
  const { code, images } = await entries([
    registry.host,
    '--plain-http',
    '--no-cache',
    '--repositories',
    'team/**',
    '--repositories',
    'gone/app',
    '--repositories',
    'other/*',
  ]);
  assert.equal(code, 6);
  const told = images.map(({ reference, outcome, problem: bad }) =>
    [reference.replace(`${registry.host}/`, ''), bad?.code ?? outcome].join(' '),
  );
  assert.deepEqual(told, [
    'gone/app GC_IMAGE_NOT_FOUND',
    'other/shop:5 scanned',
    'team/tools/tool:3 GC_IMAGE_NOT_FOUND',
    'team/web:v1.10 scanned',
    'team/web:v1.9 scanned',
  ]);
});

test('--known reads only what is new; another choice of parts begins anew', async (t) => {
  if (plain === undefined) return t.skip(problem);
  const { host } = plain;
  const file = join(FOLDER, 'known.json');
  const words = [`${host}/team`, '--plain-http', '--known', file];
  const outcomes = async (): Promise<string> =>
    (await entries(words)).images.map(({ outcome }) => outcome).join(' ');
  assert.equal(await outcomes(), 'scanned scanned scanned');
  assert.equal(await outcomes(), 'known known known');
  await plain.push(layout('web', '2.0.0'), 'team/web:v2');
  assert.equal(await outcomes(), 'known known known scanned');
  const { code, stdout } = await run([...words, '--only', 'secrets']);
  assert.equal(code, 0);
  assert.match(stdout, /4 scanned, 0 scanned before/);
  writeFileSync(file, '{}');
  assert.equal((await run(words)).code, 2);
});

test('--output-dir writes a report for each image in the format of -o, and the summary to stdout', async (t) => {
  if (plain === undefined) return t.skip(problem);
  const folder = join(FOLDER, 'reports');
  const words = [plain.host, '--plain-http', '--only', 'packages', '--output-dir', folder];
  const { code, stdout, stderr } = await run([...words, '-o', 'cyclonedx']);
  assert.equal(code, 0, stderr);
  const files = readdirSync(folder).sort();
  assert.ok(files.includes('team+tools+tool+3.cdx.json'), files.join(' '));
  assert.ok(files.includes('other+shop+5.cdx.json'), files.join(' '));
  const bom = JSON.parse(readFileSync(join(folder, 'other+shop+5.cdx.json'), 'utf8')) as {
    bomFormat: string;
  };
  assert.equal(bom.bomFormat, 'CycloneDX');
  assert.match(stdout, /^IMAGE +ERRORS/);
  assert.equal((await run([plain.host, '--plain-http', '-o', 'sarif'])).code, 2);
});

test('without -o, --output-dir writes what -o json prints: packages that nobody asked for are not in it', async (t) => {
  if (plain === undefined) return t.skip(problem);
  const folder = join(FOLDER, 'json-reports');
  const words = [`${plain.host}/other`, '--plain-http', '--only', 'licenses'];
  const printed = await run([...words, '-o', 'json']);
  const [{ report } = {}] = (JSON.parse(printed.stdout) as { readonly images: readonly Entry[] }).images;
  assert.equal(report?.licenses.length, 1);
  assert.deepEqual(report.packages, []);
  const { code, stdout, stderr } = await run([...words, '--output-dir', folder]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^IMAGE /);
  const file = readFileSync(join(folder, 'other+shop+5.json'), 'utf8');
  const written = JSON.parse(file) as ScanReport;
  assert.deepEqual({ ...written, createdAt: '' }, { ...report, createdAt: '' });
});

test('a registry with TLS and an account wants authority and password; without them it says so', async (t) => {
  if (secured === undefined) return t.skip(problem);
  const { host, caFile } = secured;
  const account = ['--username', REGISTRY_ACCOUNT.username, '--password-file', '-'];
  const only = ['--only', 'packages'];
  const good = await run([host, '--ca-file', caFile, ...account, ...only], `${REGISTRY_ACCOUNT.password}\n`);
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /team\/web:1 .*\n\n1 scanned/);
  const untrusted = await run([host, ...account, ...only], REGISTRY_ACCOUNT.password);
  assert.match(untrusted.stderr, /GC_REGISTRY_TLS/);
  const skipped = await run([host, '--tls-skip-verify', ...account, ...only], REGISTRY_ACCOUNT.password);
  assert.equal(skipped.code, 0, skipped.stderr);
  assert.match(skipped.stderr, /WARNING: certificates are not verified/);
  const anonymous = await run([host, '--ca-file', caFile, ...only]);
  assert.equal(anonymous.code, 4);
  assert.match(anonymous.stderr, /GC_REGISTRY_AUTH/);
  const wrong = await run([host, '--ca-file', caFile, ...account, ...only], 'wrong');
  assert.match(wrong.stderr, /GC_REGISTRY_AUTH/);
  assert.ok(!existsSync(join(FOLDER, '.docker')));
});

test('a scan that is left ends its work, and one that is cancelled throws the reason', async (t) => {
  if (plain === undefined) return t.skip(problem);
  const options = {
    image: { registry: { plainHttp: true, env: { HOME: FOLDER } } },
    only: new Set(['packages'] as const),
  };
  for await (const { outcome } of scanRegistry(plain.host, options)) {
    assert.equal(outcome, 'scanned');
    break;
  }
  const reason = new Error('stop');
  const cancelled = scanRegistry(plain.host, { ...options, signal: AbortSignal.abort(reason) });
  await assert.rejects(cancelled.next(), reason);
});

test('--known turns no verdict into a good one; tables have no columns of what was not looked for', async (t) => {
  if (plain === undefined) return t.skip(problem);
  const words = [`${plain.host}/team`, '--plain-http', '--known', join(FOLDER, 'gate.json')];
  // Images without a user run as root: a finding in each.
  const gate = [...words, '--only', 'misconfig', '--fail-on', 'low'];
  const [first, second] = [await run(gate), await run(gate)];
  assert.deepEqual([first.code, second.code], [1, 1]);
  const [heads = ''] = second.stdout.split('\n');
  assert.match(heads, /MISCONFIG/);
  assert.doesNotMatch(heads, /CRITICAL|SECRETS|MALWARE/);
});

test('severities and paths choose what is shown of each image, and the table says that something is left out', async (t) => {
  if (plain === undefined) return t.skip(problem);
  const words = [`${plain.host}/other`, '--plain-http'];
  const table = await run([
    ...words,
    '--only',
    'misconfig',
    '--severity',
    'critical',
    '--fail-on',
    'critical',
  ]);
  assert.equal(table.code, 0);
  assert.match(table.stdout, /\d+ findings of other severities than critical are left out/);
  const { images } = await entries([...words, '--exclude-path', 'app']);
  assert.deepEqual(images[0]?.report?.packages, []);
  assert.match(images[0]?.report?.errors[0]?.message ?? '', /^findings in 1 files are left out: app$/);
  // Layers are kept by then: what was left out once is there again.
  assert.equal((await entries(words)).images[0]?.report?.packages.length, 1);
  const known = [...words, '--known', join(FOLDER, 'less.json'), '--only', 'packages'];
  assert.match((await run([...known, '--exclude-path', 'app'])).stdout, /1 scanned, 0 scanned before/);
  assert.match((await run(known)).stdout, /1 scanned, 0 scanned before/);
  assert.match((await run(known)).stdout, /0 scanned, 1 scanned before/);
});
