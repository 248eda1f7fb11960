// Scans of folders and SBOMs with a small database: what is reported, what is left out, and what failing parts do.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { AdvisorySource, AffectedPackage, ScanReport, VulnerabilityFacts } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { parseScanParts, scanTarget } from './index.ts';

const LOCK = JSON.stringify({
  name: 'app',
  lockfileVersion: 3,
  packages: { '': { name: 'app' }, 'node_modules/left': { version: '1.0.0', license: 'MIT' } },
});
const AFFECTED: AffectedPackage = {
  vulnerability: 'CVE-2026-1',
  advisory: 'GHSA-1',
  feed: 'osv-npm',
  ecosystem: 'npm',
  name: 'left',
  scheme: 'npm',
  ranges: [{ introduced: '0', fixed: '1.0.1', lastAffected: '' }],
  versions: [],
  status: 'fixed',
  statusNote: '',
};
const FACTS: VulnerabilityFacts = {
  id: 'CVE-2026-1',
  aliases: ['GHSA-1'],
  summary: 'it breaks',
  cvss: [],
  cwe: [],
  references: [],
  published: '',
  withdrawn: false,
};
const ADVISORIES: AdvisorySource = {
  affected: (ecosystem, name) => (ecosystem === 'npm' && name === 'left' ? [AFFECTED] : []),
  facts: (id) => (id === 'CVE-2026-1' ? FACTS : undefined),
  ecosystems: new Set(['npm']),
  revision: '1',
};
// Put together here, so that scanners of this repository do not find it.
const TOKEN = `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;

/** The folders of these tests are in no repository of git: a scan of one says so. */
function codesOf({ errors }: ScanReport): readonly string[] {
  return errors.map(({ code }) => code);
}

function project(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'gc-scan-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, '.git'));
  writeFileSync(join(root, 'package-lock.json'), LOCK);
  writeFileSync(join(root, 'deploy.env'), `TOKEN=${TOKEN}\n`);
  writeFileSync(join(root, '.git', 'config'), `token = ${TOKEN}\n`);
  return root;
}

test('a folder gives packages, what is known of them, secrets and licences', async (t) => {
  const path = project(t);
  const report = await scanTarget(
    { kind: 'repository', path },
    { advisories: () => ADVISORIES, nowMs: () => Date.UTC(2026, 0, 2) },
  );
  assert.equal(report.schemaVersion, 1);
  assert.equal(report.createdAt, '2026-01-02T00:00:00.000Z');
  assert.deepEqual([report.artifact.kind, report.artifact.name], ['repository', path]);
  assert.deepEqual(
    report.packages.map(({ purl }) => purl),
    ['pkg:npm/left@1.0.0'],
  );
  assert.deepEqual(
    report.vulnerabilities.map(({ id, installed, fixed }) => [id, installed, fixed]),
    [['CVE-2026-1', '1.0.0', '1.0.1']],
  );
  assert.deepEqual(
    report.secrets.map((one) => [one.path, one.line]),
    [['/deploy.env', 1]],
  );
  assert.ok(!JSON.stringify(report).includes(TOKEN), 'the secret itself is nowhere in the report');
  assert.deepEqual(
    report.licenses.map(({ expression }) => expression),
    ['MIT'],
  );
  assert.deepEqual(codesOf(report), ['GC_HISTORY_NONE']);
});

test('only what is asked for is reported, and the database is not opened in vain', async (t) => {
  const path = project(t);
  const advisories = (): never => assert.fail('opened');
  const report = await scanTarget(
    { kind: 'repository', path },
    { only: parseScanParts('secrets'), advisories },
  );
  assert.deepEqual([report.packages, report.licenses, codesOf(report)], [[], [], ['GC_HISTORY_NONE']]);
  assert.equal(report.secrets.length, 1);
  const matched = await scanTarget(
    { kind: 'repository', path },
    { only: parseScanParts('vulnerabilities'), advisories: () => ADVISORIES },
  );
  assert.deepEqual(
    [matched.packages.length, matched.vulnerabilities.length, matched.secrets.length],
    [0, 1, 0],
  );
});

test('a part that fails is an error of the report; the others stand', async (t) => {
  const path = project(t);
  writeFileSync(join(path, 'yarn.lock'), '\u0000 not a lock');
  const report = await scanTarget(
    { kind: 'repository', path },
    {
      advisories: () => {
        throw new CodedError('GC_DB_INVALID', 'damaged', { at: 'the file' });
      },
    },
  );
  assert.ok(report.errors.some(({ code, at }) => code === 'GC_DB_INVALID' && at === 'the file'));
  assert.ok(report.packages.some(({ name }) => name === 'left'));
  assert.equal(report.secrets.length, 1);
});

test('without a database packages are listed, and it is said that nobody judged them', async (t) => {
  const report = await scanTarget({ kind: 'filesystem', path: project(t) });
  assert.deepEqual(
    report.errors.map(({ code }) => code),
    ['GC_DB_MISSING'],
  );
  assert.equal(report.packages.length, 1);
});

test('an SBOM is matched like its artifact', async (t) => {
  const file = join(project(t), 'bom.json');
  const component = { type: 'library', name: 'left', version: '1.0.0', purl: 'pkg:npm/left@1.0.0' };
  writeFileSync(
    file,
    JSON.stringify({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [
        component,
        { type: 'library', name: 'a', version: '1' },
        // The same name in an ecosystem whose versions nobody orders.
        { type: 'library', name: 'left', version: '1.0.0', purl: 'pkg:cran/left@1.0.0' },
      ],
    }),
  );
  const report = await scanTarget({ kind: 'sbom', path: file }, { advisories: () => ADVISORIES });
  assert.deepEqual(
    report.errors.map(({ code, level, message }) => `${code} ${level} ${message.slice(0, 17)}`),
    ['GC_SBOM_UNKNOWN note 2 components have'],
  );
  assert.deepEqual(
    report.vulnerabilities.map(({ id }) => id),
    ['CVE-2026-1'],
  );
  assert.equal(report.artifact.kind, 'sbom');
  // A redirection in PowerShell makes UTF-16 of it.
  writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`, 'utf16le');
  const again = await scanTarget({ kind: 'sbom', path: file }, { advisories: () => ADVISORIES });
  assert.deepEqual(again.packages, report.packages);
});

