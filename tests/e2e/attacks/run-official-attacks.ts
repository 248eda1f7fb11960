// Runs attacks against one platform, a few at a time, and judges: each fires its rule with all facts, no twin does.
import type { Alert } from '@guardcell/core';
import { TOOLS_IMAGE } from '../../support/images.ts';
import { eventually } from '../../support/platform.ts';
import { lacks } from './machine-needs.ts';
import type { OfficialAttack } from './official-attack.ts';
import type { OfficialBench } from './official-bench.ts';
import { hasEnded, runScript, type ScriptRun } from './run-script.ts';

const WITHIN_MS = 10_000;
const PARALLEL = 4;

export interface AttackVerdict {
  readonly rule: string;
  /** From the end of the attack's script until its alert could be read; undefined when it stayed silent. */
  readonly firedMs: number | undefined;
  readonly benignSilent: boolean;
  /** Why it was not run; empty when it was. */
  readonly notRun: string;
  readonly complaints: readonly string[];
}

/** Ancestors beyond the first may not exist; who logged in is unknown where nobody did. */
const MAY_BE_ABSENT = /^(?:proc\.aname\[\d+\]|proc\.aexepath\[\d+\]|user\.loginname)$/;

/** What is wrong with an alert of the attack's own rule; nothing when it says all it should. */
function gaps(alert: Alert, attack: OfficialAttack, run: ScriptRun): string[] {
  const found: string[] = [];
  if (alert.matched.length === 0) found.push('no matched clauses');
  if (alert.processTree.length < 2) found.push(`process tree of ${alert.processTree.length}`);
  if (attack.where === 'container') {
    if (alert.container.name !== run.name) found.push(`container name '${alert.container.name}'`);
    if (alert.container.image !== TOOLS_IMAGE) found.push(`image '${alert.container.image}'`);
  }
  for (const [field, value] of Object.entries(alert.outputFields)) {
    if (value !== null || MAY_BE_ABSENT.test(field) || attack.absent?.includes(field) === true) continue;
    found.push(`no ${field}`);
  }
  return found;
}

async function attackFires(
  run: ScriptRun,
  attack: OfficialAttack,
  complaints: string[],
): Promise<number | undefined> {
  const endedMs = performance.now();
  try {
    const alerts = await eventually('its alert', WITHIN_MS, async () => {
      const found = await run.alertsOf(attack.rule);
      return found.length > 0 ? found : undefined;
    });
    const firedMs = performance.now() - endedMs;
    complaints.push(...new Set(alerts.flatMap((alert) => gaps(alert, attack, run))));
    return firedMs;
  } catch {
    const others = (await run.alerts()).map(({ rule }) => rule);
    complaints.push(`silent (${run.complaint}); fired: ${[...new Set(others)].join(', ')}`);
    return undefined;
  }
}

async function twinIsSilent(run: ScriptRun, attack: OfficialAttack, complaints: string[]): Promise<boolean> {
  try {
    await eventually('the end of the benign script', WITHIN_MS, () => hasEnded(run));
  } catch (error) {
    complaints.push(`${String(error)} (${run.complaint})`);
    return false;
  }
  const [wrong] = await run.alertsOf(attack.rule);
  if (wrong !== undefined) complaints.push(`fired on its benign twin: ${wrong.message}`);
  return wrong === undefined;
}

async function runPair(bench: OfficialBench, attack: OfficialAttack, name: string): Promise<AttackVerdict> {
  const complaints: string[] = [];
  let firedMs: number | undefined;
  let benignSilent = false;
  try {
    await runScript(bench, attack, 'bad', name, async (run) => {
      firedMs = await attackFires(run, attack, complaints);
    });
    await runScript(bench, attack, 'good', name, async (run) => {
      benignSilent = await twinIsSilent(run, attack, complaints);
    });
  } catch (error) {
    complaints.push(String(error));
  }
  return { rule: attack.rule, firedMs, benignSilent, notRun: '', complaints };
}

/** Names are read through processes of the container: where a busy machine is told of them when all have ended, there are none. */
const OF_THE_LIVING = /^no (?:user|group)\.name$/;

/** A second attempt for what a busy machine may have missed; only for that. */
async function runFairly(bench: OfficialBench, attack: OfficialAttack, name: string): Promise<AttackVerdict> {
  const verdict = await runPair(bench, attack, name);
  const { complaints } = verdict;
  if (complaints.length === 0 || !complaints.every((each) => OF_THE_LIVING.test(each))) return verdict;
  console.log(`    ${verdictLine(verdict)}, once more`);
  return runPair(bench, attack, `${name}-again`);
}

/**
 * Runs each attack and its benign twin. `GUARDCELL_ATTACKS` may name a part of rule names, to run only those.
 * Verdicts are in the order of the attacks.
 */
export async function runOfficialAttacks(
  bench: OfficialBench,
  attacks: readonly OfficialAttack[],
  part: string,
): Promise<readonly AttackVerdict[]> {
  const wanted = (process.env['GUARDCELL_ATTACKS'] ?? '').toLowerCase();
  const chosen = attacks.filter(({ rule }) => rule.toLowerCase().includes(wanted));
  const reasons = new Map<string, string>();
  for (const { needs } of chosen) {
    if (needs !== undefined && !reasons.has(needs))
      reasons.set(needs, await lacks(needs, bench.docker, TOOLS_IMAGE));
  }
  const verdicts = new Map<OfficialAttack, AttackVerdict>();
  const waiting = [...chosen];
  async function worker(): Promise<void> {
    for (let attack = waiting.shift(); attack !== undefined; attack = waiting.shift()) {
      const { rule, needs } = attack;
      const notRun = reasons.get(needs ?? '') ?? '';
      const name = `gc-official-${part}-${process.pid}-${attacks.indexOf(attack)}`;
      const verdict =
        notRun === ''
          ? await runFairly(bench, attack, name)
          : { rule, firedMs: undefined, benignSilent: false, notRun, complaints: [] };
      verdicts.set(attack, verdict);
      console.log(`    ${verdictLine(verdict)}`);
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return chosen.flatMap((attack) => verdicts.get(attack) ?? []);
}

/** One line of the table: rule, ms until it fired, whether the benign twin was silent, and what is wrong. */
function verdictLine(verdict: AttackVerdict): string {
  const { rule, firedMs, benignSilent, notRun, complaints } = verdict;
  if (notRun !== '') return `${rule.padEnd(60)} not run: ${notRun}`;
  const fired = firedMs === undefined ? 'silent' : `${Math.round(firedMs)} ms`;
  const wrong = complaints.length === 0 ? '' : `  ✖ ${complaints.join('; ')}`;
  return `${rule.padEnd(60)} ${fired.padStart(8)}  benign ${benignSilent ? 'silent' : 'FIRED'}${wrong}`;
}
