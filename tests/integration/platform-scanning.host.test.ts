// The platform scans a real registry: jobs, what is known, what a new database brings, accepted risks, files, restarts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeLayout } from '../support/oci-layout.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { REGISTRY_ACCOUNT, registryProblem, startRegistry, type TestRegistry } from '../support/registry.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-platform-scan-'));
const DATA = join(FOLDER, 'data');
const FEEDS = join(FOLDER, 'feeds');
const CRITICAL = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const PASSWORD = REGISTRY_ACCOUNT.password;
let registry: TestRegistry | undefined;
let platform: Platform | undefined;
let problem = '';

interface Job {
  readonly id: string;
  readonly state: string;
  readonly target: string;
  readonly startedBy: string;
  readonly errorCode: string;
  readonly detail: string;
  readonly progress: Readonly<Record<'total' | 'done' | 'scanned' | 'skipped' | 'failed', number>>;
  readonly problems: readonly { readonly code: string }[];
}
interface Listed<Item> {
  readonly items: readonly Item[];
}
interface Summary {
  readonly id: string;
  readonly name: string;
  readonly references: readonly string[];
  readonly registries: readonly string[];
  readonly matchedAt: string;
  readonly vulnerabilities: { readonly critical: number; readonly high: number };
}

function skip(): string | false {
  return problem === '' ? false : problem;
}

function api<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
  if (platform === undefined) throw new Error('there is no platform');
  return callApi<Reply>(platform, method, `/api/v1${path}`, body);
}

async function status(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; code: string }> {
  const response = await fetch(`${platform?.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${platform?.token()}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { code = '' } = (await response.json()) as { code?: string };
  return { status: response.status, code };
}

/** An npm package of this version, alone in an image. */
function image(name: string, version: string): string {
  const folder = join(FOLDER, `${name}-${version}`);
  const root = join(folder, 'root/app/node_modules/demo');
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'demo', version, description: name }));
  writeLayout(join(folder, 'layout'), 'x', { layers: [join(folder, 'root')] });
  return `oci:${join(folder, 'layout')}:x`;
}

function advisory(id: string, score: string, fixed: string): object {
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }];
  return {
    id,
    modified: '2030-01-01T00:00:00Z',
    summary: `something in demo before ${fixed}`,
    severity: [{ type: 'CVSS_V3', score }],
    affected: [{ package: { ecosystem: 'npm', name: 'demo' }, ranges }],
  };
}

/** Writes the database as `guardcell db build` does for whoever keeps their own. */
async function buildDatabase(...advisories: readonly object[]): Promise<void> {
  mkdirSync(FEEDS, { recursive: true });
  writeFileSync(join(FEEDS, 'osv-npm.json'), JSON.stringify(advisories));
  const built = await platform?.cli('db', 'build', '--feeds', FEEDS);
  assert.equal(built?.code, 0, built?.err ?? '');
}

const input = (more: object = {}): object => ({
  url: `https://${registry?.host}`,
  username: REGISTRY_ACCOUNT.username,
  password: PASSWORD,
  ca: readFileSync(registry?.caFile ?? '', 'utf8'),
  allowInsecure: false,
  repositories: [],
  exclude: [],
  tags: [],
  newestTags: 0,
  enabled: false,
  everyMinutes: 60,
  ...more,
});

function ended(id: string): Promise<Job> {
  return eventually('the job ends', 60_000, async () => {
    const job = await api<Job>('GET', `/scan-jobs/${id}`);
    return ['waiting', 'running'].includes(job.state) ? undefined : job;
  });
}

async function scan(name: string, query = ''): Promise<Job> {
  const { id } = await api<Job>('POST', `/registries/${name}/scan${query}`);
  return ended(id);
}

before(async () => {
  problem = await registryProblem();
  if (problem !== '') return;
  registry = await startRegistry(true);
  await registry.push(image('web', '1.0.0'), 'shop/web:1');
  await registry.push(image('web', '2.0.0'), 'shop/web:2');
  await registry.push(image('web', '2.0.0'), 'shop/web:latest');
  await registry.push(image('tool', '1.5.0'), 'team/tool:1');
  platform = await startPlatform({ dataDir: DATA, args: ['--no-sensor'] });
  // Only what the registry holds is looked at here, whatever else runs on the machine.
  const settings = await api<{ scanning: object }>('GET', '/settings');
  const scanning = { ...settings.scanning, containers: false, hosts: false };
  await api('PUT', '/settings', { ...settings, scanning });
});

