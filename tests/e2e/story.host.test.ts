// The main story on real containers and a real browser: attack → rule → alert → console → action → undo, for each action.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ActionRecord, Alert } from '@guardcell/core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { BROWSER_ARGS, chromiumPath } from '../support/browser.ts';
import { ensureDocker, ensureImage, type RunningContainer, runContainer } from '../support/docker.ts';
import { eventually, type Platform, startPlatform } from '../support/platform.ts';
import { command, tryCommand } from '../support/run-command.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const IMAGE = 'gc-test/busybox:1';
const SECRET = 'a-secret-of-the-receiver-0123456789';
const WITHIN_MS = 2000;
/** Polling and two slow cores stretch what the records themselves time exactly. */
const PATIENCE_MS = 15_000;
const docker = (args: readonly string[]): Promise<string> => command('docker', args);
const dockerReady = await ensureDocker();
const skip = !dockerReady.available
  ? dockerReady.reason
  : chromiumPath() === undefined
    ? 'chromium is not installed'
    : false;

const ATTACK = 'echo x:x:0:0::/:/bin/sh >> /etc/passwd; sleep 60';

function responseFile(prefix: string, action: string, url: string, secretFile: string): string {
  return `apiVersion: guardcell/v1
kind: ResponseRule
metadata: { name: on-account-file-write }
spec:
  description: contain and tell
  trigger: { minSeverity: medium, tags: [T1098] }
  guard: 'alert.container.name.startsWith("${prefix}")'
  actions:
    - do: ${action}
    - do: notify
      with: { url: '${url}', secretFile: '${secretFile}' }
  cooldown: 1m
  maxTargets: 10
`;
}

