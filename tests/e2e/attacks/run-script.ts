// Runs the script of an attack in a container or on the host, and finds the alerts that came of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '@guardcell/core';
import { TOOLS_IMAGE } from '../../support/images.ts';
import { callApi } from '../../support/platform.ts';
import { tryCommand } from '../../support/run-command.ts';
import type { OfficialAttack } from './official-attack.ts';
import { END, END_RULE, type OfficialBench } from './official-bench.ts';

const SCRIPT_MS = 30_000;
/** Alerts are listed newest first; host rules may fire on what others do on the machine. */
const PAGE = 500;

export interface ScriptRun {
  /** Name of the container, or the script's path on the host. */
  readonly name: string;
  readonly complaint: string;
  /** Alerts of this run and rule so far. */
  alertsOf(rule: string): Promise<readonly Alert[]>;
  /** All alerts of this run so far, without the end marker. */
  alerts(): Promise<readonly Alert[]>;
}

async function listed(bench: OfficialBench, query: Readonly<Record<string, string>>): Promise<Alert[]> {
  const path = `/api/v1/events?${new URLSearchParams({ limit: `${PAGE}`, ...query })}`;
  return (await callApi<{ items: Alert[] }>(bench.platform, 'GET', path)).items;
}

async function inContainer(
  bench: OfficialBench,
  name: string,
  args: readonly string[],
  script: string,
  use: (run: ScriptRun) => Promise<void>,
): Promise<void> {
  const network = args.some((arg) => arg.startsWith('--network')) ? [] : ['--network', 'none'];
  const run = [...bench.docker, 'run', '--name', name, ...network, ...args, TOOLS_IMAGE];
  try {
    const ended = await tryCommand('docker', [...run, '/bin/sh', '-c', script], { timeoutMs: SCRIPT_MS });
    const inspect = [...bench.docker, 'inspect', '--format', '{{.Id}}', name];
    const id = (await tryCommand('docker', inspect)).stdout.trim() || name;
    await use({
      name,
      complaint: `exit code ${ended.code} ${ended.stderr.trim()}`,
      alertsOf: (rule) => listed(bench, { container: id, rule }),
      alerts: () => listed(bench, { container: id }),
    });
  } finally {
    await tryCommand('docker', [...bench.docker, 'rm', '-f', name]);
  }
}

async function onHost(
  bench: OfficialBench,
  name: string,
  script: string,
  use: (run: ScriptRun) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(bench.scratch, `${name}-`));
  const file = join(dir, 'script.sh');
  writeFileSync(file, `DIR=${dir}\n${script}\n`);
  const isOurs = ({ processTree }: Alert): boolean =>
    processTree.some(({ cmdline }) => cmdline.endsWith(` ${file}`));
  try {
    const args = ['--mount', '--propagation', 'private', '/bin/sh', file];
    const ended = await tryCommand('/usr/bin/unshare', args, { timeoutMs: SCRIPT_MS, cwd: dir });
    await use({
      name: file,
      complaint: `exit code ${ended.code} ${ended.stderr.trim()}`,
      alertsOf: async (rule) => (await listed(bench, { container: 'host', rule })).filter(isOurs),
      alerts: async () => (await listed(bench, { container: 'host' })).filter(isOurs),
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Runs the attack, or its benign twin followed by the end marker; `use` sees it before it is cleaned up. */
export async function runScript(
  bench: OfficialBench,
  attack: OfficialAttack,
  which: 'bad' | 'good',
  name: string,
  use: (run: ScriptRun) => Promise<void>,
): Promise<void> {
  const script = which === 'bad' ? attack.sh : `${attack.benign}\n/bin/true ${END}\n`;
  if (attack.where === 'host') return onHost(bench, `${name}-${which}`, script, use);
  const args = (which === 'good' ? attack.benignRunArgs : undefined) ?? attack.runArgs ?? [];
  return inContainer(bench, `${name}-${which}`, args, script, use);
}

/** Whether the end marker of a benign run has been judged. */
export async function hasEnded(run: ScriptRun): Promise<true | undefined> {
  return (await run.alertsOf(END_RULE)).length > 0 ? true : undefined;
}