after(async () => {
  await platform?.stop();
  await registry?.[Symbol.asyncDispose]();
  rmSync(FOLDER, { recursive: true, force: true });
});

test('a registry is checked and saved; its password is nowhere but in its file', async (t) => {
  if (skip() !== false) return t.skip(problem);
  const good = await api<{ ok: boolean; repositories: readonly string[] }>(
    'POST',
    '/registries/lab/check',
    input(),
  );
  assert.deepEqual([good.ok, good.repositories], [true, ['shop/web', 'team/tool']]);
  const bad = await api<{ ok: boolean; code: string }>(
    'POST',
    '/registries/lab/check',
    input({ password: 'wrong' }),
  );
  assert.deepEqual([bad.ok, bad.code], [false, 'GC_REGISTRY_AUTH']);
  const untrusted = await api<{ ok: boolean; code: string }>(
    'POST',
    '/registries/lab/check',
    input({ ca: '' }),
  );
  assert.equal(untrusted.ok, false);
  const saved = await api<object>('PUT', '/registries/lab', input());
  assert.deepEqual(
    [(saved as { passwordSet: boolean }).passwordSet, JSON.stringify(saved).includes(PASSWORD)],
    [true, false],
  );
  const folder = join(DATA, 'secrets/registries');
  const [file = ''] = readdirSync(folder);
  assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
  // The password is not kept for another address, nor for another user.
  const { password: _password, ...without } = input({ url: 'https://127.0.0.1:1' }) as { password: string };
  assert.equal((await status('PUT', '/registries/lab', without)).code, 'GC_INVALID_REQUEST');
  const { password: _again, ...same } = input() as { password: string };
  assert.equal((await status('PUT', '/registries/lab', same)).status, 200);
  const found = execFileSync('grep', ['-rlF', PASSWORD, DATA], { encoding: 'utf8' }).trim().split('\n');
  assert.deepEqual(
    found.map((path) => path.includes('/secrets/registries/')),
    [true],
  );
  assert.equal(platform?.log().includes(PASSWORD), false);
});

test('every image is scanned once, known by its digest the next time, and matched', async (t) => {
  if (skip() !== false) return t.skip(problem);
  await buildDatabase(advisory('CVE-2030-10001', CRITICAL, '1.2.0'));
  const first = await scan('lab');
  assert.equal(first.state, 'succeeded', JSON.stringify(first));
  assert.deepEqual([first.progress.total, first.progress.scanned, first.progress.failed], [3, 3, 0]);
  const again = await scan('lab');
  assert.deepEqual([again.progress.scanned, again.progress.skipped], [0, 3]);
  const all = await scan('lab', '?all=true');
  assert.equal(all.progress.scanned, 3);
  const { items } = await eventually('everything is matched', 20_000, async () => {
    const page = await api<Listed<Summary>>('GET', '/artifacts?kind=image');
    return page.items.length === 3 && page.items.every(({ matchedAt }) => matchedAt !== '')
      ? page
      : undefined;
  });
  const byName = Object.fromEntries(
    items.map(({ name, vulnerabilities }) => [name.split('/').at(-1), vulnerabilities.critical]),
  );
  assert.equal(byName['web:1'], 1);
  assert.equal(byName['tool:1'], 0);
  const two = items.find(({ references }) => references.length > 1);
  assert.equal(
    items.every(({ registries }) => registries.includes('lab')),
    true,
  );
  assert.ok(two === undefined || two.references.some((each) => each.endsWith('web:2')));
});

