// Takes a picture of every screen, light in English and dark in Chinese:
//   node apps/web/tools/screenshots.ts <baseUrl> <user> <password-file|-> <outDir>
// `-` reads the password from standard input.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { BROWSER_ARGS, chromiumPath } from '../../../tests/support/browser.ts';

const VIEWPORT = { width: 1440, height: 900 };
const SETTLE_MS = 10_000;
const QUIET_MS = 400;
/** Changes when anything is shown or loaded. */
const FINGERPRINT = "document.body.innerHTML.length + ' ' + performance.getEntriesByType('resource').length";

export interface Look {
  readonly name: string;
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'zh-CN';
}

export const LOOKS: readonly Look[] = [
  { name: 'light-en', theme: 'light', language: 'en' },
  { name: 'dark-zh', theme: 'dark', language: 'zh-CN' },
];

interface Screen {
  readonly name: string;
  /** The address; undefined when there is nothing to show, for example no alert yet. */
  readonly path: (facts: Facts) => string | undefined;
}

interface Facts {
  readonly alertId: string | undefined;
  readonly containerId: string | undefined;
  readonly ruleName: string | undefined;
  /** Of the image with the highest risk. */
  readonly imageId: string | undefined;
}

interface ListedAlert {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly container: { readonly id: string };
  readonly processTree: readonly unknown[];
}

const under = (base: string, name: string | undefined): string | undefined =>
  name === undefined ? undefined : `${base}/${encodeURIComponent(name)}`;

export const SCREENS: readonly Screen[] = [
  { name: 'overview', path: () => '/' },
  { name: 'events', path: () => '/events' },
  { name: 'event', path: ({ alertId }) => under('/events', alertId) },
  { name: 'containers', path: () => '/containers' },
  { name: 'container', path: ({ containerId }) => under('/containers', containerId) },
  { name: 'vulnerabilities', path: () => '/vulnerabilities' },
  { name: 'fix-plan', path: () => '/vulnerabilities?by=plan' },
  { name: 'accepted-risks', path: () => '/vulnerabilities/risks' },
  { name: 'images', path: () => '/images' },
  { name: 'image', path: ({ imageId }) => under('/images', imageId) },
  { name: 'registries', path: () => '/images/registries' },
  { name: 'rules', path: () => '/rules' },
  { name: 'rule', path: ({ ruleName }) => under('/rules', ruleName) },
  { name: 'matrix', path: () => '/rules/matrix' },
  { name: 'rule-editor', path: () => '/rules/editor' },
  {
    name: 'tuning',
    path: ({ alertId, ruleName }) =>
      alertId === undefined || ruleName === undefined
        ? undefined
        : `/rules/tune?rule=${encodeURIComponent(ruleName)}&alert=${encodeURIComponent(alertId)}`,
  },
  { name: 'responses', path: () => '/response' },
  { name: 'actions', path: () => '/response/history' },
  { name: 'settings', path: () => '/settings/system' },
];

/** Waits until fonts are there, and nothing has been asked of the server or changed on screen for a moment. */
export async function settled(page: Page): Promise<void> {
  const endMs = Date.now() + SETTLE_MS;
  await page.evaluate('document.fonts.ready.then(() => true)');
  for (let before = ''; Date.now() < endMs; ) {
    const now = String(await page.evaluate(FINGERPRINT));
    const isWaiting = (await page.locator('[aria-busy=true]').count()) > 0;
    if (now === before && !isWaiting) return;
    before = now;
    await page.waitForTimeout(QUIET_MS);
  }
}

/** A context that shows one look from the first paint on, without animations. */
export async function lookContext(browser: Browser, look: Look): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    locale: look.language,
    timezoneId: 'UTC',
    colorScheme: look.theme,
    reducedMotion: 'reduce',
  });
  await context.addInitScript({
    content: `localStorage['guardcell.theme'] ??= '${look.theme}';
      localStorage['guardcell.lang'] ??= '${look.language}';`,
  });
  return context;
}

