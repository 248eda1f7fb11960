// Scans through the command line: real images of docker's store, an image with the package database of this machine,
// damaged archives, a running container.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { type DockerAvailability, ensureDocker, ensureImage } from '../support/docker.ts';
import { BUSYBOX_IMAGE } from '../support/images.ts';
import { command } from '../support/run-command.ts';

const CLI = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
const FOLDER = mkdtempSync(join(tmpdir(), 'gc-scan-image-'));
const IMAGE = 'gc-scan-image-dpkg:1';
const CONTAINER = `gc-scan-image-${process.pid}`;
let docker: DockerAvailability;
let hasDpkg = false;

before(async () => {
  docker = await ensureDocker();
  hasDpkg = existsSync('/var/lib/dpkg/status') && existsSync('/etc/os-release');
  if (!docker.available || !hasDpkg) return;
  await ensureImage(BUSYBOX_IMAGE);
  const tree = join(FOLDER, 'dpkg.tar');
  execFileSync('tar', [
    '-C',
    '/',
    '-chf',
    tree,
    'etc/os-release',
    'var/lib/dpkg/status',
    'usr/share/doc/tar/copyright',
  ]);
  await command('docker', ['import', tree, IMAGE]);
});

after(async () => {
  if (docker.available) {
    await command('docker', ['rm', '-f', CONTAINER]).catch(() => undefined);
    if (hasDpkg) await command('docker', ['rmi', '-f', IMAGE]).catch(() => undefined);
  }
  await docker.stop();
  rmSync(FOLDER, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly report: ScanReport;
  readonly stderr: string;
}

async function scan(...words: readonly string[]): Promise<Outcome> {
  const args = ['--disable-warning=ExperimentalWarning', CLI, 'scan', ...words, '-o', 'json'];
  return new Promise((done) => {
    execFile(process.execPath, args, { maxBuffer: 2 ** 28, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      done({ code, report: stdout === '' ? NOTHING : (JSON.parse(stdout) as ScanReport), stderr });
    });
  });
}

const NOTHING = { packages: [], errors: [] } as unknown as ScanReport;

function needs(t: TestContext, dpkg = false): boolean {
  const reason = docker.available ? (dpkg && !hasDpkg ? 'this machine has no dpkg' : '') : docker.reason;
  if (reason !== '') t.skip(reason);
  return reason === '';
}

function dpkgList(): string[] {
  const format = '${db:Status-Abbrev} ${Package} ${Version} ${Architecture}\n';
  return execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /^.i/.test(line))
    .map((line) => line.slice(4).trim())
    .sort();
}

test('an image with a Debian package database lists exactly what dpkg lists, cold and from the cache', async (t) => {
  if (!needs(t, true)) return;
  const cache = join(FOLDER, 'cache');
  for (const round of ['cold', 'cached']) {
    const { code, report } = await scan(
      'image',
      `docker:${IMAGE}`,
      '--only',
      'packages',
      '--cache-dir',
      cache,
    );
    assert.equal(code, 0, round);
    const listed = report.packages.filter(({ type }) => type === 'deb');
    assert.deepEqual(
      listed.map(({ name, version, arch }) => `${name} ${version} ${arch}`).sort(),
      dpkgList(),
      round,
    );
    assert.equal(report.artifact.os?.id, readFileSync('/etc/os-release', 'utf8').match(/^ID="?(\w+)/m)?.[1]);
    assert.equal(report.artifact.kind, 'image');
    assert.equal(report.artifact.layers.length, 1);
    for (const one of listed) assert.equal(one.locations[0]?.layer, report.artifact.layers[0]);
  }
});

test('a layer above takes packages away, and findings say in which layer they lie', async (t) => {
  if (!needs(t)) return;
  const file = join(FOLDER, 'layers.tar');
  writeArchive(file, [
    { 'app/package-lock.json': lock('left'), 'gone/package-lock.json': lock('gone') },
    { '.wh.gone': '', 'more/package-lock.json': lock('more') },
  ]);
  const { report } = await scan('image', `docker-archive:${file}`, '--only', 'packages', '--no-cache');
  assert.deepEqual(report.packages.map(({ name, locations }) => [name, locations[0]?.layer]).sort(), [
    ['left', report.artifact.layers[0]],
    ['more', report.artifact.layers[1]],
  ]);
});

test('a damaged layer is named, the rest is reported, and the exit code says partial', async (t) => {
  if (!needs(t)) return;
  const file = join(FOLDER, 'damaged.tar');
  const layers = [{ 'a/package-lock.json': lock('kept') }, { 'b/package-lock.json': lock('lost') }];
  writeArchive(file, layers, { wrongDiffId: 1 });
  const { code, report } = await scan('image', `docker-archive:${file}`, '--only', 'packages', '--no-cache');
  assert.equal(code, 6);
  assert.deepEqual(
    report.packages.map(({ name }) => name),
    ['kept'],
  );
  assert.deepEqual(
    report.errors.map((error) => [error.code, error.at]),
    [['GC_IMAGE_DIGEST', `docker-archive:${file}, layer ${report.artifact.layers[1]}`]],
  );
});

test('a running container is scanned through its root: what it wrote is found, the host is not', async (t) => {
  if (!needs(t)) return;
  if (process.getuid?.() !== 0) {
    t.skip('reading the root of a container needs root');
    return;
  }
  await command('docker', ['run', '-d', '--name', CONTAINER, BUSYBOX_IMAGE, 'sleep', '300']);
  const inner = join(FOLDER, 'package-lock.json');
  writeFileSync(inner, lock('written'));
  await command('docker', ['exec', CONTAINER, 'mkdir', '-p', '/srv/app']);
  await command('docker', ['cp', inner, `${CONTAINER}:/srv/app/package-lock.json`]);
  // A link out of the container would lead to the host's own database.
  await command('docker', ['exec', CONTAINER, 'ln', '-s', '/proc/1/root/var/lib/dpkg', '/srv/dpkg']);
  const { code, report, stderr } = await scan('container', CONTAINER, '--only', 'packages');
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    report.packages
      .filter(({ type }) => type === 'npm')
      .map(({ name, locations }) => [name, locations[0]?.path]),
    [['written', '/srv/app/package-lock.json']],
  );
  assert.deepEqual(
    report.packages.filter(({ type }) => type === 'deb'),
    [],
  );
});

test('targets that do not exist end with exit code 3 and name what was asked for', async (t) => {
  if (!needs(t)) return;
  for (const [words, code] of [
    [['image', 'docker:gc-no-such-image:1'], 'GC_IMAGE_NOT_FOUND'],
    [['fs', join(FOLDER, 'none')], 'GC_TARGET_NOT_FOUND'],
    [['container', 'gc-no-such-container'], 'GC_CONTAINER_NOT_FOUND'],
    [['sbom', join(FOLDER, 'none.json')], 'GC_TARGET_NOT_FOUND'],
  ] as const) {
    const outcome = await scan(...words);
    assert.equal(outcome.code, 3, words.join(' '));
    assert.match(outcome.stderr, new RegExp(code));
  }
});

test('a container that does not run is told with the image to scan instead', async (t) => {
  if (!needs(t)) return;
  const name = `${CONTAINER}-created`;
  await command('docker', ['create', '--name', name, BUSYBOX_IMAGE, 'true']);
  try {
    const { code, stderr } = await scan('container', name);
    assert.equal(code, 2);
    assert.match(stderr, /GC_CONTAINER_NOT_RUNNING: the container is created/);
    assert.ok(stderr.includes(`guardcell scan image docker:${BUSYBOX_IMAGE}`), stderr);
  } finally {
    await command('docker', ['rm', '-f', name]);
  }
});

function lock(name: string): string {
  return JSON.stringify({
    name: 'app',
    lockfileVersion: 3,
    packages: { '': { name: 'app' }, [`node_modules/${name}`]: { version: '1.0.0' } },
  });
}

/** An archive as `docker save` writes it, with layers made of the given files. */
function writeArchive(
  file: string,
  layers: readonly Readonly<Record<string, string>>[],
  { wrongDiffId }: { readonly wrongDiffId?: number } = {},
): void {
  const folder = mkdtempSync(join(FOLDER, 'archive-'));
  const names: string[] = [];
  const diffIds: string[] = [];
  for (const [i, files] of layers.entries()) {
    const content = join(folder, `content-${i}`);
    mkdirSync(content);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(content, path, '..'), { recursive: true });
      writeFileSync(join(content, path), text);
    }
    const tar = execFileSync('tar', ['-C', content, '-c', '.']);
    writeFileSync(join(folder, `${i}.tar`), tar);
    names.push(`${i}.tar`);
    const digest = createHash('sha256')
      .update(i === wrongDiffId ? 'another' : tar)
      .digest('hex');
    diffIds.push(`sha256:${digest}`);
  }
  const config = {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: diffIds },
    config: {},
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: ['made:1'], Layers: names }];
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  execFileSync('tar', ['-C', folder, '-cf', file, 'manifest.json', 'config.json', ...names]);
}
