// Looks at screens one after the other, in both themes, for what a user must never meet.
import type { ConsolePage } from './console-page.ts';

const MAX_SHIFT = 0.02;

/** What is wrong on a screen, one sentence each. */
async function inspect(shown: ConsolePage, path: string): Promise<string[]> {
  await shown.open(path);
  const problems = await shown.faults();
  if ((await shown.page.locator('h1').count()) === 0) problems.push('it has no heading');
  const shift = await shown.shift();
  if (shift > MAX_SHIFT) problems.push(`things moved by ${shift.toFixed(3)}`);
  for (const theme of ['light', 'dark']) {
    await shown.page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await shown.page.evaluate('Promise.allSettled(document.getAnimations().map((each) => each.finished))');
    for (const found of await shown.axe()) problems.push(`${theme}: ${found}`);
  }
  return problems;
}

/** The screens by problem: what is wrong with the frame is said once. */
export async function inspectAll(
  shown: ConsolePage,
  screens: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const [name, path] of Object.entries(screens)) {
    for (const problem of await inspect(shown, path)) {
      found[problem] = found[problem] === undefined ? name : `${found[problem]} | ${name}`;
    }
  }
  return found;
}
