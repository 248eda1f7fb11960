// A page of the built console against the fake API, that notes everything a user must never meet: script errors, failed
// requests, content that the policy refused, things that jump, and what assistive technology cannot use.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Look, lookContext, settled } from '../../../apps/web/tools/screenshots.ts';
import { FAKE_NOW_MS, FAKE_USERS, type FakeApi, type FakeApiOptions, startFakeApi } from './fake-api.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs before anything else in every document. */
const WATCH = `
  window.__shift = 0; window.__refused = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  document.addEventListener('securitypolicyviolation', (event) => {
    window.__refused.push(event.violatedDirective + ' ' + event.blockedURI);
  });`;

const LIGHT_EN: Look = { name: 'light-en', theme: 'light', language: 'en' };

export interface ConsoleOptions extends FakeApiOptions {
  /** Who is signed in when the page opens; undefined: nobody. */
  readonly user?: string | undefined;
  readonly look?: Look;
  /** Change the fake platform before the page is opened. */
  readonly prepare?: (fake: FakeApi) => void;
}

export interface ConsolePage extends AsyncDisposable {
  readonly fake: FakeApi;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens an address of the console and waits until it is complete. */
  open(path: string): Promise<void>;
  /** What went wrong since the last call, one sentence each; empties the list. */
  faults(): Promise<string[]>;
  /** Sum of layout shifts without input in this document. */
  shift(): Promise<number>;
  /** Violations that axe finds on what is shown now, one line each. */
  axe(): Promise<string[]>;
  settled(): Promise<void>;
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
  }[];
}

async function signInByApi(context: BrowserContext, url: string, name: string): Promise<void> {
  const password = FAKE_USERS.find((user) => user.name === name)?.password ?? '';
  const reply = await context.request.post(`${url}/api/v1/session`, {
    data: { username: name, password },
  });
  if (!reply.ok()) throw new Error(`signing in as ${name} failed: ${reply.status()}`);
}

function watch(page: Page, notes: string[]): void {
  page.on('pageerror', (error) => notes.push(`script error: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    // The browser itself reports refused requests; those are noted below.
    const isAboutRequest = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAboutRequest) notes.push(`console error: ${message.text()}`);
  });
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    const isNobodyYet = response.status() === 401 && pathname === '/api/v1/session';
    if (response.status() >= 400 && !isNobodyYet) notes.push(`${response.status()} of ${pathname}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // Leaving a page ends what it was still asking for.
    if (!reason.includes('ERR_ABORTED')) notes.push(`request failed: ${request.url()} ${reason}`);
  });
}

/** Opens the console at `/` (or at the sign-in form when nobody is signed in). */
export async function openConsole(browser: Browser, options: ConsoleOptions = {}): Promise<ConsolePage> {
  const fake = await startFakeApi(options);
  options.prepare?.(fake);
  const context = await lookContext(browser, options.look ?? LIGHT_EN);
  await context.addInitScript({ content: WATCH });
  if (options.user !== undefined) await signInByApi(context, fake.url, options.user);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.clock.setFixedTime(FAKE_NOW_MS);
  const notes: string[] = [];
  watch(page, notes);
  return {
    fake,
    page,
    context,
    async open(path) {
      await page.goto(fake.url + path);
      await settled(page);
    },
    async faults() {
      const refused = (await page.evaluate('window.__refused.splice(0)')) as string[];
      return [...notes.splice(0), ...refused.map((each) => `refused by policy: ${each}`)];
    },
    async shift() {
      return (await page.evaluate('window.__shift')) as number;
    },
    async axe() {
      await page.evaluate(AXE);
      const result = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResult;
      return result.violations.map(({ id, help, nodes }) => {
        const where = nodes
          .slice(0, 3)
          .map(
            ({ target, failureSummary }) => `${target.join(' ')} (${(failureSummary ?? '').slice(0, 300)})`,
          );
        return `${id}: ${help}: ${nodes.length}× ${where.join('; ')}`;
      });
    },
    settled: () => settled(page),
    async [Symbol.asyncDispose]() {
      await context.close();
      await fake[Symbol.asyncDispose]();
    },
  };
}