/** The first process of the machine that takes the pictures is nobody's business: a usual one stands in for it. */
const HIDE_MACHINE = `for (const item of document.querySelectorAll('main ol > li, [role=dialog] ol > li, aside ol > li')) {
  const [name, pid] = item.querySelectorAll('strong, strong + span');
  const command = item.querySelector('code');
  if (!/^pid 1$/i.test(pid?.textContent ?? '') || command === null) continue;
  name.textContent = 'systemd';
  command.textContent = '/sbin/init';
}`;

async function picture(page: Page, file: string): Promise<void> {
  await settled(page);
  await page.evaluate(HIDE_MACHINE);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
}

/** The alert that has most to show: severe, in a container, with a long process tree. */
function richest(alerts: readonly ListedAlert[]): ListedAlert | undefined {
  const weight = ({ severity, container, processTree }: ListedAlert): number =>
    (severity === 'critical' ? 100 : 0) + (container.id === 'host' ? 0 : 50) + processTree.length;
  return alerts.toSorted((a, b) => weight(b) - weight(a))[0];
}

async function factsOf(page: Page, baseUrl: string): Promise<Facts> {
  const reply = await page.request.get(`${baseUrl}/api/v1/events?limit=200`);
  const alert = richest(((await reply.json()) as { items: ListedAlert[] }).items);
  const images = await page.request.get(`${baseUrl}/api/v1/artifacts?limit=1`);
  const [image] = ((await images.json()) as { items: { id: string }[] }).items;
  return {
    alertId: alert?.id,
    containerId: alert?.container.id,
    ruleName: alert?.rule,
    imageId: image?.id,
  };
}

/** Signs in through the form. */
export async function signIn(page: Page, user: string, password: string): Promise<void> {
  await page.locator('input[name=username]').fill(user);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

export interface ScreenshotOptions {
  readonly baseUrl: string;
  readonly user: string;
  readonly password: string;
  readonly outDir: string;
  /** Shown as the present, for data of another day. */
  readonly nowMs?: number;
  readonly say?: (line: string) => void;
}

/** Returns the files written, `<screen>-<look>.png`. @throws Error without Chromium or when sign-in fails. */
export async function takeScreenshots(options: ScreenshotOptions): Promise<string[]> {
  const { baseUrl, user, password, outDir, nowMs, say = () => undefined } = options;
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('chromium is not installed');
  mkdirSync(outDir, { recursive: true });
  const files: string[] = [];
  await using browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGS] });
  for (const look of LOOKS) {
    await using context = await lookContext(browser, look);
    const page = await context.newPage();
    if (nowMs !== undefined) await page.clock.setFixedTime(nowMs);
    async function take(name: string): Promise<void> {
      const file = join(outDir, `${name}-${look.name}.png`);
      await picture(page, file);
      files.push(file);
      say(file);
    }
    await page.goto(`${baseUrl}/sign-in`);
    await settled(page);
    // Fonts that come after the first paint are used from the second visit on.
    await page.reload();
    await take('sign-in');
    await signIn(page, user, password);
    const facts = await factsOf(page, baseUrl);
    for (const { name, path } of SCREENS) {
      const address = path(facts);
      if (address === undefined) {
        say(`${name}: nothing to show`);
        continue;
      }
      await page.goto(baseUrl + address);
      await take(name);
    }
  }
  return files;
}

if (import.meta.main) {
  const [baseUrl = '', user = '', secret = '', outDir = ''] = process.argv.slice(2);
  if (outDir === '' || (secret !== '-' && !existsSync(secret))) {
    console.error('usage: node apps/web/tools/screenshots.ts <baseUrl> <user> <password-file|-> <outDir>');
    process.exitCode = 2;
  } else {
    const password = readFileSync(secret === '-' ? 0 : secret, 'utf8').trim();
    await takeScreenshots({ baseUrl, user, password, outDir, say: (line) => console.log(line) });
  }
}
