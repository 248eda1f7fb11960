// An image with a real application: every npm package, jar, Go module, gem and Python distribution in it is found with
// its version, as the ecosystems' own tools list them, each with the advisories that the feeds hold and no others.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { PackageType, ScanReport, VulnerabilityFinding } from '@guardcell/core';
import {
  boundOf,
  type Expected,
  expectedAdvisories,
  type GemRecord,
  type OsvRecord,
  type Subject,
  versionRanges,
} from '../support/advisory-oracle.ts';
import { compareSbom } from '../support/compare-sbom.ts';
import { debianProblem } from '../support/debian-root.ts';
import { type DockerAvailability, ensureDocker } from '../support/docker.ts';
import { gemsIn, goModulesIn, jarsIn, npmIn, pythonIn } from '../support/package-oracles.ts';
import { PROJECT_FILES } from '../support/project-files.ts';
import { buildTestDatabase, feedsProblem, rawRecords } from '../support/raw-feeds.ts';
import { tryCommand } from '../support/run-command.ts';
import { buildApplicationImage } from '../support/sample-application.ts';
import { scanReport } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-scan-application-'));
const IMAGE = 'gc-scan-application:1';
const FEEDS = [
  'npm-nodewg',
  'retirejs',
  'rubysec-gems',
  'osv-pypi',
  'osv-go',
  'osv-bitnami',
  'osv-crates',
  'php-advisories',
  'osv-mixed-cassettes',
  'maven-projectkb',
] as const;
const ECOSYSTEMS: Readonly<Partial<Record<PackageType, Subject['ecosystem']>>> = {
  npm: 'npm',
  pypi: 'PyPI',
  gem: 'RubyGems',
  maven: 'Maven',
  golang: 'Go',
  binary: 'Bitnami',
  cargo: 'crates.io',
  composer: 'Packagist',
  nuget: 'NuGet',
  swift: 'SwiftURL',
};

const PROJECTS = '/opt/projects/';

let problem = '';
let docker: DockerAvailability | undefined;
let report: ScanReport;

before(async () => {
  docker = await ensureDocker();
  problem = (docker.available ? await debianProblem() : docker.reason) || feedsProblem();
  if (problem !== '') return;
  await buildApplicationImage(FOLDER, IMAGE);
  const db = await buildTestDatabase(FOLDER, FEEDS);
  const only = ['--only', 'packages,vulnerabilities', '--no-cache', '--db', db];
  report = await scanReport(['image', `docker:${IMAGE}`, ...only], {}, ['GC_OS_NO_ADVISORIES']);
});

after(async () => {
  if (docker?.available === true) await tryCommand('docker', ['rmi', '-f', IMAGE]);
  await docker?.stop();
  rmSync(FOLDER, { recursive: true, force: true });
});

function can(t: TestContext): boolean {
  if (problem !== '') t.skip(problem);
  return problem === '';
}

/** Packages beside those of the project files, which have a test of their own. */
function found(type: PackageType): readonly string[] {
  const labels = report.packages
    .filter((one) => one.type === type && one.locations.some(({ path }) => !path.startsWith(PROJECTS)))
    .map(({ name, version }) => `${name} ${version}`);
  return [...new Set(labels)].sort();
}

const distinct = (labels: readonly string[]): readonly string[] => [...new Set(labels)].sort();

