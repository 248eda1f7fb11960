// Every screen of scanning, in both languages and themes: complete, calm, and usable with assistive technology.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import type { Look } from '../../apps/web/tools/screenshots.ts';
import { buildConsole } from '../../tools/build-console.ts';
import { BROWSER_ARGS, chromiumPath } from '../support/browser.ts';
import { type ConsolePage, openConsole } from './support/console-page.ts';
import { inspectAll } from './support/inspect-screens.ts';

/** A console built elsewhere; without it the console is built first. */
const WEB_ROOT = process.env['GUARDCELL_WEB_ROOT'];
const LANGUAGES: readonly Look['language'][] = ['en', 'zh-CN'];

/** How many pixels of the screen, or of a panel on it, are beyond the right edge. */
const BEYOND = `Math.max(...[document.documentElement, ...document.querySelectorAll('main, aside, dialog, [role=dialog]')].map(
  ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`;
const EMPTY = {
  vulnerabilities: '/vulnerabilities',
  'vulnerabilities by package': '/vulnerabilities?by=package',
  'fix plan': '/vulnerabilities?by=plan',
  'accepted risks': '/vulnerabilities/risks',
  images: '/images',
  registries: '/images/registries',
};

function addresses({ fake }: ConsolePage): Readonly<Record<string, string>> {
  const image = (part: string): string => {
    const found = fake.state.scan.artifacts.find((each) => each.image.reference.includes(part));
    return `/images/${encodeURIComponent(found?.id ?? '')}`;
  };
  const finding = fake.state.scan.findings.find(({ id }) => id === 'CVE-2021-44228');
  return {
    vulnerabilities: '/vulnerabilities',
    'vulnerabilities, filtered': '/vulnerabilities?severity=critical&exploited=true&running=true&sort=newest',
    'vulnerabilities, filtered to nothing': '/vulnerabilities?q=nothingmatchesthis',
    'vulnerabilities by package': '/vulnerabilities?by=package',
    'vulnerabilities by image': '/vulnerabilities?by=image',
    'vulnerabilities by workload': '/vulnerabilities?by=workload',
    'fix plan': '/vulnerabilities?by=plan',
    vulnerability: '/vulnerabilities/CVE-2021-44228',
    'accepted risks': '/vulnerabilities/risks',
    'accepted risks, filtered': '/vulnerabilities/risks?state=expired&vulnerability=CVE-2024-4068',
    'request to accept a risk': '/vulnerabilities/risks/ra-5',
    'accepted risk': '/vulnerabilities/risks/ra-3',
    images: '/images',
    'images, filtered to nothing': '/images?q=nothingmatchesthis',
    image: image('shop-api:2.14.0'),
    'image, finding': `${image('shop-api:2.14.0')}?cve=CVE-2021-44228&at=${encodeURIComponent(finding?.package ?? '')}`,
    'image, layers': `${image('shop-api:2.14.0')}?tab=layers`,
    'image, packages': `${image('shop-api:2.14.0')}?tab=packages`,
    'image, secrets': `${image('shop-api:2.14.0')}?tab=secrets`,
    'image, misconfigurations': `${image('wordpress')}?tab=misconfigurations`,
    'image, malware': `${image('wordpress')}?tab=malware`,
    'image, licences': `${image('wordpress')}?tab=licenses`,
    'image, fix plan': `${image('wordpress')}?tab=plan`,
    'image, errors': `${image('scipy')}?tab=errors`,
    'host, layers': `${image('node-a')}?tab=layers`,
    comparison: `${image('shop-worker:2.13.2')}/compare?to=${image('shop-worker:2.14.0').slice(8)}`,
    'comparison, nothing chosen': `${image('shop-worker:2.13.2')}/compare`,
    registries: '/images/registries',
    registry: '/images/registries/named/company',
    'registry, new': '/images/registries/new',
    'registry, edit': '/images/registries/named/ghcr/edit',
    'settings, scanning': '/settings/scanning',
  };
}

