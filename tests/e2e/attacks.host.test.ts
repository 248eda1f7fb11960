// Every attack script beside the rules, in real containers: the rule fires on the attack and not on its benign twin.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Alert } from '@guardcell/core';
import { ensureDocker, ensureImage } from '../support/docker.ts';
import { startLimitedDocker, withholdsSysResource } from '../support/limited-docker.ts';
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

/** A platform and the container engine that it watches. */
interface Bench {
  readonly platform: Platform;
  /** Arguments that make the docker client talk to that engine. */
  readonly docker: readonly string[];
}

interface Tally {
  readonly complaints: string[];
  readonly fired: string[];
  readonly delaysMs: number[];
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
const PRIVILEGED = 'privileged containers';
const dockerReady = await ensureDocker();

/** Why this machine cannot do what an attack needs; empty when it can. */
async function lacks(need: string): Promise<string> {
  switch (need) {
    case 'loadable kernel modules':
      return existsSync('/proc/modules') ? '' : 'the kernel has no loadable modules';
    case PRIVILEGED: {
      const result = await tryCommand('docker', ['run', '--rm', '--privileged', IMAGE, 'true']);
      return result.code === 0 ? '' : result.stderr.trim().split('\n')[0]?.slice(0, 200) || 'refused';
    }
    default:
      return `nobody knows how to tell whether there is ${need}`;
  }
}

async function forEachBounded<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  async function worker(): Promise<void> {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  }
  await Promise.all(Array.from({ length: limit }, worker));
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
  let endRule: string;
  let platform: Platform;

  before(async () => {
    await ensureImage(IMAGE);
    scratch = mkdtempSync(join(tmpdir(), 'guardcell-attacks-'));
    endRule = join(scratch, 'end.yaml');
    writeFileSync(endRule, END_RULE_FILE);
    platform = await startPlatform({ rules: [endRule] });
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  async function alertsOf(bench: Bench, id: string): Promise<readonly Alert[]> {
    const path = `/api/v1/events?container=${id}&limit=200`;
    return (await callApi<{ items: Alert[] }>(bench.platform, 'GET', path)).items;
  }

  async function runScript(
    bench: Bench,
    name: string,
    args: readonly string[],
    script: string,
  ): Promise<Outcome> {
    const shell = ['/bin/sh', '-c', `${script}\n/bin/true ${END}`];
    const create = [...bench.docker, 'create', '--name', name, ...args, IMAGE, ...shell];
    const id = (await command('docker', create)).trim();
    try {
      const start = [...bench.docker, 'start', '-a', id];
      const { code, stderr } = await tryCommand('docker', start, { timeoutMs: 30_000 });
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr}`);
      const endedMs = performance.now();
      const alerts = await eventually(`the end of '${script}' is listed`, WITHIN_MS, async () => {
        const found = await alertsOf(bench, id);
        return found.some(({ rule }) => rule === END_RULE) ? found : undefined;
      });
      const listedAfterMs = performance.now() - endedMs;
      return { id, name, alerts: alerts.filter(({ rule }) => rule !== END_RULE), listedAfterMs };
    } finally {
      await tryCommand('docker', [...bench.docker, 'rm', '-f', id]);
    }
  }

  async function runPair(bench: Bench, attack: Attack, tally: Tally): Promise<void> {
    const { rule, runArgs, sh, benign, benignRunArgs } = attack;
    const prefix = `gc-attack-${process.pid}-${ATTACKS.indexOf(attack)}`;
    try {
      const bad = await runScript(bench, `${prefix}-bad`, runArgs, sh);
      tally.delaysMs.push(bad.listedAfterMs);
      if (bad.alerts.some((alert) => alert.rule === rule)) tally.fired.push(rule);
      else {
        const others = bad.alerts.map((alert) => alert.rule).join(', ');
        tally.complaints.push(`${rule}: silent; fired: ${others}`);
      }
      for (const alert of bad.alerts) {
        const found = gaps(alert, bad).map((gap) => `${rule}: alert '${alert.rule}': ${gap}`);
        tally.complaints.push(...found);
      }
      const good = await runScript(bench, `${prefix}-good`, benignRunArgs ?? runArgs, benign);
      const wrong = good.alerts.find((alert) => alert.rule === rule);
      if (wrong !== undefined) tally.complaints.push(`${rule}: fired on its benign twin: ${wrong.message}`);
    } catch (error) {
      tally.complaints.push(`${rule}: ${String(error)}`);
    }
  }

  /** On a machine that lacks one capability, with a container engine that does not ask for it. */
  async function runPrivileged(attacks: readonly Attack[], tally: Tally): Promise<void> {
    await using engine = await startLimitedDocker(IMAGE);
    await using own = await startPlatform({ rules: [endRule], env: { DOCKER_HOST: engine.host } });
    const bench = { platform: own, docker: ['-H', engine.host] };
    for (const attack of attacks) await runPair(bench, attack, tally);
  }

  test('each attack makes its rule fire with all its facts, and its benign twin does not', async () => {
    const reasons = new Map<string, string>();
    for (const { needs } of ATTACKS) {
      if (needs !== undefined && !reasons.has(needs)) reasons.set(needs, await lacks(needs));
    }
    const reasonOf = ({ needs }: Attack): string => reasons.get(needs ?? '') ?? '';
    const limited = withholdsSysResource()
      ? ATTACKS.filter((attack) => attack.needs === PRIVILEGED && reasonOf(attack) !== '')
      : [];
    const possible = ATTACKS.filter((attack) => reasonOf(attack) === '');
    const listed = ATTACKS.filter((attack) => !possible.includes(attack) && !limited.includes(attack));
    for (const attack of listed) console.log(`    not run: ${attack.rule} (${reasonOf(attack)})`);

    const tally: Tally = { complaints: [], fired: [], delaysMs: [] };
    const bench = { platform, docker: [] };
    await forEachBounded(possible, PARALLEL, (attack) => runPair(bench, attack, tally));
    if (limited.length > 0) await runPrivileged(limited, tally);
    const slowestMs = Math.round(Math.max(...tally.delaysMs));
    console.log(
      `    ${tally.fired.length} attacks fired, ${listed.length} not run, of ${ATTACKS.length}; ` +
        `listed ${slowestMs} ms after the end of the script at most`,
    );
    assert.deepEqual(tally.complaints, []);
    assert.equal(tally.fired.length + listed.length, ATTACKS.length);
    assert.ok(tally.fired.length >= ATTACKS.length - 5, `only ${tally.fired.length} attacks ran`);
  });
});
