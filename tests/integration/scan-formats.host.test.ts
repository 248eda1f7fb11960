// Every output format of a real image with a real application: valid by the published schemas, complete, and SBOMs that
// give the same vulnerabilities when they are scanned again.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ScanReport } from '@guardcell/core';
import { debianProblem, debianRoot } from '../support/debian-root.ts';
import { FORMAT_CHECKS } from '../support/report-schemas.ts';
import { command } from '../support/run-command.ts';
import { layOutApplication } from '../support/sample-application.ts';
import { guardcell, scanReport } from '../support/scan-cli.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-scan-formats-'));
const ROOT = join(FOLDER, 'root');
let problem = '';
let report: ScanReport;

/** The shipped database holds no data of Debian: that is a gap, and said. */
const UNJUDGED = ['GC_OS_NO_ADVISORIES'];

/** Without the part that reads every byte, which no format depends on. */
const PARTS = ['--only', 'packages,vulnerabilities,secrets,misconfig,licenses'];

before(async () => {
  problem = await debianProblem();
  if (problem !== '') return;
  await layOutApplication(ROOT);
  const system = ['./var/lib/dpkg', './usr/lib/os-release', './etc/os-release'];
  await command('tar', ['-xf', await debianRoot('bookworm'), '-C', ROOT, ...system]);
  report = await scanReport(['fs', ROOT, ...PARTS], {}, UNJUDGED);
});

after(() => rmSync(FOLDER, { recursive: true, force: true }));

async function written(format: string): Promise<string> {
  const { code, stdout, stderr } = await guardcell(['scan', 'fs', ROOT, ...PARTS, '-o', format]);
  assert.equal(code, 6, stderr);
  return stdout;
}

for (const [format, check] of Object.entries(FORMAT_CHECKS)) {
  test(`${format} of a real application fits its schema`, async (t) => {
    if (problem !== '') return t.skip(problem);
    await check(await written(format));
  });
}

test('the other formats name every vulnerability', async (t) => {
  if (problem !== '') return t.skip(problem);
  assert.ok(report.vulnerabilities.length > 100);
  const ids = new Set(report.vulnerabilities.map(({ id }) => id));
  for (const format of ['table', 'html', 'sarif', 'junit', 'gitlab-dependency', 'cyclonedx']) {
    const text = await written(format);
    const missing = [...ids].filter((id) => !text.includes(id));
    assert.deepEqual(missing, [], format);
  }
  const quality = JSON.parse(await written('gitlab-codequality')) as readonly {
    readonly fingerprint: string;
  }[];
  assert.equal(new Set(quality.map(({ fingerprint }) => fingerprint)).size, quality.length);
});

/** What GitLab's schema 15 demands of every report. */
interface GitlabReport {
  readonly version: string;
  readonly scan: Readonly<Record<string, unknown>>;
  readonly vulnerabilities: readonly {
    readonly id: string;
    readonly severity: string;
    readonly identifiers: readonly { readonly type: string; readonly name: string; readonly value: string }[];
    readonly location: Readonly<Record<string, unknown>>;
  }[];
}

test('the security reports of GitLab have what schema 15 demands', async (t) => {
  if (problem !== '') return t.skip(problem);
  const places = {
    'gitlab-container': ['dependency', 'operating_system', 'image'],
    'gitlab-dependency': ['dependency', 'file'],
    'gitlab-secrets': ['file', 'start_line', 'commit'],
  };
  for (const [format, members] of Object.entries(places)) {
    const { version, scan, vulnerabilities } = JSON.parse(await written(format)) as GitlabReport;
    assert.match(version, /^15\.\d+\.\d+$/);
    for (const name of ['analyzer', 'scanner', 'type', 'start_time', 'end_time', 'status'])
      assert.ok(name in scan, `${format} ${name}`);
    const open = report.secrets.filter(({ suppressed }) => suppressed === undefined).length;
    if (format === 'gitlab-secrets') assert.equal(vulnerabilities.length, open);
    else assert.ok(vulnerabilities.length >= report.vulnerabilities.length, format);
    assert.equal(new Set(vulnerabilities.map(({ id }) => id)).size, vulnerabilities.length, format);
    for (const one of vulnerabilities) {
      assert.match(one.severity, /^(?:Critical|High|Medium|Low|Info|Unknown)$/);
      assert.ok(one.identifiers.length > 0 && one.identifiers.length <= 20);
      for (const member of members) assert.ok(member in one.location, `${format} ${member}`);
    }
  }
});

test('a template gives a line for every vulnerability', async (t) => {
  if (problem !== '') return t.skip(problem);
  const file = join(FOLDER, 'lines.tpl');
  writeFileSync(file, '{{#vulnerabilities}}{{id}} {{package}}\n{{/vulnerabilities}}');
  const { code, stdout } = await guardcell([
    'scan',
    'fs',
    ROOT,
    ...PARTS,
    '-o',
    'template',
    '--template',
    file,
  ]);
  assert.equal(code, 6);
  const lines = stdout.split('\n').filter((line) => line !== '');
  assert.equal(lines.length, report.vulnerabilities.length);
});

/** What a scan says of packages and their vulnerabilities, without where they were found. */
function facts({ packages, vulnerabilities }: ScanReport): unknown {
  return {
    packages: packages.map(({ purl, version }) => `${purl} ${version}`).sort(),
    vulnerabilities: vulnerabilities
      .map(({ id, package: purl, fixed, severity, status }) => `${purl} ${id} ${fixed} ${severity} ${status}`)
      .sort(),
  };
}

for (const format of ['cyclonedx', 'cyclonedx-xml', 'spdx', 'spdx-json']) {
  test(`an SBOM as ${format} has the same packages and vulnerabilities when it is scanned`, async (t) => {
    if (problem !== '') return t.skip(problem);
    const file = join(FOLDER, `sbom.${format}`);
    writeFileSync(file, await written(format));
    const again = await scanReport(['sbom', file, '--only', 'packages,vulnerabilities'], {}, UNJUDGED);
    assert.deepEqual(facts(again), facts(report));
    assert.deepEqual(again.artifact.os, report.artifact.os);
  });
}