/** Gone, or only waiting for its parent to take note. */
function hasEnded(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

async function inspect(id: string, format: string): Promise<string> {
  const stdout = await docker(['inspect', '--format', format, id]);
  return stdout.trim();
}

suite('an attack in a container is seen, shown, contained, told and undone', {
  skip,
  timeout: 600_000,
}, () => {
  let scratch: string;
  let platform: Platform;
  let receiver: WebhookReceiver;
  let browser: Browser;
  let page: Page;
  let responses: string;
  let secretFile: string;
  const pageErrors: string[] = [];

  before(async () => {
    await ensureImage(IMAGE);
    scratch = mkdtempSync(join(tmpdir(), 'guardcell-story-'));
    responses = join(scratch, 'responses.yaml');
    secretFile = join(scratch, 'secret');
    writeFileSync(secretFile, SECRET, { mode: 0o600 });
    receiver = await startWebhookReceiver(SECRET);
    writeFileSync(responses, responseFile('none-', 'pause', receiver.url, secretFile));
    platform = await startPlatform({ responses: [responses] });
    browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: [...BROWSER_ARGS] });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
    page.on('pageerror', (error) => pageErrors.push(error.message));
    await page.goto(platform.url);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill(platform.adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Events' }).first().click();
    await page.waitForURL(/\/events/);
  });

  after(async () => {
    await browser?.close();
    await platform?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  /** Writes the response rule for one action and waits until the server has loaded it. */
  async function respondWith(action: string, prefix: string): Promise<void> {
    writeFileSync(responses, responseFile(prefix, action, receiver.url, secretFile));
    await eventually('the response rule is loaded without restart', PATIENCE_MS, async () => {
      const list = await platform.json<{ items: { guard: string; actions: { do: string }[] }[] }>(
        'respond',
        'list',
      );
      const loaded = list.items.some((rule) => rule.guard.includes(prefix) && rule.actions[0]?.do === action);
      return loaded || undefined;
    });
  }

  interface Seen {
    readonly alert: Alert;
    readonly record: ActionRecord;
  }

  /** Follows one attack from the alert to the finished action, in CLI, browser and receiver. */
  async function follow(container: RunningContainer, action: string): Promise<Seen> {
    const alert = await eventually('the alert is listed', PATIENCE_MS, async () => {
      const list = await platform.json<{ items: Alert[] }>(
        'events',
        'list',
        '--since',
        '10m',
        '--container',
        container.name,
      );
      return list.items.find((item) => item.matched.some((clause) => clause.actual.includes('/etc/passwd')));
    });
    assert.equal(alert.container.id, container.id);
    assert.equal(alert.container.image, IMAGE);
    assert.ok(alert.process.cmdline.includes('/etc/passwd') || alert.process.name.length > 0);

    const record = await eventually('the action has its result', PATIENCE_MS, async () => {
      const list = await platform.json<{ items: ActionRecord[] }>(
        'respond',
        'history',
        '--container',
        container.name,
      );
      return list.items.find((item) => item.action === action && item.state !== 'pending');
    });
    assert.equal(record.state, 'succeeded', `${record.errorCode} ${record.detail}`);
    assert.equal(record.alertId.length > 0, true);
    const elapsedMs = Date.parse(record.finishedAt) - Date.parse(alert.time);
    assert.ok(elapsedMs < WITHIN_MS, `from the write to the finished ${action}: ${elapsedMs} ms`);

    const told = await eventually('the notification arrives', PATIENCE_MS, () =>
      receiver.received.find((item) => JSON.stringify(item.body).includes(container.id)),
    );
    assert.equal(told.signed, true);
    assert.ok(
      told.atMs - Date.parse(alert.time) < WITHIN_MS,
      `notified after ${told.atMs - Date.parse(alert.time)} ms`,
    );

    // Without reload: the page has been open since before the attack.
    const row = page.getByRole('row').filter({ hasText: container.name }).first();
    await row.waitFor({ timeout: PATIENCE_MS });
    await row.getByRole('link', { name: /^Open alert/ }).click();
    const drawer = page.getByRole('complementary', { name: 'Alert' });
    await drawer.getByText('/etc/passwd').first().waitFor();
    await drawer.getByText('fd.name').first().waitFor();
    await drawer.getByRole('heading', { name: 'Process tree' }).waitFor();
    await page.keyboard.press('Escape');
    console.log(`    ${action}: done ${elapsedMs} ms after the write`);
    return { alert, record };
  }

  async function attack(
    prefix: string,
    args: readonly string[] = [],
    script = ATTACK,
  ): Promise<RunningContainer> {
    return runContainer({
      image: IMAGE,
      name: `${prefix}victim`,
      args,
      command: ['sh', '-c', script],
    });
  }

  test('pause: the container is frozen, and resume undoes it', async () => {
    const prefix = `gc-e2e-pause-${process.pid}-`;
    await respondWith('pause', prefix);
    await using container = await attack(prefix);
    const { record } = await follow(container, 'pause');
    assert.equal(await inspect(container.id, '{{.State.Paused}}'), 'true');

    const undo = await platform.json<ActionRecord>('respond', 'undo', record.id);
    assert.equal(undo.state, 'succeeded', undo.detail);
    assert.equal(await inspect(container.id, '{{.State.Paused}}'), 'false');
    assert.equal(await inspect(container.id, '{{.State.Running}}'), 'true');
    const list = await platform.json<{ items: ActionRecord[] }>(
      'respond',
      'history',
      '--container',
      container.name,
    );
    assert.equal(list.items.find((item) => item.id === record.id)?.state, 'undone');
  });

  test('resume from the console undoes a pause', async () => {
    const prefix = `gc-e2e-console-${process.pid}-`;
    await respondWith('pause', prefix);
    await using container = await attack(prefix);
    await follow(container, 'pause');
    await page.goto(`${platform.url}/containers/${container.id}`);
    await page.getByRole('button', { name: 'Resume' }).first().click();
    const confirm = page
      .getByRole('dialog')
      .or(page.getByRole('alertdialog'))
      .getByRole('button', { name: /resume/i });
    if (await confirm.isVisible({ timeout: 2000 }).catch(() => false)) await confirm.click();
    await eventually('the container runs again', PATIENCE_MS, async () =>
      (await inspect(container.id, '{{.State.Paused}}')) === 'false' ? true : undefined,
    );
    await page.goto(`${platform.url}/events`);
  });

  test('stop: the container ends', async () => {
    const prefix = `gc-e2e-stop-${process.pid}-`;
    await respondWith('stop', prefix);
    // A shell that ends on TERM, as a well-behaved service does.
    await using container = await attack(
      prefix,
      [],
      `trap 'exit 0' TERM; echo x:x:0:0::/:/bin/sh >> /etc/passwd; sleep 60 & wait`,
    );
    await follow(container, 'stop');
    assert.equal(await inspect(container.id, '{{.State.Running}}'), 'false');
  });

  test('kill: the process that wrote is killed', async () => {
    const prefix = `gc-e2e-kill-${process.pid}-`;
    await respondWith('kill', prefix);
    await using container = await attack(prefix, [], `sh -c '${ATTACK}' & sleep 60`);
    const { alert } = await follow(container, 'kill');
    assert.ok(hasEnded(alert.process.pid), 'the process that wrote is gone');
    assert.equal(await inspect(container.id, '{{.State.Running}}'), 'true');
  });

  test('quarantine: nothing goes in or out of that container, others are untouched, release undoes it', async () => {
    const prefix = `gc-e2e-quarantine-${process.pid}-`;
    await respondWith('quarantine', prefix);
    const serve = 'httpd -p 8080 -h /etc';
    await using other = await runContainer({
      image: IMAGE,
      name: `gc-e2e-bystander-${process.pid}`,
      args: [],
      command: ['sh', '-c', `${serve}; sleep 120`],
    });
    await using container = await attack(prefix, [], `${serve}; sleep 4; ${ATTACK}`);
    const ip = await inspect(container.id, '{{.NetworkSettings.IPAddress}}');
    const otherIp = await inspect(other.id, '{{.NetworkSettings.IPAddress}}');
    // Not wget: the static BusyBox crashes in its name look-up.
    const reaches = async (from: string, to: string): Promise<boolean> => {
      const request = `printf 'GET /group HTTP/1.0\\r\\n\\r\\n' | nc -w 2 ${to} 8080`;
      const { stdout } = await tryCommand('docker', ['exec', from, 'sh', '-c', request]);
      return stdout.includes('root:');
    };
    // A connection of its own each time: a pooled one would tell about the past.
    const hostReaches = (to: string): Promise<boolean> =>
      new Promise((done) => {
        const request = get(
          { host: to, port: 8080, path: '/group', agent: false, timeout: 2000 },
          (response) => {
            response.resume();
            done(response.statusCode === 200);
          },
        );
        request.on('timeout', () => request.destroy());
        request.on('error', () => done(false));
      });
    await eventually('the server answers before the attack', PATIENCE_MS, async () =>
      (await hostReaches(ip)) ? true : undefined,
    );
    await eventually('the container reaches others before the attack', PATIENCE_MS, async () =>
      (await reaches(container.id, otherIp)) ? true : undefined,
    );

    const { record } = await follow(container, 'quarantine');
    assert.equal(await hostReaches(ip), false, 'nothing goes in');
    assert.equal(await reaches(container.id, otherIp), false, 'nothing goes out');
    assert.equal(await hostReaches(otherIp), true, 'others are untouched');

    const undo = await platform.json<ActionRecord>('respond', 'undo', record.id);
    assert.equal(undo.state, 'succeeded', undo.detail);
    // Neighbours have to find each other again first.
    await eventually('traffic goes in again', PATIENCE_MS, async () =>
      (await hostReaches(ip)) ? true : undefined,
    );
    await eventually('traffic goes out again', PATIENCE_MS, async () =>
      (await reaches(container.id, otherIp)) ? true : undefined,
    );
  });

  test('dry-run and a bad response file change nothing, and the error says where', async () => {
    const prefix = `gc-e2e-bad-${process.pid}-`;
    writeFileSync(responses, `${responseFile(prefix, 'pause', receiver.url, secretFile)}  surprise: 1\n`);
    const problem = await eventually('the problem is in the status', PATIENCE_MS, async () => {
      const status = await platform.json<{
        responses: { errors: number; problems: { file: string; line: number }[] };
      }>('status');
      return status.responses.problems[0];
    });
    assert.equal(problem.file, responses);
    assert.ok(problem.line > 0);
  });

  test('the browser saw no script error', () => {
    assert.deepEqual(pageErrors, []);
  });
});
