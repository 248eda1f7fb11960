// Three real Debian releases, with layers that take packages away, wherever an image can be: every target lists exactly
// what dpkg lists.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { containerdProblem, startContainerd, type TestContainerd } from '../support/containerd.ts';
import { DEBIAN_RELEASES, type DebianRelease, debianProblem, debianRoot } from '../support/debian-root.ts';
import { type DockerAvailability, ensureDocker, ensureImage, runContainer } from '../support/docker.ts';
import { PAUSE_IMAGE } from '../support/images.ts';
import { registryProblem, startRegistry, type TestRegistry } from '../support/registry.ts';
import { command, tryCommand } from '../support/run-command.ts';
import { guardcell, packageLines, scanReport } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-scan-debian-'));
const MINUTE_MS = 60_000;
let problem = '';
let docker: DockerAvailability | undefined;
let registry: TestRegistry | undefined;
let containerd: TestContainerd | undefined;

before(async () => {
  docker = await ensureDocker();
  problem = docker.available ? await debianProblem() : docker.reason;
  problem ||= (await registryProblem()) || containerdProblem();
  if (problem !== '') return;
  await ensureImage(PAUSE_IMAGE);
  registry = await startRegistry();
  containerd = await startContainerd(PAUSE_IMAGE);
});

after(async () => {
  await containerd?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
  for (const release of DEBIAN_RELEASES) await tryCommand('docker', ['rmi', '-f', ...namesOf(release)]);
  await docker?.stop();
  rmSync(FOLDER, { recursive: true, force: true });
});

const namesOf = (release: DebianRelease): readonly string[] => [
  `gc-scan-debian:${release}`,
  `gc-scan-debian-step:${release}`,
  `gc-scan-debian-base:${release}`,
];

/**
 * What happens to images in practice: one package removed (dpkg remembers it for its configuration), one purged, a
 * folder replaced as a whole, so that layers have whiteouts of both kinds.
 */
const STEPS = [
  'dpkg --remove --force-all apt && dpkg --purge --force-all debian-archive-keyring',
  'rm -rf /usr/share/doc && mkdir /usr/share/doc && echo replaced > /usr/share/doc/README',
];

async function commit(from: string, script: string, to: string): Promise<void> {
  const container = `${to.replaceAll(/[:/]/g, '-')}-${process.pid}`;
  try {
    await command('docker', [
      'run',
      '--name',
      container,
      '--network',
      'none',
      from,
      '/bin/sh',
      '-ec',
      script,
    ]);
    await command('docker', ['commit', container, to], { timeoutMs: MINUTE_MS });
  } finally {
    await tryCommand('docker', ['rm', '-f', container]);
  }
}

async function makeImage(release: DebianRelease): Promise<string> {
  const [image = '', step = '', base = ''] = namesOf(release);
  const archive = await debianRoot(release);
  await command('docker', ['import', archive, base], { timeoutMs: 2 * MINUTE_MS });
  await commit(base, STEPS[0] ?? '', step);
  await commit(step, STEPS[1] ?? '', image);
  return image;
}

async function dpkgList(image: string): Promise<readonly string[]> {
  const format = '${db:Status-Abbrev} ${Package} ${Version} ${Architecture}\n';
  const listed = await command('docker', ['run', '--rm', image, 'dpkg-query', '-W', '-f', format]);
  const lines = listed.split('\n');
  // The removed package is still in dpkg's database, as one that is not installed.
  assert.ok(lines.some((line) => line.startsWith('rc  apt ')));
  return lines
    .filter((line) => /^.i/.test(line))
    .map((line) => line.slice(4).trim())
    .sort();
}

/** Names of the whiteouts in the layers of an archive, so that the test is known to have some of both kinds. */
async function whiteoutsOf(saved: string): Promise<readonly string[]> {
  const members = (await command('tar', ['-tf', saved]))
    .split('\n')
    .filter((name) => name.endsWith('layer.tar'));
  const names: string[] = [];
  for (const member of members) {
    const listed = await command('sh', ['-c', 'tar -xOf "$1" "$2" | tar -t', 'sh', saved, member]);
    names.push(...listed.split('\n').filter((name) => name.includes('.wh.')));
  }
  return names;
}

