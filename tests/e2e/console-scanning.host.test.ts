// Scanning as people use it, in a real browser on a real platform: a registry is added and scanned, a new database brings new
// findings, what runs shows what it uses, a risk is asked for by one, accepted by another, and ends.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Acceptance } from '@guardcell/contract';
import { type Browser, chromium, type Page } from 'playwright-core';
import { BROWSER_ARGS, chromiumPath } from '../support/browser.ts';
import { ensureDocker, type RunningContainer, runContainer } from '../support/docker.ts';
import { ensureInUseImage, inUseImageProblem } from '../support/in-use-image.ts';
import { writeLayout } from '../support/oci-layout.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { registryProblem, startRegistry, type TestRegistry } from '../support/registry.ts';
import { command } from '../support/run-command.ts';

const IMAGES = 12;
/** Each answer of the registry waits so long, so that one can watch the scan. */
const SLOW_MS = 600;
const PATIENCE_MS = 60_000;
/** From the start of a container to its packages in use. */
const IN_USE_MS = 150_000;
const CRITICAL = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const docker = await ensureDocker();
const skip = !docker.available
  ? docker.reason
  : chromiumPath() === undefined
    ? 'chromium is not installed'
    : inUseImageProblem() || (await registryProblem()) || false;

function advisory(id: string, ecosystem: string, name: string, fixed: string): object {
  const type = ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM';
  return {
    id,
    modified: '2030-01-01T00:00:00Z',
    summary: `something in ${name} before ${fixed}`,
    severity: [{ type: 'CVSS_V3', score: CRITICAL }],
    affected: [
      { package: { ecosystem, name }, ranges: [{ type, events: [{ introduced: '0' }, { fixed }] }] },
    ],
  };
}