test('a new database is noticed: everything is matched again, and what is new and critical raises an alert', async (t) => {
  if (skip() !== false) return t.skip(problem);
  interface Alert {
    readonly rule: string;
    readonly source: string;
    readonly severity: string;
    readonly message: string;
    readonly container: { readonly image: string; readonly imageDigest: string };
  }
  const none = await api<Listed<Alert>>('GET', '/events?limit=50');
  assert.deepEqual(
    none.items.filter(({ source }) => source === 'scan'),
    [],
    'nothing is new at the first matching',
  );
  const startedMs = performance.now();
  await buildDatabase(
    advisory('CVE-2030-10001', CRITICAL, '1.2.0'),
    advisory('CVE-2030-10002', CRITICAL, '3.0.0'),
  );
  const alerts = await eventually('alerts', 30_000, async () => {
    const page = await api<Listed<Alert>>('GET', '/events?limit=50');
    const found = page.items.filter(({ source }) => source === 'scan');
    return found.length >= 3 ? found : undefined;
  });
  t.diagnostic(`alerts ${Math.round(performance.now() - startedMs)} ms after the database was asked for`);
  assert.equal(alerts.length, 3);
  for (const alert of alerts) {
    assert.equal(alert.rule, 'New critical vulnerability in an image');
    assert.equal(alert.severity, 'critical');
    assert.match(alert.message, /^CVE-2030-10002 in .*demo .*fixed in 3\.0\.0/);
    assert.match(alert.container.image, /^127\.0\.0\.1:\d+\/(?:shop|team)\//);
    assert.match(alert.container.imageDigest, /^sha256:/);
  }
  const data = await api<{ origin: string; rematch: { state: string; newFindings: number } }>(
    'GET',
    '/vulnerability-data',
  );
  assert.deepEqual([data.origin, data.rematch.state, data.rematch.newFindings], ['updated', 'idle', 3]);
});

test('vulnerabilities are listed, explained and counted; reports are files of their kind', async (t) => {
  if (skip() !== false) return t.skip(problem);
  const list = await api<Listed<{ id: string; artifacts: number }>>('GET', '/vulnerabilities?sort=artifacts');
  assert.deepEqual(
    list.items.map(({ id, artifacts }) => [id, artifacts]),
    [
      ['CVE-2030-10002', 3],
      ['CVE-2030-10001', 1],
    ],
  );
  const detail = await api<{ severity: string; findings: { open: number } }>(
    'GET',
    '/vulnerabilities/CVE-2030-10002',
  );
  assert.deepEqual([detail.severity, detail.findings.open], ['critical', 3]);
  const facets = await api<{ severity: readonly { value: string; count: number }[] }>(
    'GET',
    '/vulnerabilities/facets',
  );
  assert.deepEqual(
    facets.severity.map(({ value, count }) => [value, count]),
    [['critical', 4]],
  );
  const occurrences = await api<Listed<object>>('GET', '/vulnerabilities/CVE-2030-10001/occurrences');
  assert.equal(occurrences.items.length, 1);
  const [artifact] = (await api<Listed<Summary>>('GET', '/artifacts?q=web:1')).items;
  assert.ok(artifact);
  const at = `/artifacts/${artifact.id}`;
  const plan = await api<Listed<{ packageName: string; to: string }>>('GET', `${at}/fix-plan`);
  assert.deepEqual(
    plan.items.map(({ packageName, to }) => [packageName, to]),
    [['demo', '3.0.0']],
  );
  const kinds: Readonly<Record<string, RegExp>> = {
    json: /"schemaVersion":\s*1/,
    cyclonedx: /"bomFormat":\s*"CycloneDX"/,
    'cyclonedx-xml': /^<\?xml/,
    'spdx-json': /"spdxVersion"/,
    spdx: /^SPDXVersion/,
    sarif: /sarif/,
    html: /<!doctype html>/i,
    csv: /^id,severity,.*\r\nCVE-2030-1000/,
  };
  for (const [format, shape] of Object.entries(kinds)) {
    const url = `${platform?.url}/api/v1${at}/report?format=${format}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${platform?.token()}` } });
    assert.equal(response.status, 200, format);
    assert.match(
      response.headers.get('content-disposition') ?? '',
      /^attachment; filename="shop-web-1-[0-9a-f]{12}\.[\w.-]+"$/,
    );
    assert.match(await response.text(), shape);
  }
  const others = (await api<Listed<Summary>>('GET', '/artifacts?q=tool')).items;
  const comparison = await api<{ counts: { removed: { critical: number } } }>(
    'GET',
    `${at}/comparison?to=${others[0]?.id}`,
  );
  assert.equal(comparison.counts.removed.critical, 1);
  assert.equal((await status('GET', `${at}/report?format=openvex`)).code, 'GC_VEX_EMPTY');
  assert.equal((await status('GET', `${at}/report?format=openvex-draft`)).code, 'GC_VEX_EMPTY');
});

