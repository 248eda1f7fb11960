// Every screen of the console, in both languages and themes: complete, calm, and usable with assistive technology.
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

const EMPTY = {
  overview: '/',
  events: '/events',
  containers: '/containers',
  matrix: '/rules/matrix',
  'rule files': '/rules/files',
  responses: '/response',
  actions: '/response/history',
  keys: '/settings/keys',
};

function addresses({ fake }: ConsolePage): Readonly<Record<string, string>> {
  const alert = fake.state.alerts.find(({ rule }) => rule.startsWith('Standard stream'));
  const rule = encodeURIComponent(alert?.rule ?? '');
  return {
    overview: '/',
    events: '/events',
    'events, filtered to nothing': '/events?q=nothingmatchesthis',
    event: `/events/${alert?.id ?? ''}`,
    containers: '/containers',
    container: `/containers/${alert?.container.id ?? ''}`,
    'container, alerts': `/containers/${alert?.container.id ?? ''}?tab=events`,
    'container, actions': '/containers/shop-worker?tab=actions',
    'container, mounts': '/containers/ci-runner?tab=config',
    rules: '/rules',
    rule: `/rules/${rule}`,
    'rules of a technique': '/rules?mitre=T1611&activity=silent',
    matrix: '/rules/matrix',
    'rule files': '/rules/files',
    'rule editor, new': '/rules/editor',
    'rule editor': '/rules/editor?file=custom%2Fshop.yaml',
    'rule editor, read-only': '/rules/editor?file=builtin%2F_shared%2Fevents.yaml',
    'rule editor, copy': '/rules/editor?copy=builtin%2F_shared%2Fevents.yaml',
    tuning: `/rules/tune?rule=${rule}`,
    'tuning, chosen': `/rules/tune?rule=${rule}&alert=${alert?.id ?? ''}`,
    responses: '/response',
    'response rule, new': '/response/new',
    'response rule, from a file': '/response/rules/kill-reverse-shell',
    actions: '/response/history',
    action: '/response/history/act-0001',
    'settings, account': '/settings/account',
    'settings, appearance': '/settings/appearance',
    'settings, keys': '/settings/keys',
    'settings, users': '/settings/users',
    'settings, platform': '/settings/platform',
    'settings, system': '/settings/system',
  };
}

suite('every screen of the console', {
  skip: chromiumPath() === undefined ? 'chromium is not installed' : false,
  timeout: 600_000,
}, () => {
  let browser: Browser;
  before(async () => {
    if (WEB_ROOT === undefined) await buildConsole();
    browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: [...BROWSER_ARGS] });
  });
  after(() => browser?.close());

  for (const language of LANGUAGES) {
    const look: Look = { name: language, theme: 'light', language };
    const options = { look, ...(WEB_ROOT !== undefined && { webRoot: WEB_ROOT }) };

    test(`has no errors, no layout shift and no axe violation (${language})`, async () => {
      await using shown = await openConsole(browser, { ...options, user: 'admin' });
      assert.deepEqual(await inspectAll(shown, addresses(shown)), {});
    });

    test(`and so have sign-in, an empty platform and a platform without sensor (${language})`, async () => {
      await using nobody = await openConsole(browser, options);
      assert.deepEqual(await inspectAll(nobody, { 'sign-in': '/sign-in' }), {});
      await using empty = await openConsole(browser, { ...options, user: 'admin', empty: true });
      empty.fake.state.sensor = 'unavailable';
      assert.deepEqual(await inspectAll(empty, EMPTY), {});
    });
  }
});