/** Hands everything on to the registry, slowly. */
async function slowDoor(host: string): Promise<Server> {
  const [name = '', port = ''] = host.split(':');
  const server = createServer((incoming, outgoing) => {
    setTimeout(() => {
      const { method, url: path, headers } = incoming;
      const onward = ask({ host: name, port, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    }, SLOW_MS);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

suite('scanning in the console', { skip, timeout: 600_000 }, () => {
  let folder: string;
  let registry: TestRegistry;
  let door: Server;
  let doorHost: string;
  let platform: Platform;
  let browser: Browser;
  let container: RunningContainer;
  let admin: Page;
  let rita: Page;
  const faults: string[] = [];

  async function signedIn(name: string, password: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
    await page.goto(platform.url);
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    return page;
  }

  async function push(at: number): Promise<void> {
    const root = join(folder, `image-${at}/root`);
    const place = join(root, 'app/node_modules/demo');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name: 'demo', version: `1.${at}.0` }));
    const layout = join(folder, `image-${at}/layout`);
    const history = [{ created_by: 'COPY app /app' }];
    writeLayout(layout, 'x', { layers: [root], history });
    await registry.push(`oci:${layout}:x`, `shop/web:1.${at}`);
  }

  async function buildDatabase(...npm: readonly object[]): Promise<void> {
    const feeds = join(folder, 'feeds');
    mkdirSync(feeds, { recursive: true });
    writeFileSync(join(feeds, 'osv-npm.json'), JSON.stringify(npm));
    const pypi = ['used', 'unused'].map((name, at) => advisory(`CVE-2030-2000${at}`, 'PyPI', name, '2.0.0'));
    writeFileSync(join(feeds, 'osv-pypi.json'), JSON.stringify(pypi));
    const built = await platform.cli('db', 'build', '--feeds', feeds);
    assert.equal(built.code, 0, built.err);
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gc-console-scan-'));
    registry = await startRegistry();
    door = await slowDoor(registry.host);
    doorHost = `127.0.0.1:${(door.address() as AddressInfo).port}`;
    for (let at = 0; at < IMAGES; at++) await push(at);
    platform = await startPlatform();
    await buildDatabase(advisory('CVE-2030-10001', 'npm', 'demo', '1.2.0'));
    container = await runContainer({
      image: await ensureInUseImage(),
      args: [],
      name: 'gc-console-in-use',
      command: ['/bin/sh', '-c', '/usr/bin/python3.11 -c "import used"; exec /bin/busybox sleep 1000'],
    });
    browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: [...BROWSER_ARGS] });
    admin = await signedIn('admin', platform.adminPassword);
    const made = await callApi<{ password: string }>(platform, 'POST', '/api/v1/users', {
      name: 'rita',
      role: 'responder',
    });
    rita = await signedIn('rita', made.password);
  });

  after(async () => {
    await browser?.close();
    await container?.[Symbol.asyncDispose]();
    await platform?.[Symbol.asyncDispose]();
    door?.closeAllConnections();
    door?.close();
    await registry?.[Symbol.asyncDispose]();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  test('a registry is tried, saved and scanned while one watches; what was found appears', async () => {
    await admin.getByRole('link', { name: 'Images' }).first().click();
    await admin.getByRole('link', { name: 'Registries' }).click();
    await admin.getByRole('button', { name: 'Add registry' }).click();
    const form = admin.getByRole('complementary', { name: 'Add registry' });
    await form.getByLabel('Address').fill('http://127.0.0.1:1');
    await form.getByRole('button', { name: 'Try it' }).click();
    await form.getByText('It cannot be used as it is').waitFor();
    await form.getByLabel('Address').fill(`http://${doorHost}`);
    await form.getByLabel('Name', { exact: true }).fill('lab');
    await form.getByLabel('Newest tags of each repository').fill('0');
    await form.getByText('Scan on a schedule').click();
    await form.getByRole('button', { name: 'Try it' }).click();
    await form.getByText('It answers, and lets us in').waitFor();
    await form.getByText('shop/web').waitFor();
    await form.getByRole('button', { name: 'Save' }).click();
    const drawer = admin.getByRole('complementary', { name: 'Registry details' });
    await drawer.getByRole('button', { name: 'Scan now' }).click();
    const seen = new Set<string>();
    await eventually('the scan goes on before one’s eyes', PATIENCE_MS, async () => {
      const bar = drawer.getByRole('progressbar').first();
      const text = await bar.getAttribute('aria-valuetext', { timeout: 500 }).catch(() => null);
      if (text !== null) seen.add(text);
      return [...seen].filter((each) => each.includes(` of ${IMAGES}`)).length >= 2 ? true : undefined;
    });
    await drawer.getByText(`${IMAGES} scanned, 0 known already`).first().waitFor();
    await drawer.getByRole('link', { name: /^Its images/ }).click();
    await admin
      .getByRole('link', { name: `Open ${doorHost}/shop/web:1.1` })
      .first()
      .waitFor();
    await admin.getByRole('link', { name: 'Vulnerabilities' }).first().click();
    await admin.getByRole('link', { name: 'Open CVE-2030-10001' }).click();
    const facts = admin.getByRole('complementary', { name: 'Vulnerability details' });
    await facts.getByText('2 open, 0 accepted').first().waitFor();
  });

  test('a finding says why it is reported, and its layer is one click away', async () => {
    const facts = admin.getByRole('complementary', { name: 'Vulnerability details' });
    await facts.getByRole('link', { name: `${doorHost}/shop/web:1.1`, exact: true }).click();
    const finding = admin.getByRole('complementary', { name: 'Vulnerability details' });
    await finding.getByRole('heading', { name: 'Why it is reported' }).waitFor();
    await finding.getByText('/app/node_modules/demo/package.json').waitFor();
    await finding.getByText(/^1\.1\.0 .*1\.2\.0/).waitFor();
    await finding.getByRole('link', { name: 'COPY app /app' }).click();
    await admin.waitForURL(/[?&]layer=sha256/);
  });

  test('a new database brings a critical finding and an alert to those who look, without reload', async () => {
    await admin.goto(`${platform.url}/vulnerabilities?severity=critical`);
    await admin.getByRole('link', { name: 'Open CVE-2030-10001' }).waitFor();
    await rita.goto(`${platform.url}/events`);
    await rita.getByRole('heading', { name: 'Events' }).waitFor();
    await Promise.all([admin, rita].map((page) => page.evaluate('window.__sameDocument = true')));
    await buildDatabase(
      advisory('CVE-2030-10001', 'npm', 'demo', '1.2.0'),
      advisory('CVE-2030-10002', 'npm', 'demo', '1.1.0'),
    );
    await admin.getByRole('link', { name: 'Open CVE-2030-10002' }).waitFor();
    await rita
      .getByRole('link', { name: /^Open alert: New critical vulnerability/ })
      .first()
      .click();
    const alert = rita.getByRole('complementary', { name: 'Alert', exact: true });
    await alert.getByRole('link', { name: 'CVE-2030-10002' }).waitFor();
    for (const page of [admin, rita]) assert.equal(await page.evaluate('window.__sameDocument'), true);
    await alert.getByRole('link', { name: 'Open the image' }).click();
    await rita.getByRole('heading', { name: `${doorHost}/shop/web:1.0` }).waitFor();
  });

  test('the image of a running container shows which of its packages are in use', async () => {
    await admin.goto(`${platform.url}/containers/${container.id}`);
    const card = admin.locator('section', { hasText: 'Vulnerabilities of its image' }).last();
    await eventually('the image of the container is scanned', IN_USE_MS, async () => {
      if ((await card.getByRole('link', { name: 'Open the image' }).count()) > 0) return true;
      await admin.waitForTimeout(500);
      return undefined;
    });
    await card.getByRole('link', { name: 'Open the image' }).click();
    const row = (id: string) => admin.getByRole('row').filter({ hasText: id });
    await row('CVE-2030-20000').waitFor();
    await command('docker', ['exec', container.id, '/usr/bin/python3.11', '-c', 'import used']);
    await eventually('what is in use is shown without reload', IN_USE_MS, async () => {
      const used = await row('CVE-2030-20000').textContent();
      const unused = await row('CVE-2030-20001').textContent();
      return used?.includes('Opened') && unused?.includes('Never touched') ? true : undefined;
    });
    await admin.getByRole('button', { name: /^Opened/ }).click();
    await admin.waitForURL(/inUse=opened/);
    await eventually('only what was opened is listed', PATIENCE_MS, async () =>
      (await row('CVE-2030-20001').count()) === 0 ? true : undefined,
    );
  });

  test('a risk is asked for by one, accepted by another, and the finding is silenced', async () => {
    await rita.goto(`${platform.url}/vulnerabilities/CVE-2030-10001`);
    await rita.getByRole('button', { name: 'Accept risk…' }).click();
    const dialog = rita.getByRole('dialog');
    await dialog.getByText('2 findings in 2 images').waitFor();
    await dialog.getByLabel('Where it holds').selectOption('glob');
    await dialog.getByLabel('Images', { exact: true }).fill(`${doorHost}/shop/*`);
    await dialog.getByText('2 findings in 2 images').waitFor();
    await dialog.getByLabel('Reason').fill('Nobody calls it from outside.');
    await dialog.getByRole('button', { name: 'Ask for approval' }).click();
    await rita.getByText('An administrator decides.', { exact: false }).first().waitFor();

    await admin.goto(`${platform.url}/vulnerabilities`);
    await admin.getByRole('img', { name: '1 request waits' }).waitFor();
    await admin.getByRole('link', { name: 'Accepted risks' }).first().click();
    // exact: the table of vulnerabilities, still there for a moment, has links whose names end like this
    await admin.getByRole('link', { name: 'CVE-2030-10001', exact: true }).click();
    await admin.getByRole('button', { name: 'Approve' }).click();
    await admin.getByRole('dialog').getByLabel('Note').fill('Until the next release.');
    await admin.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await admin.getByText('Accepted the risk of CVE-2030-10001').waitFor();

    await admin.goto(`${platform.url}/vulnerabilities`);
    await admin.getByRole('link', { name: 'Open CVE-2030-10002' }).waitFor();
    assert.equal(await admin.getByRole('link', { name: 'Open CVE-2030-10001' }).count(), 0);
    await admin.getByText('Only accepted').click();
    await admin.getByRole('link', { name: 'Open CVE-2030-10001' }).waitFor();
  });

  test('an accepted risk ends by itself, and the finding is open again', async () => {
    const made = await callApi<{ token: string }>(platform, 'POST', '/api/v1/api-keys', {
      name: 'asks',
      role: 'responder',
      expiresInDays: 1,
    });
    const asked = await fetch(`${platform.url}/api/v1/risk-acceptances`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        scope: { vulnerability: 'CVE-2030-10002', package: '', artifact: '', image: '' },
        kind: 'accept-risk',
        reason: 'only for a moment',
        until: new Date(Date.now() + 12_000).toISOString(),
      }),
    });
    const { id } = (await asked.json()) as Acceptance;
    await callApi(platform, 'POST', `/api/v1/risk-acceptances/${id}/approve`, { note: '' });
    await admin.goto(`${platform.url}/vulnerabilities/risks/${id}`);
    const drawer = admin.getByRole('complementary', { name: 'Accepted risk' });
    await drawer.getByText('Accepted', { exact: true }).first().waitFor();
    await rita.goto(`${platform.url}/vulnerabilities`);
    await rita.getByRole('link', { name: 'Open CVE-2030-20000' }).waitFor();
    assert.equal(await rita.getByRole('link', { name: 'Open CVE-2030-10002' }).count(), 0);
    await drawer.getByText('Expired', { exact: true }).first().waitFor();
    await rita.getByRole('link', { name: 'Open CVE-2030-10002' }).waitFor();
  });

  test('settings that somebody else changed meanwhile are not overwritten', async () => {
    await admin.goto(`${platform.url}/settings/scanning`);
    const minutes = admin.getByLabel('Look again every, minutes');
    await minutes.fill('720');
    const settings = await callApi<object>(platform, 'GET', '/api/v1/settings');
    await callApi(platform, 'PUT', '/api/v1/settings', { ...settings, retentionDays: 17 });
    await admin.getByRole('button', { name: 'Save' }).click();
    await admin.getByRole('alert').getByText('GC_STALE', { exact: false }).waitFor();
    await admin.reload();
    await minutes.fill('720');
    await admin.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('Saved').waitFor();
    const saved = await callApi<{ retentionDays: number; scanning: { everyMinutes: number } }>(
      platform,
      'GET',
      '/api/v1/settings',
    );
    assert.deepEqual([saved.retentionDays, saved.scanning.everyMinutes], [17, 720]);
  });

  test('nothing failed in the browser meanwhile', () => {
    assert.deepEqual(faults, []);
  });
});