test('npm packages are those that npm lists', async (t) => {
  if (!can(t)) return;
  const listed = await npmIn(join(FOLDER, 'opt/shop'));
  assert.ok(listed.length > 80);
  const missing = listed.filter((label) => !found('npm').includes(label));
  assert.deepEqual(missing, []);
  // Beyond those, npm's lock names the packages for other platforms, which npm does not install.
  const more = report.packages.filter(
    ({ type, name, version }) => type === 'npm' && !listed.includes(`${name} ${version}`),
  );
  for (const { name, locations } of more) {
    assert.match(name, /^@esbuild\//);
    assert.ok(locations.every(({ path }) => path === '/opt/shop/package-lock.json'));
  }
});

test('gems are those that Ruby loads', async (t) => {
  if (!can(t)) return;
  const listed = distinct(await gemsIn(IMAGE));
  assert.ok(listed.length > 40);
  assert.deepEqual(found('gem'), listed);
});

test('Python distributions are those that Python finds', async (t) => {
  if (!can(t)) return;
  assert.deepEqual(found('pypi'), distinct(await pythonIn(IMAGE)));
});

test('jars have the coordinates that are written in them, or those of the repository that links to them', async (t) => {
  if (!can(t)) return;
  const jars = await jarsIn(IMAGE);
  const maven = report.packages.filter(({ type }) => type === 'maven');
  const names = new Set(found('maven'));
  assert.ok(jars.length > 60);
  for (const { path, inside, linked } of jars) {
    const missing = inside.filter((label) => !names.has(label));
    assert.deepEqual(missing, [], path);
    if (inside.length > 0) continue;
    const here = maven.filter(({ locations }) => locations.some((place) => place.path === path));
    assert.equal(here.length, 1, path);
    // Without a group no coordinates are claimed, but the version is known.
    for (const { name, version } of here) {
      const labels = linked.map((label) => (name.includes(':') ? label : (label.split(' ')[1] ?? '')));
      if (labels.length > 0)
        assert.ok(labels.includes(name.includes(':') ? `${name} ${version}` : version), path);
    }
  }
});

test('the Go program has the modules and the toolchain of its build', async (t) => {
  if (!can(t)) return;
  const program = join(FOLDER, 'opt/shop/node_modules/@esbuild/linux-x64/bin/esbuild');
  const listed = goModulesIn(program);
  assert.ok(listed.length > 1);
  assert.deepEqual(found('golang'), distinct(listed));
});

test('servers that no package manager knows are found by their version', async (t) => {
  if (!can(t)) return;
  const unowned = report.packages.filter(({ type, ownedBy }) => type === 'binary' && ownedBy === undefined);
  const labels = unowned.map(({ name, version }) => `${name} ${version}`).sort();
  assert.deepEqual(labels, ['nginx 1.18.0', 'redis 6.0.16']);
});

test('lock files and manifests of every ecosystem say what their tools wrote into them', async (t) => {
  if (!can(t)) return;
  for (const { path, says } of PROJECT_FILES) {
    const here = report.packages.filter(({ locations }) =>
      locations.some((place) => place.path === `${PROJECTS}${path}`),
    );
    assert.deepEqual(here.map(({ type, name, version }) => `${type} ${name} ${version}`).sort(), says, path);
  }
});

/** Findings of language packages and servers, by the package they are about. */
function byPackage(): ReadonlyMap<string, readonly VulnerabilityFinding[]> {
  const types = new Map(report.packages.map((one) => [one.purl, one]));
  return Map.groupBy(report.vulnerabilities, (finding) => {
    const one = types.get(finding.package);
    assert.ok(one !== undefined);
    return `${ECOSYSTEMS[one.type]} ${one.name} ${one.version}`;
  });
}

const namesOf = ({ id, aliases }: VulnerabilityFinding): readonly string[] => [id, ...aliases];

test('each package has the advisories that the feeds hold, and no others', async (t) => {
  if (!can(t)) return;
  // What belongs to packages of Debian is Debian's to judge, which these feeds do not.
  const subjects = report.packages.flatMap(({ type, name, version, ownedBy }): readonly Subject[] => {
    const ecosystem = ECOSYSTEMS[type];
    return ecosystem === undefined || ownedBy !== undefined ? [] : [{ ecosystem, name, version }];
  });
  const expected = await expectedAdvisories(IMAGE, subjects);
  const findings = byPackage();
  const missing = expected.filter(({ ecosystem, name, version, ids }) => {
    const those = findings.get(`${ecosystem} ${name} ${version}`) ?? [];
    return !those.some((finding) => namesOf(finding).some((id) => ids.includes(id)));
  });
  assert.deepEqual(missing, []);
  const byKey = Map.groupBy(expected, ({ ecosystem, name, version }) => `${ecosystem} ${name} ${version}`);
  const unexpected = [...findings].flatMap(([key, those]) =>
    those
      .filter(
        (finding) =>
          !(byKey.get(key) ?? []).some(({ ids }) => namesOf(finding).some((id) => ids.includes(id))),
      )
      .map((finding) => `${key} ${finding.id} ${finding.explain.feed} ${finding.explain.range}`),
  );
  assert.deepEqual(unexpected, []);
  const counts = Map.groupBy(expected, ({ ecosystem }) => ecosystem);
  for (const [ecosystem, least] of Object.entries({
    npm: 20,
    PyPI: 5,
    RubyGems: 10,
    Maven: 5,
    Go: 20,
    Bitnami: 5,
    'crates.io': 3,
    Packagist: 3,
    NuGet: 3,
    SwiftURL: 1,
  })) {
    const those: readonly Expected[] = counts.get(ecosystem as Subject['ecosystem']) ?? [];
    assert.ok(those.length >= least, `${ecosystem}: ${those.length}`);
  }
});

const PEP440 = /^\d+(?:\.\d+)*(?:(?:a|b|rc|\.post|\.dev)\d+)*$/;

/** Bounds of PyPI's advisories and versions just below them; packages with bounds that are no versions are left out. */
function pythonBounds(): readonly Subject[] {
  const all = rawRecords<OsvRecord>('osv-pypi').flatMap(({ affected = [] }) => affected);
  const unreadable = new Set(
    all
      .filter((one) =>
        versionRanges(one).some(({ events }) => !events.map(boundOf).every((bound) => PEP440.test(bound))),
      )
      .map((one) => one.package?.name),
  );
  // Wagtail's intervals overlap (0 to 2.11.6, 2.11 to 2.11.7): OSV's evaluation ends both at the first fix, we do not.
  unreadable.add('wagtail');
  return all
    .filter((one) => !unreadable.has(one.package?.name))
    .flatMap((one) =>
      versionRanges(one)
        .flatMap(({ events }) => events.map(boundOf))
        .filter((bound) => /^\d+(?:\.\d+)*$/.test(bound))
        .flatMap((bound) => [bound, `${bound}.dev0`])
        .map((version): Subject => ({ ecosystem: 'PyPI', name: one.package?.name ?? '', version })),
    );
}

/** Versions that requirements of gem advisories name, and versions just below them. */
function gemBounds(): readonly Subject[] {
  return rawRecords<GemRecord>('rubysec-gems').flatMap(
    ({ gem = '', patched_versions: patched = [], unaffected_versions: unaffected = [] }) =>
      (gem === '' ? [] : [...patched, ...unaffected])
        .flatMap((requirement) => requirement.match(/\d+(?:\.\d+)+/g) ?? [])
        .flatMap((bound) => [bound, `${bound}.pre`])
        .map((version): Subject => ({ ecosystem: 'RubyGems', name: gem, version })),
  );
}

for (const [ecosystem, type, feed, bounds] of [
  ['PyPI', 'pypi', 'osv-pypi', pythonBounds],
  ['RubyGems', 'gem', 'rubysec-gems', gemBounds],
] as const) {
  test(`${ecosystem}: every bound of every advisory decides as its own tools order versions`, async (t) => {
    if (!can(t)) return;
    const subjects = [...new Map(bounds().map((one) => [`${one.name} ${one.version}`, one])).values()];
    const db = await buildTestDatabase(join(FOLDER, feed), [feed]);
    const expected = await expectedAdvisories(IMAGE, subjects, ecosystem === 'PyPI' ? [feed] : []);
    await compareSbom(join(FOLDER, `${feed}.cdx.json`), type, subjects, db, expected);
  });
}
