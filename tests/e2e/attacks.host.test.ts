// Every attack script beside the rules, in real containers: the rule fires on the attack and not on its benign twin.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Alert } from '@guardcell/core';
import { ensureDocker, ensureImage } from '../support/docker.ts';
import { callApi, eventually, type Platform, startPlatform } from '../support/platform.ts';
import { command, tryCommand } from '../support/run-command.ts';

interface Attack {
  readonly rule: string;
  readonly image: string;
  readonly runArgs: readonly string[];
  readonly sh: string;
  readonly benign: string;
  readonly benignRunArgs?: readonly string[];
  readonly needs?: string;
}

interface Outcome {
  readonly id: string;
  readonly name: string;
  readonly alerts: readonly Alert[];
  /** From the end of the script to the moment that its alerts could be read. */
  readonly listedAfterMs: number;
}

const ROOT = resolve(import.meta.dirname, '../..');
const ATTACKS = JSON.parse(readFileSync(join(ROOT, 'content/attacks.json'), 'utf8')) as readonly Attack[];
const IMAGE = 'gc-test/busybox:1';
const WITHIN_MS = 10_000;
const PARALLEL = 3;
/** Runs as the last program of each script: what came before it has been judged when its alert is there. */
const END = 'gc-end-of-script';
const END_RULE = 'end of the script';
const END_RULE_FILE = `- rule: ${END_RULE}
  desc: d
  condition: evt.type = execve and evt.rawres = 0 and proc.args = ${END}
  output: end
  priority: INFO
`;
const dockerReady = await ensureDocker();

/** Why this machine cannot do what an attack needs; empty when it can. */
async function lacks(need: string): Promise<string> {
  switch (need) {
    case 'loadable kernel modules':
      return existsSync('/proc/modules') ? '' : 'the kernel has no loadable modules';
    case 'privileged containers': {
      const result = await tryCommand('docker', ['run', '--rm', '--privileged', IMAGE, 'true']);
      return result.code === 0 ? '' : result.stderr.trim().split('\n')[0]?.slice(0, 200) || 'refused';
    }
    default:
      return `nobody knows how to tell whether there is ${need}`;
  }
}

async function mapBounded<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as Item);
    }
  }
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

/** What is wrong with an alert of a rule in a container; nothing when it says all it should. */
function gaps(alert: Alert, outcome: Outcome): string[] {
  const found: string[] = [];
  if (alert.container.id !== outcome.id) found.push('other container');
  if (alert.container.name !== outcome.name) found.push(`container name '${alert.container.name}'`);
  if (alert.container.image !== IMAGE) found.push(`image '${alert.container.image}'`);
  if (alert.matched.length === 0) found.push('no matched clauses');
  if (alert.processTree.length < 2) found.push(`process tree of ${alert.processTree.length}`);
  if (alert.mitre.length === 0) found.push('no technique');
  if (!['critical', 'high', 'medium', 'low'].includes(alert.severity))
    found.push(`severity ${alert.severity}`);
  if (/(?:container|image)=(?:<NA>|null)/.test(alert.message)) found.push(`message: ${alert.message}`);
  for (const [field, value] of Object.entries(alert.outputFields)) {
    if (/^container\.(?:name|image)/.test(field) && value === null) found.push(`no ${field}`);
  }
  return found;
}

suite('attacks in containers', {
  skip: dockerReady.available ? false : dockerReady.reason,
  timeout: 240_000,
}, () => {
  let scratch: string;
  let platform: Platform;

  before(async () => {
    await ensureImage(IMAGE);
    scratch = mkdtempSync(join(tmpdir(), 'guardcell-attacks-'));
    writeFileSync(join(scratch, 'end.yaml'), END_RULE_FILE);
    platform = await startPlatform({ rules: [join(scratch, 'end.yaml')] });
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  async function alertsOf(id: string): Promise<readonly Alert[]> {
    const { items } = await callApi<{ items: Alert[] }>(
      platform,
      'GET',
      `/api/v1/events?container=${id}&limit=200`,
    );
    return items;
  }

  async function runScript(name: string, args: readonly string[], script: string): Promise<Outcome> {
    const shell = ['/bin/sh', '-c', `${script}\n/bin/true ${END}`];
    const id = (await command('docker', ['create', '--name', name, ...args, IMAGE, ...shell])).trim();
    try {
      const { code, stderr } = await tryCommand('docker', ['start', '-a', id], { timeoutMs: 30_000 });
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr}`);
      const endedMs = performance.now();
      const alerts = await eventually(`the end of '${script}' is listed`, WITHIN_MS, async () => {
        const found = await alertsOf(id);
        return found.some(({ rule }) => rule === END_RULE) ? found : undefined;
      });
      const listedAfterMs = performance.now() - endedMs;
      return { id, name, alerts: alerts.filter(({ rule }) => rule !== END_RULE), listedAfterMs };
    } finally {
      await tryCommand('docker', ['rm', '-f', id]);
    }
  }

  test('each attack makes its rule fire with all its facts, and its benign twin does not', async () => {
    const reasons = new Map<string, string>();
    for (const { needs } of ATTACKS) {
      if (needs !== undefined && !reasons.has(needs)) reasons.set(needs, await lacks(needs));
    }
    const reasonOf = ({ needs }: Attack): string => reasons.get(needs ?? '') ?? '';
    const listed = ATTACKS.filter((attack) => reasonOf(attack) !== '');
    const possible = ATTACKS.filter((attack) => reasonOf(attack) === '');
    for (const attack of listed) console.log(`    not run: ${attack.rule} (${reasonOf(attack)})`);

    const complaints: string[] = [];
    const fired: string[] = [];
    const delays: number[] = [];
    const numbered = possible.map((attack, number) => ({ attack, number }));
    await mapBounded(numbered, PARALLEL, async ({ attack, number }) => {
      const { rule, runArgs, sh, benign, benignRunArgs } = attack;
      const prefix = `gc-attack-${process.pid}-${number}`;
      try {
        const bad = await runScript(`${prefix}-bad`, runArgs, sh);
        delays.push(bad.listedAfterMs);
        const own = bad.alerts.filter((alert) => alert.rule === rule);
        if (own.length > 0) fired.push(rule);
        else complaints.push(`${rule}: silent; fired: ${bad.alerts.map((alert) => alert.rule).join(', ')}`);
        for (const alert of bad.alerts) {
          complaints.push(...gaps(alert, bad).map((gap) => `${rule}: alert '${alert.rule}': ${gap}`));
        }
        const good = await runScript(`${prefix}-good`, benignRunArgs ?? runArgs, benign);
        const wrong = good.alerts.find((alert) => alert.rule === rule);
        if (wrong !== undefined) complaints.push(`${rule}: fired on its benign twin: ${wrong.message}`);
      } catch (error) {
        complaints.push(`${rule}: ${String(error)}`);
      }
    });
    delays.sort((left, right) => left - right);
    console.log(
      `    ${fired.length} attacks fired, ${listed.length} not run, of ${ATTACKS.length}; ` +
        `listed ${Math.round(delays.at(-1) ?? 0)} ms after the end of the script at most`,
    );
    assert.deepEqual(complaints, []);
    assert.equal(fired.length + listed.length, ATTACKS.length);
    assert.ok(fired.length >= ATTACKS.length - 5, `only ${fired.length} attacks ran`);
  });
});