test('the command line lists and scans as the API does', async (t) => {
  if (skip() !== false) return t.skip(problem);
  const list = await platform?.json<Listed<{ name: string; artifacts: number }>>('registries', 'list');
  assert.deepEqual(
    list?.items.map(({ name, artifacts }) => [name, artifacts]),
    [['lab', 3]],
  );
  const secret = join(FOLDER, 'password');
  writeFileSync(secret, `${PASSWORD}\n`);
  const options = [
    '--username',
    REGISTRY_ACCOUNT.username,
    '--password-file',
    secret,
    '--ca-file',
    registry?.caFile ?? '',
  ];
  const added = await platform?.cli(
    'registries',
    'add',
    'part',
    `https://${registry?.host}/team`,
    '--by-hand',
    ...options,
  );
  assert.equal(added?.code, 0, added?.err ?? '');
  const scanned = await platform?.cli('registries', 'scan', 'part', '--wait');
  assert.match(scanned?.out ?? '', /^[0-9a-z]{26} succeeded: 0 scanned, 1 known/);
  const found = await platform?.cli('vulnerabilities', 'list', '--severity', 'critical', '--fixable');
  assert.match(found?.out ?? '', /CVE-2030-10002 +critical .*demo/);
  assert.equal((await platform?.cli('vulnerabilities', 'list', '--severity', 'bad'))?.code, 2);
  await api('DELETE', '/registries/part');
});

test('a risk is accepted by somebody else, silences what it covers, becomes VEX and ends', async (t) => {
  if (skip() !== false) return t.skip(problem);
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const scope = {
    vulnerability: 'CVE-2030-10002',
    package: 'demo',
    artifact: '',
    image: `${registry?.host}/shop/*`,
  };
  const preview = await api<{ findings: number; artifacts: number }>(
    'POST',
    '/risk-acceptances/preview',
    scope,
  );
  assert.deepEqual(preview, { findings: 2, artifacts: 2, running: 0 });
  const ask = {
    scope,
    kind: 'not-affected',
    justification: 'vulnerable_code_not_present',
    reason: 'that part is cut out',
    until,
  };
  const far = new Date(Date.now() + 400 * 86_400_000).toISOString();
  assert.equal(
    (await status('POST', '/risk-acceptances', { ...ask, until: far })).code,
    'GC_INVALID_REQUEST',
  );
  const { token: other } = await api<{ token: string }>('POST', '/api-keys', {
    name: 'asks',
    role: 'responder',
    expiresInDays: 1,
  });
  const asked = await fetch(`${platform?.url}/api/v1/risk-acceptances`, {
    method: 'POST',
    headers: { authorization: `Bearer ${other}`, 'content-type': 'application/json' },
    body: JSON.stringify(ask),
  });
  const { id, state } = (await asked.json()) as { id: string; state: string };
  assert.deepEqual([asked.status, state], [201, 'requested']);
  const own = await api<{ id: string }>('POST', '/risk-acceptances', ask);
  assert.equal(
    (await status('POST', `/risk-acceptances/${own.id}/approve`, { note: '' })).code,
    'GC_OWN_REQUEST',
  );
  await api('POST', `/risk-acceptances/${own.id}/revoke`, { note: 'asked twice' });
  const approved = await api<{ state: string; findings: number }>('POST', `/risk-acceptances/${id}/approve`, {
    note: 'seen',
  });
  assert.deepEqual([approved.state, approved.findings], ['approved', 2]);
  const open = await api<{ findings: { open: number; accepted: number } }>(
    'GET',
    '/vulnerabilities/CVE-2030-10002',
  );
  assert.deepEqual(open.findings, { open: 1, accepted: 2 });
  const [artifact] = (await api<Listed<Summary>>('GET', '/artifacts?q=web:1')).items;
  const vex = await api<{ statements: readonly { status: string; justification: string }[] }>(
    'GET',
    `/artifacts/${artifact?.id}/report?format=openvex`,
  );
  assert.deepEqual(
    vex.statements.map(({ status: said, justification }) => [said, justification]),
    [['not_affected', 'vulnerable_code_not_present']],
  );
  const { items: audit } = await api<Listed<{ operation: string; target: string }>>('GET', '/audit?limit=20');
  assert.ok(
    audit.some(
      ({ operation, target }) => operation === 'approveAcceptance' && target.includes('CVE-2030-10002'),
    ),
  );
  await api('POST', `/risk-acceptances/${id}/revoke`, { note: 'not true any more' });
  const after = await api<{ findings: { open: number } }>('GET', '/vulnerabilities/CVE-2030-10002');
  assert.equal(after.findings.open, 3);
});

