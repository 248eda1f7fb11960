// The rule workbench as a rule author uses it: a rule written in the editor fires on a real container, is tuned away from
// its own alert, and does not fire again; the matrix leads to the library; other people's changes are not overwritten.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RuleView } from '@guardcell/contract';
import type { Alert } from '@guardcell/core';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { BROWSER_ARGS, chromiumPath } from '../support/browser.ts';
import { ensureDocker, ensureImage, type RunningContainer, runContainer } from '../support/docker.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { tryCommand } from '../support/run-command.ts';

const IMAGE = 'gc-test/busybox:1';
const PATIENCE_MS = 60_000;
/** Agents have a change within a second or two; two slow cores stretch that. */
const LOADED_MS = 20_000;
/** A list of completions takes Enter only when it has been there for a moment, so that fast typing is not changed. */
const ACCEPT_MS = 200;
const MARKER = '/etc/gc-workbench-marker';
const dockerReady = await ensureDocker();
const skip = !dockerReady.available
  ? dockerReady.reason
  : chromiumPath() === undefined
    ? 'chromium is not installed'
    : false;

interface RuleList {
  readonly items: readonly RuleView[];
}

suite('rules are written, tried, loaded, tuned and found in the console', { skip, timeout: 600_000 }, () => {
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  let container: RunningContainer;
  const faults: string[] = [];

  before(async () => {
    await ensureImage(IMAGE);
    platform = await startPlatform();
    container = await runContainer({
      name: 'gc-workbench',
      image: IMAGE,
      args: [],
      command: ['sleep', '600'],
    });
    browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: [...BROWSER_ARGS] });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        faults.push(message.text());
    });
    await page.goto(platform.url);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill(platform.adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Rules' }).first().click();
    await page.waitForURL(/\/rules/);
  });

  after(async () => {
    await browser?.close();
    await container?.[Symbol.asyncDispose]();
    await platform?.[Symbol.asyncDispose]();
  });

  const code = (): Locator => page.getByRole('textbox', { name: /^Rule file/ });
  const status = (): Locator => page.getByRole('status').filter({ hasText: 'Ctrl+Space' });
  const touch = (): Promise<unknown> =>
    tryCommand('docker', ['exec', container.id, 'sh', '-c', `echo x > ${MARKER}`]);
  const alertsOf = async (rule: string): Promise<readonly Alert[]> =>
    (await callApi<{ items: Alert[] }>(platform, 'GET', `/api/v1/events?rule=${encodeURIComponent(rule)}`))
      .items;

  /** Which rules the agent runs, as it says itself. */
  async function revision(): Promise<string> {
    const { agents } = await callApi<{ agents: { rules: { revision: string } }[] }>(
      platform,
      'GET',
      '/api/v1/status',
    );
    return agents[0]?.rules.revision ?? '';
  }

  async function newRevision(before: string): Promise<void> {
    await eventually(
      'the agent runs other rules',
      LOADED_MS,
      async () => (await revision()) !== before || undefined,
    );
  }

  test('a rule is written with completion, its error is shown in place and mended, and it is loaded', async () => {
    await page.getByRole('link', { name: 'New rule file' }).click();
    await page.getByLabel('File name').fill('workbench.yaml');
    await code().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(
      [
        '- rule: Workbench marker written',
        '  desc: Written by the test of the editor.',
        '  output: Marker written (file=%fd.name command=%proc.cmdline image=%container.image.repository)',
        '  priority: ERROR',
        '  tags: [T1565.001]',
        '  condition: evt.type in (open, openat, openat2) and evt.is_open_write = true and container.id != host and fd.naem = x and ',
      ].join('\n'),
    );
    await page.keyboard.type('fd.na', { delay: 30 });
    const option = page.getByRole('option', { name: /^fd\.name/ }).first();
    await option.waitFor();
    await sleep(ACCEPT_MS);
    await page.keyboard.press('Enter');
    await page.keyboard.type(' st', { delay: 30 });
    await page.getByRole('option', { name: /^startswith/ }).waitFor();
    await sleep(ACCEPT_MS);
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('/etc/gc-workbench');
    await page.keyboard.press('Escape');

    await status().filter({ hasText: '1 error' }).waitFor();
    const fault = page.getByRole('button', { name: /fd\.naem/ });
    assert.match(
      (await fault.textContent()) ?? '',
      /did you mean 'fd\./,
      'the hint names a field that is near',
    );
    await page.locator('.cm-lintRange-error').waitFor();
    assert.equal(await page.locator('.cm-lintRange-error').first().textContent(), 'fd.naem');

    await fault.click();
    for (let at = 0; at < 'fd.naem = x and '.length; at += 1) await page.keyboard.press('Delete');
    assert.doesNotMatch((await code().textContent()) ?? '', /naem/);
    await status().filter({ hasText: 'No problems, 1 rule' }).waitFor();
    await page.getByRole('button', { name: 'Save and load' }).click();
    const review = page.getByRole('dialog', { name: 'Review the change' });
    await review.getByText('fd.name startswith /etc/gc-workbench').waitFor();
    const old = await revision();
    await review.getByRole('button', { name: 'Load these rules' }).click();
    await page.getByText('custom/workbench.yaml is in force').waitFor();

    const file = readFileSync(join(platform.dataDir, 'rules.d/workbench.yaml'), 'utf8');
    assert.match(file, /^- rule: Workbench marker written\n/);
    await newRevision(old);
  });

  test('it fires on a real container, and the test bench finds the same event again', async () => {
    await touch();
    const alert = await eventually(
      'the rule fires',
      PATIENCE_MS,
      async () => (await alertsOf('Workbench marker written'))[0],
    );
    assert.match(alert.message, /Marker written \(file=\/etc\/gc-workbench-marker/);
    for (const target of ['Recent events', 'Stored alerts']) {
      await page.getByRole('radio', { name: target }).check({ force: true });
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByText(/^[1-9]\d* match(es)? in [1-9]/).waitFor();
      await page.getByText('Marker written (file=/etc/gc-workbench-marker').first().waitFor();
    }
  });

  test('its alert is tuned away with the narrowest proposal, and the same event does not fire again', async () => {
    const before = await alertsOf('Workbench marker written');
    const [alert] = before;
    assert.ok(alert !== undefined);
    await page.goto(`${platform.url}/events/${alert.id}`);
    await page.getByRole('link', { name: 'Tune', exact: true }).click();
    const card = page.getByRole('article').first();
    await card.getByText(`Silences ${before.length} of ${before.length} stored alerts`).waitFor();
    assert.match((await card.textContent()) ?? '', /Narrow/);
    await card.getByText('fd.name').waitFor();
    const old = await revision();
    await card.getByRole('button', { name: 'Add this exception' }).click();
    await page
      .getByText(/^Exception \S+ is in force$/)
      .first()
      .waitFor();
    const tuning = readFileSync(join(platform.dataDir, 'rules.d/tuning.yaml'), 'utf8');
    assert.match(tuning, /- rule: Workbench marker written\n {2}exceptions:\n/);
    assert.match(tuning, /\/etc\/gc-workbench-marker/);
    await newRevision(old);

    await touch();
    // Another file fires: that the first did not is then no accident of time.
    await tryCommand('docker', ['exec', container.id, 'sh', '-c', 'echo x > /etc/gc-workbench-other']);
    const after = await eventually('what is not excepted still fires', PATIENCE_MS, async () => {
      const alerts = await alertsOf('Workbench marker written');
      return alerts.some((each) => each.message.includes('gc-workbench-other')) ? alerts : undefined;
    });
    assert.equal(after.filter((each) => each.message.includes(MARKER)).length, before.length);
    const list = await callApi<RuleList>(platform, 'GET', '/api/v1/rules');
    const rule = list.items.find((each) => each.name === 'Workbench marker written');
    assert.deepEqual([rule?.origin, rule?.exceptions.length, rule?.alerts24h], ['custom', 1, after.length]);
  });

  test('a cell of the matrix leads to the rules of its technique', async () => {
    await page.goto(`${platform.url}/rules/matrix`);
    await page
      .getByRole('link', { name: /^Escape to Host T1611/ })
      .first()
      .click();
    await page.waitForURL(/\/rules\?mitre=T1611$/);
    const rows = page.locator('tbody tr');
    await rows.first().waitFor();
    const list = await callApi<RuleList>(platform, 'GET', '/api/v1/rules');
    const about = list.items.filter((rule) => rule.mitre.some((id) => id.startsWith('T1611')));
    assert.equal(await rows.count(), about.length);
  });

  test('a change made by hand meanwhile is not overwritten', async () => {
    await page.goto(`${platform.url}/rules/editor?file=custom%2Fworkbench.yaml`);
    await status().filter({ hasText: 'No problems' }).waitFor();
    const path = join(platform.dataDir, 'rules.d/workbench.yaml');
    const byHand = `# by hand\n${readFileSync(path, 'utf8')}`;
    writeFileSync(path, byHand);
    await eventually('the server sees the file', PATIENCE_MS, async () => {
      const { content } = await callApi<{ content: string }>(
        platform,
        'GET',
        `/api/v1/rule-files/${encodeURIComponent('custom/workbench.yaml')}`,
      );
      return content === byHand || undefined;
    });
    await code().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('\n# by me\n');
    await page.getByRole('button', { name: 'Save and load' }).click();
    await page.getByRole('button', { name: 'Load these rules' }).click();
    await page.getByText('Somebody changed this file in the meantime').waitFor();
    assert.equal(readFileSync(path, 'utf8'), byHand);
    await page.getByRole('button', { name: 'Load what is saved' }).click();
    await code().getByText('# by hand').waitFor();
  });

  test('nothing of this made an error in the browser', async () => {
    await sleep(200);
    assert.deepEqual(faults, []);
  });
});