test('targets that cannot be read at all, and unknown parts, are coded errors', async (t) => {
  const root = project(t);
  const missing = join(root, 'none');
  await assert.rejects(scanTarget({ kind: 'filesystem', path: missing }), { code: 'GC_TARGET_NOT_FOUND' });
  await assert.rejects(scanTarget({ kind: 'sbom', path: missing }), { code: 'GC_TARGET_NOT_FOUND' });
  await assert.rejects(scanTarget({ kind: 'sbom', path: join(root, 'deploy.env') }), {
    code: 'GC_SBOM_MALFORMED',
  });
  await assert.rejects(scanTarget({ kind: 'filesystem', path: join(root, 'deploy.env') }), {
    code: 'GC_USAGE',
  });
  assert.throws(() => parseScanParts('packages,nonsense'), { code: 'GC_USAGE' });
});

test('a scan that is called off ends at once', async (t) => {
  const stop = new AbortController();
  stop.abort(new Error('called off'));
  await assert.rejects(
    scanTarget(
      { kind: 'filesystem', path: project(t) },
      { signal: stop.signal, advisories: () => ADVISORIES },
    ),
    /called off/,
  );
});

test('ignore rules silence vulnerabilities and secrets with their reason; those that ended are told', async (t) => {
  const rule = { packages: [], paths: [], reason: 'known' };
  const rules = [
    { ...rule, ids: ['CVE-2026-*'], at: 'ignore[0]' },
    { ...rule, ids: [], paths: ['/deploy.env'], at: 'ignore[1]' },
    { ...rule, ids: ['CVE-1'], until: '2025-01-01', at: 'ignore[2]' },
  ];
  const report = await scanTarget(
    { kind: 'repository', path: project(t) },
    { advisories: () => ADVISORIES, decisions: { rules, vex: [] }, nowMs: () => Date.UTC(2026, 0, 2) },
  );
  assert.deepEqual(
    report.vulnerabilities.map(({ suppressed }) => suppressed?.reason),
    ['known'],
  );
  assert.deepEqual(
    report.secrets.map(({ suppressed }) => suppressed?.by),
    ['ignore rule ignore[1]'],
  );
  assert.deepEqual(
    report.errors.filter(({ code }) => code !== 'GC_HISTORY_NONE').map(({ code, at }) => [code, at]),
    [['GC_IGNORE_EXPIRED', 'ignore[2]']],
  );
});

test('configuration files of a project are checked, those of installed packages are not', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'gc-scan-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'node_modules/x'), { recursive: true });
  for (const folder of ['', 'node_modules/x'])
    writeFileSync(join(root, folder, 'Dockerfile'), 'FROM nginx:latest\nRUN curl http://x | sh\n');
  const report = await scanTarget({ kind: 'filesystem', path: root }, { only: new Set(['misconfig']) });
  assert.deepEqual([...new Set(report.misconfigurations.map(({ path }) => path))], ['/Dockerfile']);
  assert.ok(
    report.misconfigurations.some(({ check, startLine }) => check === 'GC-DOCKER-008' && startLine === 2),
  );
  assert.deepEqual(report.errors, []);
});

test('charts are checked as their default values render them; what helm alone can render is a note', async (t) => {
  const root = project(t);
  mkdirSync(join(root, 'chart/templates'), { recursive: true });
  writeFileSync(join(root, 'chart/Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  writeFileSync(join(root, 'chart/values.yaml'), 'security: { privileged: true }\n');
  const pod = [
    'apiVersion: v1',
    'kind: Pod',
    'metadata: { name: {{ .Chart.Name }} }',
    'spec:',
    '  containers:',
    '    - name: web',
    '      securityContext:',
    '        {{- toYaml .Values.security | nindent 8 }}',
  ];
  writeFileSync(join(root, 'chart/templates/pod.yaml'), pod.join('\n'));
  writeFileSync(join(root, 'chart/templates/key.yaml'), 'a: {{ genPrivateKey "rsa" }}\n');
  writeFileSync(join(root, 'loose.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata: { name: {{ name }} }\n');
  const report = await scanTarget({ kind: 'repository', path: root }, { only: parseScanParts('misconfig') });
  const privileged = report.misconfigurations.find(({ check }) => check === 'GC-K8S-004');
  assert.deepEqual([privileged?.path, privileged?.startLine], ['/chart/templates/pod.yaml', 8]);
  assert.deepEqual(report.errors.map(({ code, level, at }) => `${code} ${level} ${at}`).sort(), [
    'GC_TEMPLATE_NOT_RENDERED note /chart/templates/key.yaml',
    'GC_TEMPLATE_NOT_RENDERED note /loose.yaml',
  ]);
});
