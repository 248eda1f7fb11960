// `guardcell doctor`: what works on this host, what does not, and how to get it. Needs no running platform.
import type { EnforcementRung, RuntimeReport } from '@guardcell/core';
import { silentLogger } from '@guardcell/kit';
import { openActuators, openInventory, probeKernel } from '@guardcell/sensor';
import { stringify } from 'yaml';
import { type Command, EXIT } from '../../command.ts';
import { OUTPUT_OPTION, outputFormat } from '../../output.ts';

interface Check {
  readonly area: 'kernel' | 'runtime' | 'enforcement';
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint: string;
}

function runtimeCheck(report: RuntimeReport): Check {
  return {
    area: 'runtime',
    name: report.runtime,
    ok: report.connected,
    detail: report.connected ? `${report.version} at ${report.socket}` : report.detail,
    hint: '',
  };
}

function rungCheck(rung: EnforcementRung): Check {
  return {
    area: 'enforcement',
    name: rung.action,
    ok: rung.available,
    detail:
      rung.mechanism === ''
        ? rung.detail
        : `${rung.mechanism}${rung.detail === '' ? '' : `: ${rung.detail}`}`,
    hint: '',
  };
}

async function containerChecks(): Promise<Check[]> {
  const inventory = openInventory({ logger: silentLogger, onChange: () => undefined });
  try {
    await inventory.ready;
    const actuators = openActuators({
      inventory,
      logger: silentLogger,
      protectedPids: [process.pid],
      protectedContainers: [],
    });
    return [...inventory.reports().map(runtimeCheck), ...(await actuators.rungs()).map(rungCheck)];
  } finally {
    inventory.close();
  }
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'say what works on this host and how to get what is missing',
  usage: '',
  options: OUTPUT_OPTION,
  isVerdict: true,
  examples: ['guardcell doctor', 'guardcell doctor -o json'],
  async run(context) {
    const probe = probeKernel();
    const kernel: Check[] = probe.checks.map((check) => ({ area: 'kernel', ...check }));
    const checks = [...kernel, ...(await containerChecks())];
    const format = outputFormat(context);
    if (format === 'table') {
      let area = '';
      for (const check of checks) {
        if (check.area !== area) context.out(`${area === '' ? '' : '\n'}${check.area}\n`);
        area = check.area;
        context.out(`  ${check.ok ? '✔' : '✖'} ${check.name.padEnd(22)} ${check.detail}\n`);
        if (!check.ok && check.hint !== '') context.out(`      → ${check.hint}\n`);
      }
    } else {
      const report = { ok: checks.every((check) => check.ok), checks };
      context.out(
        format === 'yaml'
          ? stringify(report)
          : `${JSON.stringify(report, null, format === 'json' ? 2 : 0)}\n`,
      );
    }
    return probe.ok ? EXIT.ok : EXIT.partial;
  },
};