suite('every screen of scanning', {
  skip: chromiumPath() === undefined ? 'chromium is not installed' : false,
  timeout: 600_000,
}, () => {
  let browser: Browser;
  before(async () => {
    if (WEB_ROOT === undefined) await buildConsole();
    browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: [...BROWSER_ARGS] });
  });
  after(() => browser?.close());

  test('a list of 10 000 vulnerabilities is walked and scrolled with few rows in the document', async () => {
    await using shown = await openConsole(browser, {
      ...(WEB_ROOT !== undefined && { webRoot: WEB_ROOT }),
      user: 'admin',
      prepare: ({ state }) => {
        const [first] = state.scan.findings;
        assert.ok(first !== undefined);
        state.scan.findings.splice(
          0,
          Number.POSITIVE_INFINITY,
          ...Array.from({ length: 10_000 }, (_, at) => ({ ...first, id: `CVE-2031-${100_000 + at}` })),
        );
      },
    });
    const { page } = shown;
    await shown.open('/vulnerabilities?sort=id');
    await page.getByRole('link', { name: 'Open CVE-2031-109999' }).waitFor();
    await page.keyboard.press('j');
    await page.locator('[aria-rowindex="2"] [data-row]:focus').waitFor();
    await page.keyboard.press('j');
    await page.locator('[aria-rowindex="3"] [data-row]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/vulnerabilities\/CVE-2031-109998/);
    await page.keyboard.press('Escape');
    const scroll = `[...document.querySelectorAll('[role=table]')].at(-1).parentElement.scrollTo({ top: 1e9 })`;
    for (let rows = 0; rows < 1500; ) {
      await page.evaluate(scroll);
      await page.waitForTimeout(50);
      const last = await page.getByRole('row').last().getAttribute('aria-rowindex');
      rows = Number(last);
      assert.ok((await page.getByRole('row').count()) < 60, 'only what is in sight is in the document');
    }
    assert.deepEqual(await shown.faults(), []);
  });

  test('what opens over a screen is usable too: the score, the form for accepting a risk, the decision', async () => {
    await using shown = await openConsole(browser, {
      ...(WEB_ROOT !== undefined && { webRoot: WEB_ROOT }),
      user: 'admin',
    });
    const { page } = shown;
    await shown.open('/vulnerabilities');
    const score = page.getByRole('button', { name: /^Score \d+ of 100/ }).first();
    await score.focus();
    await page.getByRole('tooltip').getByText('What makes the score').waitFor();
    assert.deepEqual(await shown.axe(), []);
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('tooltip').count(), 0);
    await shown.open('/vulnerabilities/CVE-2023-45853');
    await page.getByRole('button', { name: 'Accept risk…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^\d+ findings in/).waitFor();
    await dialog.getByRole('button', { name: 'Ask for approval' }).click();
    await dialog.getByLabel('Reason').and(page.locator('[aria-invalid=true]')).waitFor();
    assert.deepEqual(await shown.axe(), []);
    await shown.open('/vulnerabilities/risks/ra-5');
    await page.getByRole('button', { name: 'Reject' }).click();
    await dialog.getByLabel('Note').waitFor();
    assert.deepEqual(await shown.axe(), []);
    assert.deepEqual(await shown.faults(), []);
  });

  test('what the server says of scans is Chinese in a Chinese console, and again English after a switch', async () => {
    await using shown = await openConsole(browser, {
      ...(WEB_ROOT !== undefined && { webRoot: WEB_ROOT }),
      user: 'admin',
      look: { name: 'zh', theme: 'light', language: 'zh-CN' },
    });
    const { page } = shown;
    const at = addresses(shown);
    await shown.open(at['image, errors'] ?? '');
    await page.getByText('未能完整读取，jar：ZIP 目录被截断或损坏').waitFor();
    await page.getByText(/自 2024-06-30 起不再有安全更新/).waitFor();
    await shown.open(at['image, finding'] ?? '');
    await page.getByText(/30 天内 [\d.]+ %/).waitFor();
    await shown.open(at['registry'] ?? '');
    await page.getByText('镜像仓库没有应答（ECONNREFUSED）').waitFor();
    await shown.open('/settings/scanning');
    await page.getByText('GC_FEED_UNPACK 文件已损坏或被截断').waitFor();
    await shown.open('/settings/appearance');
    await page.getByRole('radio', { name: 'English' }).or(page.getByLabel('English')).first().click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.getByRole('link', { name: 'Scanning' }).click();
    await page.getByText('GC_FEED_UNPACK the file is damaged or cut off').waitFor();
    assert.deepEqual(await shown.faults(), []);
  });

  test('every screen fits a phone and a small window: nothing is beyond its edge, filters are behind a button', async () => {
    await using shown = await openConsole(browser, {
      ...(WEB_ROOT !== undefined && { webRoot: WEB_ROOT }),
      user: 'admin',
    });
    const { page } = shown;
    const beyond: string[] = [];
    const all = Object.entries(addresses(shown));
    const dense = [
      'vulnerabilities by workload',
      'accepted risks',
      'image',
      'image, packages',
      'comparison',
      'registries',
    ];
    for (const [width, screens] of [
      [390, all],
      [1024, all.filter(([name]) => dense.includes(name))],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      for (const [name, path] of screens) {
        await shown.open(path);
        const more = Number(await page.evaluate(BEYOND));
        if (more > 0) beyond.push(`${name} at ${width}: ${more} px`);
      }
    }
    assert.deepEqual(beyond, []);
    await page.setViewportSize({ width: 390, height: 800 });
    await shown.open('/vulnerabilities');
    const severity = page.getByRole('heading', { name: 'Severity' });
    assert.equal(await severity.isVisible(), false);
    await page.getByRole('button', { name: 'Filters' }).focus();
    await page.keyboard.press('Enter');
    await severity.waitFor();
    assert.deepEqual(await shown.axe(), []);
    for (const path of ['/vulnerabilities/risks', addresses(shown)['image, errors'] ?? '', '/images']) {
      await shown.open(path);
      assert.deepEqual(await shown.axe(), [], path);
    }
    assert.deepEqual(await shown.faults(), []);
  });

  for (const language of LANGUAGES) {
    const look: Look = { name: language, theme: 'light', language };
    const options = { look, ...(WEB_ROOT !== undefined && { webRoot: WEB_ROOT }) };

    test(`has no errors, no layout shift and no axe violation (${language})`, async () => {
      await using shown = await openConsole(browser, { ...options, user: 'admin' });
      assert.deepEqual(await inspectAll(shown, addresses(shown)), {});
    });

    test(`and so have they on a platform that scanned nothing yet (${language})`, async () => {
      await using empty = await openConsole(browser, { ...options, user: 'admin', empty: true });
      assert.deepEqual(await inspectAll(empty, EMPTY), {});
    });
  }
});