/** A registry that lists one image and never ends to send it. */
async function slowRegistry(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/v2/_catalog')) response.end('{"repositories":["slow"]}');
    else if (path.startsWith('/v2/slow/tags/list')) response.end('{"tags":["1"]}');
    else if (path === '/v2/') response.end('{}');
    else
      response
        .writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' })
        .flushHeaders();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a job is cancelled; one that a crash interrupts has failed, and is begun again after the start', async (t) => {
  if (skip() !== false) return t.skip(problem);
  const slow = await slowRegistry();
  try {
    const plain = { url: slow.url, username: '', password: '', ca: '' };
    const { password: _none, ...anonymous } = input(plain) as { password: string };
    await api('PUT', '/registries/slow', anonymous);
    const running = (id: string): Promise<Job> =>
      eventually('the job runs', 20_000, async () => {
        const job = await api<Job>('GET', `/scan-jobs/${id}`);
        return job.state === 'running' ? job : undefined;
      });
    const first = await api<Job>('POST', '/registries/slow/scan');
    await running(first.id);
    assert.equal((await api<Job>('POST', '/registries/slow/scan')).id, first.id, 'it is the same job');
    const waiting = await api<Job>('POST', '/registries/lab/scan');
    assert.equal(waiting.state, 'waiting', 'one at a time');
    const cancelled = await api<Job>('POST', `/scan-jobs/${first.id}/cancel`);
    assert.equal(cancelled.state, 'cancelled');
    assert.equal((await ended(waiting.id)).state, 'succeeded');
    const second = await api<Job>('POST', '/registries/slow/scan');
    await running(second.id);
    await platform?.stop('SIGKILL');
    platform = await startPlatform({ dataDir: DATA, args: ['--no-sensor'] });
    const interrupted = await api<Job>('GET', `/scan-jobs/${second.id}`);
    assert.deepEqual([interrupted.state, interrupted.errorCode], ['failed', 'GC_SCAN_INTERRUPTED']);
    const { items } = await api<Listed<Job>>('GET', '/scan-jobs?target=slow&limit=1');
    assert.notEqual(items[0]?.id, second.id);
    await running(items[0]?.id ?? '');
    await api('POST', `/scan-jobs/${items[0]?.id}/cancel`);
    const { items: kept } = await api<Listed<Summary>>('GET', '/artifacts?kind=image');
    assert.equal(kept.length, 3, 'what was found stays');
  } finally {
    slow.server.closeAllConnections();
    slow.server.close();
  }
});

test('addresses where no registry may be are refused', async (t) => {
  if (skip() !== false) return t.skip(problem);
  for (const url of [
    'http://169.254.169.254',
    'https://[::ffff:169.254.169.254]',
    'https://0xa9fea9fe',
    'https://metadata.google.internal',
  ]) {
    assert.equal((await status('PUT', '/registries/evil', input({ url }))).code, 'GC_REGISTRY_ADDRESS', url);
  }
  for (const url of [
    'http://registry.example.com',
    'https://user:secret@registry.example.com',
    'https://h/?a=b',
  ]) {
    assert.equal((await status('PUT', '/registries/evil', input({ url }))).code, 'GC_INVALID_REQUEST', url);
  }
});