interface Place {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The same image in every place and form that the product reads. */
async function places(release: DebianRelease, image: string): Promise<Readonly<Record<string, Place>>> {
  assert.ok(registry !== undefined && containerd !== undefined);
  const folder = join(FOLDER, release);
  const root = join(folder, 'root');
  mkdirSync(root, { recursive: true });
  const saved = join(folder, 'saved.tar');
  await command('docker', ['save', '-o', saved, image], { timeoutMs: MINUTE_MS });
  const copy = (...words: readonly string[]): Promise<string> =>
    command('skopeo', ['copy', '--quiet', ...words], { timeoutMs: 2 * MINUTE_MS });
  const layout = join(folder, 'layout');
  await copy(`docker-archive:${saved}`, `oci:${layout}:gzip`);
  await copy('--dest-compress-format', 'zstd', `docker-archive:${saved}`, `oci:${layout}:zstd`);
  assert.match(await command('skopeo', ['inspect', '--raw', `oci:${layout}:zstd`]), /layer\.v1\.tar\+zstd/);
  const whiteouts = await whiteoutsOf(saved);
  assert.ok(whiteouts.some((name) => name.endsWith('usr/share/doc/.wh..wh..opq')));
  assert.ok(whiteouts.some((name) => name.endsWith('usr/bin/.wh.apt')));
  const archive = join(folder, 'layout.tar');
  await copy(`oci:${layout}:zstd`, `oci-archive:${archive}:one`);
  await registry.push(`oci:${layout}:zstd`, `debian:${release}`);
  const inContainerd = await containerd.importImage('default', image);
  const container = await runContainer({
    image,
    args: ['--network', 'none'],
    command: ['/bin/sleep', '1000'],
    name: 'gc-scan-debian',
  });
  running.push(container);
  const exported = join(folder, 'exported.tar');
  await command('docker', ['export', '-o', exported, container.id], { timeoutMs: MINUTE_MS });
  await command('tar', ['-xf', exported, '-C', root, '--exclude=dev/*'], { timeoutMs: MINUTE_MS });
  return {
    docker: { words: ['image', `docker:${image}`] },
    'docker-archive': { words: ['image', `docker-archive:${saved}`] },
    'oci, gzip': { words: ['image', `oci:${layout}:gzip`] },
    'oci, zstd': { words: ['image', `oci:${layout}:zstd`] },
    'oci-archive': { words: ['image', `oci-archive:${archive}`] },
    registry: { words: ['image', `${registry.host}/debian:${release}`, '--plain-http'] },
    containerd: {
      words: ['image', `containerd:${inContainerd}`],
      env: { CONTAINERD_ADDRESS: containerd.socket },
    },
    container: { words: ['container', container.name] },
    fs: { words: ['fs', root] },
  };
}

const running: AsyncDisposable[] = [];

async function checkRelease(t: TestContext, release: DebianRelease): Promise<void> {
  const image = await makeImage(release);
  const expected = await dpkgList(image);
  assert.ok(expected.length > 50);
  const versions = { bullseye: '11', bookworm: '12', trixie: '13' };
  try {
    for (const [place, { words, env }] of Object.entries(await places(release, image))) {
      await t.test(`${release} in ${place}`, async () => {
        const isImage = words[0] === 'image';
        const report = await scanReport(
          [...words, '--only', 'packages', ...(isImage ? ['--no-cache'] : [])],
          env,
        );
        assert.deepEqual(packageLines(report, 'deb'), expected);
        assert.deepEqual(report.errors, []);
        assert.equal(report.artifact.os?.versionId.split('.')[0], versions[release]);
        if (isImage) assert.equal(report.artifact.layers.length, 3);
      });
    }
    for (const format of ['cyclonedx', 'spdx']) {
      await t.test(`${release} in an SBOM, ${format}`, async () => {
        const made = await guardcell([
          'scan',
          'image',
          `docker:${image}`,
          '--only',
          'packages',
          '-o',
          format,
        ]);
        assert.equal(made.code, 0, made.stderr);
        const file = join(FOLDER, `${release}.${format}.json`);
        writeFileSync(file, made.stdout);
        const report = await scanReport(['sbom', file, '--only', 'packages']);
        assert.deepEqual(packageLines(report, 'deb'), expected);
      });
    }
  } finally {
    for (const one of running.splice(0)) await one[Symbol.asyncDispose]();
  }
}

test('this machine lists exactly what its dpkg lists', async (t) => {
  if (problem !== '') return t.skip(problem);
  const format = '${db:Status-Abbrev} ${Package} ${Version} ${Architecture}\n';
  const listed = await command('dpkg-query', ['-W', '-f', format]);
  const expected = listed.split('\n').filter((line) => /^.i/.test(line));
  const outcome = await guardcell(['scan', 'host', '--only', 'packages', '--one-file-system', '-o', 'json']);
  // Some other part of the machine may be beyond the limits (6); that says nothing of dpkg's packages.
  assert.ok(outcome.code === 0 || outcome.code === 6, outcome.stderr);
  const report = JSON.parse(outcome.stdout) as ScanReport;
  assert.deepEqual(packageLines(report, 'deb'), expected.map((line) => line.slice(4).trim()).sort());
});

for (const release of DEBIAN_RELEASES) {
  test(`Debian ${release}: every target lists exactly what dpkg lists`, async (t) => {
    if (problem !== '') return t.skip(problem);
    await checkRelease(t, release);
  });
}
